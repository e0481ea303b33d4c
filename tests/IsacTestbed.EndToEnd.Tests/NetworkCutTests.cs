using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>The cable between the controller's host and the radios' is pulled out in the middle of a run.</summary>
[Collection(ReferenceRunCollection.Name)]
public sealed class NetworkCutTests(ReferenceRun reference)
{
    /// <summary>Shorter than the lease: the run waits and goes on, and not a bit of its results differs.</summary>
    [TwoHostsFact]
    public async Task Run_CutForFiveSeconds_GoesOnAndLosesNothing()
    {
        using var scratch = new ScratchFolder();
        await using TwoHosts hosts = TwoHosts.Start();
        (IsacProcess sidecar, string address) = await hosts.StartSidecarAsync("--scenario", ScratchFolder.SmallScenario);
        await using (sidecar)
        {
            await using IsacProcess run = hosts.Start(
                RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"], ["--sidecar", address, .. hosts.Trust]));
            await run.WaitForAsync(l => l.StartsWith("exact round 1", StringComparison.Ordinal));
            hosts.Cut();
            await Task.Delay(TimeSpan.FromSeconds(5));
            hosts.Mend();
            IsacResult result = await run.EndAsync();
            Assert.True(result.ExitCode == 0, result.Error);
        }

        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    /// <summary>Longer than the lease: the radios fall silent by themselves, the controller says why in one line, and the run goes on later.</summary>
    [TwoHostsFact]
    public async Task Run_CutForLongerThanTheLease_MutesEndsInOneLineAndResumes()
    {
        using var scratch = new ScratchFolder();
        await using TwoHosts hosts = TwoHosts.Start();
        string log = scratch["transmissions.jsonl"];
        (IsacProcess sidecar, string address) = await hosts.StartSidecarAsync(
            "--scenario", ScratchFolder.SmallScenario, "--max-lease", "2", "--transmit-log", log);
        await using (sidecar)
        {
            await using (IsacProcess run = hosts.Start(
                RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"], ["--sidecar", address, .. hosts.Trust])))
            {
                await run.WaitForAsync(l => l.StartsWith("exact round 1", StringComparison.Ordinal));
                hosts.Cut();
                IsacResult result = await run.EndAsync();
                Assert.Equal(4, result.ExitCode);
                string line = Assert.Single(result.ErrorLines);
                Assert.Contains("has not answered for 2 s", line, StringComparison.Ordinal);
                Assert.Contains("--resume", line, StringComparison.Ordinal);
            }

            Assert.All(new RunLines(scratch["run"], "exact").Uploads, u => Assert.Equal(Verdict.Valid, u.Upload.Verdict));
            hosts.Mend();
            await using IsacProcess resumed = hosts.Start(["run", "--plain", "--resume", scratch["run"], "--sidecar", address, .. hosts.Trust]);
            IsacResult end = await resumed.EndAsync();
            Assert.True(end.ExitCode == 0, end.Error);
        }

        RunFiles.AssertSame(reference.Folder, scratch["run"]);
        Assert.Equal(0, File.ReadLines(log).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("event").GetString()).Sum(e => e switch
        {
            "begin" => 1,
            "end" => -1,
            _ => 0,
        }));
    }
}
