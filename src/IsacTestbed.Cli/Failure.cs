using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using IsacTestbed.Core;
using IsacTestbed.Lab;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli;

/// <summary>Turns what went wrong into one line on standard error and an exit code.</summary>
internal static partial class Failure
{
    /// <summary>Reports an exception.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="verbose">Whether to show where.</param>
    /// <param name="interrupted">Whether the user asked to stop, so that what failed after it is no news.</param>
    public static int Report(Exception exception, bool verbose, bool interrupted)
    {
        if (verbose)
        {
            Console.Error.WriteLine(exception);
        }

        // Only a run has transmitters.
        string goOn = string.Empty, muted = string.Empty;
        if (exception is RunStoppedException stopped)
        {
            goOn = $" Continue with: {stopped.Remedy}";
            muted = "; transmitters are muted";
            exception = stopped.InnerException!;
        }

        if (interrupted)
        {
            Console.Error.WriteLine($"isac: stopped{muted}.{goOn}");
            return ExitCodes.Interrupted;
        }

        (int code, string message) = exception switch
        {
            ConfigurationException e => (ExitCodes.InvalidInput, e.Message),
            RadioException e => (ExitCodes.RadioFault, e.Message),
            InstrumentException e => (ExitCodes.RadioFault, e.Message),
            OutputException e => (ExitCodes.InternalError, e.Message),
            _ => (ExitCodes.InternalError, $"{exception.GetType().Name}: {exception.Message} Run again with --verbose and report it."),
        };
        message = LineBreaks().Replace(message, " ").TrimEnd();
        string end = goOn.Length == 0 || message.EndsWith('.') ? string.Empty : ".";
        Console.Error.WriteLine($"isac: {message}{end}{goOn}");
        return code;
    }

    /// <summary>Reports a command line that cannot be understood.</summary>
    /// <param name="parsed">The command line, with errors.</param>
    public static int ReportUsage(ParseResult parsed)
    {
        // A word that nobody knows explains more than what is missing because of it.
        string message = parsed.UnmatchedTokens is [var unknown, ..] ? $"Unknown command or option '{unknown}'." : parsed.Errors[0].Message;
        message = TypeNames().Replace(LineBreaks().Replace(message, " "), type => $"; {Expected(type.Groups[1].Value)} is expected");
        message = Choices().Replace(message, found =>
            $"{NameOf(parsed.Errors[0].SymbolResult)}: found {found.Groups[1].Value}; it must be one of {string.Join(", ", found.Groups[2].Captures.Select(c => c.Value))}.");
        string command = string.Join(' ', Words(parsed.CommandResult).Reverse());
        Console.Error.WriteLine($"isac: {message} Try {command} --help.");
        return ExitCodes.InvalidInput;
    }

    // The parser names the value, but not what it was given for.
    private static string NameOf(SymbolResult? result) => result switch
    {
        OptionResult option => option.Option.Name,
        ArgumentResult { Parent: OptionResult option } => option.Option.Name,
        ArgumentResult argument => argument.Argument.Name,
        _ => "the command line",
    };

    private static IEnumerable<string> Words(CommandResult result)
    {
        for (CommandResult? command = result; command is not null; command = command.Parent as CommandResult)
        {
            yield return command.Command is RootCommand ? "isac" : command.Command.Name;
        }
    }

    // The parser names .NET types.
    private static string Expected(string type) =>
        type.Contains("UInt64", StringComparison.Ordinal) ? $"a whole number from 0 to {ulong.MaxValue}"
        : type.Contains("Int32", StringComparison.Ordinal) ? $"a whole number up to {int.MaxValue}"
        : type.Contains("Double", StringComparison.Ordinal) ? "a number"
        : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
        : "another value";

    [GeneratedRegex(@" as expected type '([^']*)'")]
    private static partial Regex TypeNames();

    [GeneratedRegex(@"^Argument '(.*)' not recognized\. Must be one of:(?:\s*'([^']*)')+\s*$")]
    private static partial Regex Choices();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();
}
