using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli;

/// <summary>Turns what went wrong into one line on standard error and an exit code.</summary>
internal static class Failure
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

        if (interrupted)
        {
            Console.Error.WriteLine("isac: stopped; transmitters are muted.");
            return ExitCodes.Interrupted;
        }

        (int code, string message) = exception switch
        {
            ConfigurationException e => (ExitCodes.InvalidInput, e.Message),
            RadioException e => (ExitCodes.RadioFault, e.Message),
            _ => (ExitCodes.InternalError, $"{exception.GetType().Name}: {exception.Message} Run again with --verbose and report it."),
        };
        Console.Error.WriteLine($"isac: {message.ReplaceLineEndings(" ")}");
        return code;
    }
}
