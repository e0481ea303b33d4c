using System.CommandLine;

namespace IsacTestbed.Cli;

/// <summary>Options that all commands share.</summary>
internal static class CommandLineOptions
{
    /// <summary>Whether an error shows its stack trace.</summary>
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the stack trace of an error.", Recursive = true };
}
