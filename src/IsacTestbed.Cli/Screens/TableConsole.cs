using Spectre.Console;

namespace IsacTestbed.Cli.Screens;

/// <summary>The console for the tables at the end of a run.</summary>
internal static class TableConsole
{
    private const int WideConsole = 150;

    /// <summary>Standard output; a file or a pipe has no colours and no width of its own.</summary>
    public static IAnsiConsole Create()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Width = WideConsole;
        }

        return AnsiConsole.Console;
    }
}
