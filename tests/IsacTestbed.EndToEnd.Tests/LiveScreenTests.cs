using System.Diagnostics;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>The live display on a real (pseudo-)terminal, by script(1).</summary>
public sealed class LiveScreenTests
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";

    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Run_OnATerminal_DrawsRoundsAndDevicesAndLeavesTheCursorVisible()
    {
        using var scratch = new ScratchFolder();
        (int exitCode, string screen) = await OnTerminalAsync(scratch["run"], interruptBehind: null);
        Assert.Equal(0, exitCode);
        for (int round = 1; round <= 4; round++)
        {
            Assert.Contains($"round {round}/4", screen, StringComparison.Ordinal);
        }

        Assert.Contains("outages", screen, StringComparison.Ordinal);
        Assert.Contains("device-2", screen, StringComparison.Ordinal);
        Assert.Contains("Planned against measured", screen, StringComparison.Ordinal);
        Assert.True(screen.LastIndexOf(ShowCursor, StringComparison.Ordinal) > screen.LastIndexOf(HideCursor, StringComparison.Ordinal));
        Assert.Contains($"Run folder: {scratch["run"]}", screen, StringComparison.Ordinal);
    }

    /// <summary>Ctrl-C as a user types it: the terminal's own interrupt character.</summary>
    [Fact]
    public async Task Run_InterruptedFromTheKeyboard_RestoresTheTerminal()
    {
        using var scratch = new ScratchFolder();
        (int exitCode, string screen) = await OnTerminalAsync(scratch["run"], interruptBehind: "round 1/4");
        Assert.Equal(130, exitCode);
        Assert.True(screen.LastIndexOf(ShowCursor, StringComparison.Ordinal) > screen.LastIndexOf(HideCursor, StringComparison.Ordinal));
        Assert.Contains("--resume", screen, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Screen)> OnTerminalAsync(string folder, string? interruptBehind)
    {
        string isac = Path.Combine(AppContext.BaseDirectory, "isac");
        string command = $"stty cols 120 rows 50; exec '{isac}' run --scenario '{ScratchFolder.SmallScenario}' --method exact --out '{folder}'";
        var start = new ProcessStartInfo("script", ["-qefc", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TERM"] = "xterm-256color";

        // A CI machine's variables would make the program believe that nobody looks.
        start.Environment.Remove("CI");
        using Process process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Watchdog);
        string screen = string.Empty;
        char[] buffer = new char[4096];
        while (await process.StandardOutput.ReadAsync(buffer, limit.Token) is > 0 and var count)
        {
            screen += new string(buffer, 0, count);
            if (interruptBehind is not null && screen.Contains(interruptBehind, StringComparison.Ordinal))
            {
                interruptBehind = null;
                await process.StandardInput.WriteAsync('\u0003');
                await process.StandardInput.FlushAsync(limit.Token);
            }
        }

        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, screen);
    }
}
