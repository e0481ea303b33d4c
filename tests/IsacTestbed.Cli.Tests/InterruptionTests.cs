using System.Diagnostics;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>Ctrl-C on commands that have no radios: it says that they stopped and what is kept, and speaks of no transmitters.</summary>
public sealed class InterruptionTests
{
    // A million iterations that no tolerance ends: minutes, unless something stops them.
    private const string LongCase = """
        {
          "pulseLength": 8, "powerWatts": 1.5, "noiseVariance": 0.1, "sensingNoise": [0.2, 0.4, 0.3], "sensingErrorConstant": 0.3,
          "sensingErrorLimit": 0.7, "weights": [[1, 0.5], [0.25, 1], [0.3, 2]],
          "channels": [[[[1, 2], [3, 4]], [[1, 0], [0.5, 1]]], [[[5, 6], [7, 8]], [[1, 0], [0, 1]]], [[[0.5, 1], [2, -1]], [[1, 0.3], [0, 1]]]],
          "tolerance": 1e-40, "maxIterations": 1000000
        }
        """;

    /// <summary>The case comes out of a pipe: its reader has opened it, so that the signal meets the running command, and reads on after it.</summary>
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Plan_Stopped_SaysSoAndNoMore(string signal)
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["case.json"], LongCase);
        using (Process pipe = Process.Start("mkfifo", scratch["pipe.json"]))
        {
            await pipe.WaitForExitAsync();
        }

        await using IsacProcess process = IsacProcess.Start("plan", scratch["pipe.json"], "--method", "refined");
        using Process feeder = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec 3>\"$0\"; echo open; read go; cat \"$1\" >&3", scratch["pipe.json"], scratch["case.json"]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("open", await feeder.StandardOutput.ReadLineAsync());
        await process.SignalAsync(signal);
        await feeder.StandardInput.WriteLineAsync("go");

        Complaint.AssertOneLine(await process.EndAsync(), ExitCodes.Interrupted, "isac: stopped.");
    }

    /// <summary>The folder is there when the computation has begun; nothing of it is left.</summary>
    [Theory]
    [InlineData("", "reproduce", "iscc", "--figure", "2", "--budget", "full")]
    [InlineData("front.svg", "front", "ota-feel-front.yaml", "--points", "60")]
    public async Task LongComputation_Stopped_SaysThatNothingIsWritten(string file, params string[] arguments)
    {
        using var scratch = new ScratchFolder();
        string[] given = [.. arguments.Select(a => a.EndsWith(".yaml", StringComparison.Ordinal) ? Path.Combine(AppContext.BaseDirectory, "scenarios", a) : a)];
        await using IsacProcess process = IsacProcess.Start([.. given, "--out", Path.Combine(scratch["figures"], file)]);
        using var watchdog = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!Directory.Exists(scratch["figures"]))
        {
            await Task.Delay(20, watchdog.Token);
        }

        await process.SignalAsync("INT");
        IsacResult result = await process.EndAsync();

        Assert.Equal("isac: stopped; nothing is written.", result.ErrorLines[^1]);
        Assert.Equal((ExitCodes.Interrupted, string.Empty), (result.ExitCode, result.Output));
        Assert.False(Directory.Exists(scratch["figures"]));
    }
}
