using System.CommandLine;
using System.CommandLine.Parsing;

namespace IsacTestbed.Cli;

/// <summary>Options that all commands share.</summary>
internal static class CommandLineOptions
{
    /// <summary>Whether an error shows its stack trace.</summary>
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the stack trace of an error.", Recursive = true };

    /// <summary>
    /// The text given for an option, for validators of a command: null where it was not given, has no value or stands more than once. Those
    /// run before the options' own checks, so that a value that cannot be had must be no fault here; the parser complains about it then.
    /// </summary>
    public static string? TextOf(this CommandResult result, Option option) => result.GetResult(option) is { Tokens: [var only] } ? only.Value : null;
}
