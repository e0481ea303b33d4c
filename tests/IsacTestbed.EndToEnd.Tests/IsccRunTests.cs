using System.Globalization;
using System.Text.Json;
using IsacTestbed.Cli;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>One run of the small iscc scenario through its own sidecar process, made once.</summary>
public sealed class IsccRun : IAsyncLifetime, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    /// <summary>Its folder.</summary>
    public string Folder => _scratch["run"];

    /// <summary>How it ended.</summary>
    internal IsacResult Result { get; private set; } = new(-1, string.Empty, string.Empty);

    public async Task InitializeAsync()
    {
        Result = await IsacProcess.RunAsync(Arguments(Folder));
        Assert.True(Result.ExitCode == ExitCodes.Success, Result.Error);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _scratch.Dispose();

    internal static string[] Arguments(string folder) =>
        ["run", "--plain", "--scenario", ScratchFolder.IsccScenario, "--method", "refined", "--method", "full-local", "--out", folder];
}

/// <summary>Plans of iscc, executed by real processes: what is printed, recorded, and found again after a kill.</summary>
public sealed class IsccRunTests(IsccRun run) : IClassFixture<IsccRun>
{
    private static readonly string[] Logs = ["rounds.jsonl", "comparisons.jsonl", "progress.json"];

    [Fact]
    public void Run_PrintsRoundsAndTheTable()
    {
        string[] lines = run.Result.Output.Split('\n');
        Assert.Contains("refined: 2 rounds", lines);
        Assert.Equal(2, lines.Count(l => l.StartsWith("refined round ", StringComparison.Ordinal)));
        Assert.Contains(lines, l => l.Contains("Predicted against measured", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("communication SINR (7)", StringComparison.Ordinal) && l.Contains("user-1", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_RecordsEveryFigureOnALine()
    {
        Comparison[] all = [.. File.ReadLines(Path.Combine(run.Folder, "refined", "comparisons.jsonl")).Select(l => JsonSerializer.Deserialize(l, RecordJson.Default.Comparison)!)];
        Assert.Equal([0, 1], all.Select(c => c.Round).Distinct());
        Assert.Equal(["user-1", "user-2", "all users"], all.Select(c => c.Subject).Distinct());
        Assert.All(all, c => Assert.Equal((Verdict.Valid, string.Empty), (c.Verdict, c.Reason)));
        foreach (Comparison c in all.Where(c => c.Quantity == "communication SINR (7)"))
        {
            // Pilots of 1024 symbols at -25 dB and 6,000 payload symbols: a few per cent; 1 dB is no agreement by chance.
            Assert.InRange(c.Measured!.Value / c.Predicted, 0.8, 1.25);
            Assert.InRange(c.Measured.Value, c.Lower!.Value, c.Upper!.Value);
        }

        Assert.All(all.Where(c => c.Quantity == "bits offloaded"), c => Assert.InRange(c.Measured!.Value - c.Predicted, 0, 8));
    }

    [Theory]
    [InlineData("refined round 1")]
    [InlineData("full-local round 2")]
    public async Task Run_KilledAndResumed_GivesTheSameBytes(string line)
    {
        using var scratch = new ScratchFolder();
        await using (IsacProcess process = IsacProcess.Start(IsccRun.Arguments(scratch["run"])))
        {
            await process.WaitForAsync(l => l.StartsWith(line, StringComparison.Ordinal));
            await process.KillAsync();
        }

        IsacResult resumed = await IsacProcess.RunAsync("run", "--plain", "--resume", scratch["run"]);
        Assert.True(resumed.ExitCode == ExitCodes.Success, resumed.Error);
        foreach (string file in Logs.SelectMany(l => (string[])[Path.Combine("refined", l), Path.Combine("full-local", l)]).Append("summary.json"))
        {
            AssertSameBytes(Path.Combine(run.Folder, file), Path.Combine(scratch["run"], file));
        }
    }

    [Fact]
    public async Task Run_Interrupted_SaysHowToGoOn()
    {
        using var scratch = new ScratchFolder();

        // So many rounds that the run cannot end before the signal reaches it, however late that is.
        await using IsacProcess process = IsacProcess.Start([.. IsccRun.Arguments(scratch["run"]), "--rounds", "10000"]);
        await process.WaitForAsync(l => l.StartsWith("refined round 1", StringComparison.Ordinal));
        await process.SignalAsync("INT");
        IsacResult result = await process.EndAsync();
        Assert.Equal(ExitCodes.Interrupted, result.ExitCode);
        Assert.Contains($"isac run --resume {scratch["run"]}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sidecar_OfTheFamily_ServesARunThatPrintsJson()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess sidecar = IsacProcess.Start("sidecar", "--backend", "emulated", "--scenario", ScratchFolder.IsccScenario, "--listen", "127.0.0.1:0");
        string line = await sidecar.WaitForAsync(l => l.Contains("radios at", StringComparison.Ordinal));
        Assert.StartsWith("3 emulated radios", line, StringComparison.Ordinal);
        IsacResult result = await IsacProcess.RunAsync(
            [.. IsccRun.Arguments(scratch["run"]), "--output", "json", "--sidecar", new Uri(line.Split(' ')[^1]).Authority]);
        Assert.Equal((ExitCodes.Success, string.Empty), (result.ExitCode, result.Error));
        ArrayRunSummary printed = JsonSerializer.Deserialize(result.Output, RecordJson.Default.ArrayRunSummary)!;
        Assert.Equal(("iscc", "iscc-small"), (printed.Family, printed.Name));
        AssertSameBytes(Path.Combine(run.Folder, "summary.json"), Path.Combine(scratch["run"], "summary.json"));
    }

    [Fact]
    public async Task Run_WithoutAnyPlan_EndsAsInfeasible()
    {
        using var scratch = new ScratchFolder();
        string scenario = scratch.Changed(ScratchFolder.IsccScenario, ("sensingSinrThresholdDb: -6", "sensingSinrThresholdDb: 40"));
        IsacResult result = await IsacProcess.RunAsync("run", "--plain", "--scenario", scenario, "--rounds", "1", "--method", "refined", "--out", scratch["run"]);
        Assert.Equal(ExitCodes.Infeasible, result.ExitCode);
        Assert.Contains("no plan", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Ofdma_SendsEveryUserInItsOwnBand()
    {
        // Slots twice as long: in a third of the band a packet's header alone takes most of a slot of 4096 samples.
        using var scratch = new ScratchFolder();
        string scenario = scratch.Changed(ScratchFolder.IsccScenario, ("slotSamples: 4096", "slotSamples: 8192"));
        IsacResult result = await IsacProcess.RunAsync("run", "--plain", "--scenario", scenario, "--method", "ofdma", "--out", scratch["run"]);
        Assert.True(result.ExitCode == ExitCodes.Success, result.Error);
        Assert.Contains("ofdma: 2 rounds", result.Output, StringComparison.Ordinal);
        Comparison[] all = [.. File.ReadLines(Path.Combine(scratch["run"], "ofdma", "comparisons.jsonl")).Select(l => JsonSerializer.Deserialize(l, RecordJson.Default.Comparison)!)];
        Assert.All(all, c => Assert.Equal((Verdict.Valid, string.Empty), (c.Verdict, c.Reason)));
        Comparison[] ratios = [.. all.Where(c => c.Quantity is "communication SINR (7), noise of the sub-band" or "sensing SINR (8), noise of the sub-band")];
        Assert.Equal(8, ratios.Length);
        Assert.All(ratios, c =>
        {
            // As above: a few per cent each, and (7) and (8) as printed are at least a third below.
            Assert.InRange(c.Measured!.Value / c.Predicted, 0.75, 1.33);
            Comparison printed = all.Single(o => o.Round == c.Round && o.Subject == c.Subject && o.Quantity + ", noise of the sub-band" == c.Quantity);
            Assert.True(printed.Predicted < 0.8 * c.Measured.Value, $"{printed.Predicted} as printed, {c.Measured} measured");
        });
        Assert.All(all.Where(c => c.Quantity == "bits offloaded"), c => Assert.InRange(c.Measured!.Value - c.Predicted, 0, 8));
    }

    private static void AssertSameBytes(string expected, string actual) => Assert.True(
        File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(actual)), string.Create(CultureInfo.InvariantCulture, $"{actual} differs from {expected}"));
}
