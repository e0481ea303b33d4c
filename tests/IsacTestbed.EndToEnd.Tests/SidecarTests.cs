using System.Text.Json;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>A sidecar in a process of its own, that the user started.</summary>
[Collection(ReferenceRunCollection.Name)]
public sealed class SidecarTests(ReferenceRun reference)
{
    [Fact]
    public async Task Run_OnAStartedSidecar_GivesTheBytesOfItsOwn()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess sidecar = StartSidecar(ScratchFolder.SmallScenario);
        string address = await AddressAsync(sidecar);

        // Twice, so that the second controller meets a clock that has run far past the calendar.
        foreach (string folder in (string[])["first", "second"])
        {
            IsacResult result = await IsacProcess.RunAsync(RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch[folder], "--sidecar", address));
            Assert.True(result.ExitCode == 0, result.Error);
            RunFiles.AssertSame(reference.Folder, scratch[folder]);
        }

        await sidecar.SignalAsync("INT");
        IsacResult end = await sidecar.EndAsync();
        Assert.Equal(0, end.ExitCode);
        Assert.Empty(end.Error);
    }

    /// <summary>
    /// In real time the samples are the same function of tick and schedule: what comes in time measures what the virtual clock measured, bit for bit, and
    /// what does not is dropped with its reason.
    /// </summary>
    [Fact]
    public async Task Run_OnAPacedSidecar_MeasuresTheSameOrSaysWhyNot()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess sidecar = StartSidecar(ScratchFolder.SmallScenario, "--paced");
        IsacResult result = await IsacProcess.RunAsync(
            "run", "--plain", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"], "--method", "exact", "--sidecar", await AddressAsync(sidecar));
        Assert.True(result.ExitCode == 0, result.Error);

        SensingMeasurement[] paced = FirstRound(scratch["run"]), virtually = FirstRound(reference.Folder);
        Assert.Equal(virtually.Length, paced.Length);
        for (int i = 0; i < paced.Length; i++)
        {
            if (paced[i].Verdict == Verdict.Valid)
            {
                Assert.Equal(virtually[i], paced[i]);
            }
            else
            {
                Assert.Matches("Late|Overflow|missing", paced[i].Reason);
            }
        }

        Assert.Contains(paced, m => m.Verdict == Verdict.Valid);
    }

    [Fact]
    public async Task Run_WhileAnotherHoldsTheRadios_IsToldWho()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess sidecar = StartSidecar(ScratchFolder.SmallScenario);
        string address = await AddressAsync(sidecar);
        await using IsacProcess holder = IsacProcess.Start(
            RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["holder"], "--sidecar", address, "--rounds", "4"));
        await holder.WaitForAsync(l => l.StartsWith("exact round 1", StringComparison.Ordinal));

        // Stopped, it keeps its lease until that runs out.
        await holder.SignalAsync("STOP");
        IsacResult second = await IsacProcess.RunAsync(RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["second"], "--sidecar", address));
        await holder.SignalAsync("CONT");

        Assert.Equal(4, second.ExitCode);
        Assert.Contains($"process {holder.Id}", Assert.Single(second.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(0, (await holder.EndAsync()).ExitCode);
        RunFiles.AssertSame(reference.Folder, scratch["holder"]);
    }

    [Fact]
    public async Task Run_WhoseSidecarIsKilled_EndsInOneLineAndResumes()
    {
        using var scratch = new ScratchFolder();
        await using (IsacProcess sidecar = StartSidecar(ScratchFolder.SmallScenario))
        {
            await using IsacProcess run = IsacProcess.Start(
                RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"], "--sidecar", await AddressAsync(sidecar)));
            await run.WaitForAsync(l => l.StartsWith("exact round 2", StringComparison.Ordinal));
            await sidecar.KillAsync();
            IsacResult result = await run.EndAsync();
            Assert.Equal(4, result.ExitCode);
            Assert.Single(result.ErrorLines);
        }

        IsacResult resumed = await IsacProcess.RunAsync("run", "--plain", "--resume", scratch["run"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    [Fact]
    public async Task Run_OfAnotherScenarioThanTheSidecars_IsRefused()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess sidecar = StartSidecar(ScratchFolder.SmallScenario);
        IsacResult result = await IsacProcess.RunAsync(
            RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"], "--sidecar", await AddressAsync(sidecar), "--seed", "8"));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("scenario", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    private static SensingMeasurement[] FirstRound(string folder) =>
    [
        .. File.ReadLines(Path.Combine(folder, "exact", "measurements.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("round").GetInt32() == 0 && line.TryGetProperty("sensing", out _))
            .Select(line => line.GetProperty("sensing").Deserialize(RecordJson.Default.SensingMeasurement)!),
    ];

    private static IsacProcess StartSidecar(string scenario, params string[] more) =>
        IsacProcess.Start(["sidecar", "--scenario", scenario, "--listen", "127.0.0.1:0", .. more]);

    private static async Task<string> AddressAsync(IsacProcess sidecar)
    {
        string line = await sidecar.WaitForAsync(l => l.Contains("http://", StringComparison.Ordinal));
        return new Uri(line.Split(' ')[^1]).Authority;
    }
}
