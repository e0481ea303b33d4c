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

    private static IsacProcess StartSidecar(string scenario, params string[] more) =>
        IsacProcess.Start(["sidecar", "--scenario", scenario, "--listen", "127.0.0.1:0", .. more]);

    private static async Task<string> AddressAsync(IsacProcess sidecar)
    {
        string line = await sidecar.WaitForAsync(l => l.Contains("http://", StringComparison.Ordinal));
        return new Uri(line.Split(' ')[^1]).Authority;
    }
}
