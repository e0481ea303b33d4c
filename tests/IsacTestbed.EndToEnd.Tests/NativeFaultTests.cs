using IsacTestbed.Cli.Documents;
using IsacTestbed.Control.Scheduling;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>
/// Faults of a device behind libSoapySDR, through the sidecar and the whole loop: the verdict, that nothing else is touched, that no outage is counted, and
/// how the run goes on.
/// </summary>
[Collection(ReferenceRunCollection.Name)]
public sealed class NativeFaultTests(ReferenceRun reference)
{
    private const string Method = "uniform";
    private const string First = "device-1";
    private const string Second = "device-2";
    private const int Frame = 4;
    private const int Frames = 3;

    private static readonly string[] Radios = [First, Second, "server"];

    private readonly Scenario _scenario = Scenario.Read(DocumentFile.Read(ScratchFolder.SmallScenario));

    /// <summary>A fault of every kind in one run, each in frames or an upload of its own.</summary>
    [SoapyChainFact]
    public async Task Run_FaultsOfEveryKind_AreTheVerdictsOfWhatTheyTouchAndOfNothingElse()
    {
        using var scratch = new ScratchFolder();
        var calendar = new AirCalendar(_scenario);
        long frames = Frames * calendar.DwellTicks;
        await using SoapyChain chain = await SoapyChain.StartAsync(
            ScratchFolder.SmallScenario,
            Radios,
            $"{First}=overflow@{calendar.FrameTick(0, Frame)}+{frames}",
            $"{First}=all-zero@{calendar.FrameTick(1, Frame)}+{frames}",
            $"{First}=late@{calendar.FrameTick(2, Frame)}",
            $"{First}=underflow@{calendar.FrameTick(3, Frame) + 10}",
            $"{Second}=lost-reference@0+{calendar.RoundTick(_scenario.Rounds)}",
            $"server=overflow@{calendar.SlotTick(0, 0)}+{calendar.SlotTicks}",
            $"server=all-zero@{calendar.SlotTick(1, 0)}+{calendar.SlotTicks}",
            $"{First}=late@{calendar.SlotTick(2, 0)}",
            $"{First}=underflow@{calendar.SlotTick(3, 0) + UploadScheduler.GuardTicks + 100}");
        await RunAsync(scratch["run"], chain, 0);

        RunLines run = new(scratch["run"], Method), healthy = new(reference.Folder, Method);
        (int Round, string Device, int Frame, Verdict Verdict, string Reason)[] dropped =
        [
            .. run.Sensed.Where(m => m.Frame.Verdict != Verdict.Valid)
                .Select(m => (m.Round, m.Frame.DeviceId, m.Frame.Frame, m.Frame.Verdict, m.Frame.Reason)),
        ];
        Assert.Equal(
            [
                .. Enumerable.Range(Frame, Frames).Select(f => (0, First, f, Verdict.Inconclusive, "receiver: Overflow")),
                .. Enumerable.Range(Frame, Frames).Select(f => (1, First, f, Verdict.Faulted, "receiver: AllZero")),
                (2, First, Frame, Verdict.Inconclusive, "transmitter: Late"),
                (3, First, Frame, Verdict.Inconclusive, "transmitter: Underflow"),
            ],
            dropped.Where(d => d.Device == First));

        // A radio without its reference measures nothing that could be trusted, in any round; so it has nothing to learn from, and nothing to send.
        Assert.Equal(
            run.Sensed.Where(m => m.Frame.DeviceId == Second).Select(m => (m.Round, Second, m.Frame.Frame, Verdict.Inconclusive, "receiver: Unlocked")),
            dropped.Where(d => d.Device == Second));
        Assert.DoesNotContain(run.Uploads, u => u.Upload.DeviceId == Second);

        (int Round, string Device, Verdict Verdict, string Reason)[] uploads =
        [
            .. run.Uploads.Where(u => u.Upload.Verdict != Verdict.Valid).Select(u => (u.Round, u.Upload.DeviceId, u.Upload.Verdict, u.Upload.Reason)),
        ];
        Assert.Equal(
            [
                (0, First, Verdict.Inconclusive, "receiver: Overflow"),
                (1, First, Verdict.Faulted, "receiver: AllZero"),
                (2, First, Verdict.Inconclusive, "transmitter: Late"),
                (3, First, Verdict.Inconclusive, "transmitter: Underflow"),
            ],
            uploads);
        Assert.All(run.Uploads.Where(u => u.Upload.Verdict != Verdict.Valid), u => Assert.False(u.Upload.IsOutage || u.Upload.Succeeded));

        // Before the first frame that a fault touches, nothing differs from a run without faults on emulated radios, but for the rounding on the way in.
        foreach (((int round, SensingMeasurement own), (_, SensingMeasurement other)) in run.Sensed.Zip(healthy.Sensed).Take(Frame))
        {
            Assert.Equal((0, other with { SensingSnr = 0 }), (round, own with { SensingSnr = 0 }));
            Assert.Equal(other.SensingSnr, own.SensingSnr, 1e-3 * (1 + Math.Abs(other.SensingSnr)));
        }
    }

    /// <summary>A device that dies is one line with its name; a new sidecar and the command of that line bring the run to the same end.</summary>
    [SoapyChainFact]
    public async Task Run_DeviceDies_EndsInOneLineWithItsNameAndResumes()
    {
        using var scratch = new ScratchFolder();
        var calendar = new AirCalendar(_scenario);
        await using (SoapyChain chain = await SoapyChain.StartAsync(
            ScratchFolder.SmallScenario, Radios, $"{Second}=dead@{calendar.FrameTick(2, Frame)}"))
        {
            IsacResult result = await RunAsync(scratch["run"], chain, 4);
            string line = Assert.Single(result.ErrorLines);
            Assert.Contains(Second, line, StringComparison.Ordinal);
            Assert.Contains("--resume", line, StringComparison.Ordinal);
            Assert.Equal(2, new RunLines(scratch["run"], Method).Rounds.Length);
            Assert.All(new RunLines(scratch["run"], Method).Uploads, u => Assert.Equal(Verdict.Valid, u.Upload.Verdict));
        }

        await using SoapyChain repaired = await SoapyChain.StartAsync(ScratchFolder.SmallScenario, Radios);
        await ResumeAsync(scratch["run"], repaired);
        AssertAsHealthy(scratch["run"]);
    }

    /// <summary>A sidecar that is killed under the run: one line, and a new one on the same radios brings the run to the same end.</summary>
    [SoapyChainFact]
    public async Task Run_SidecarKilledAndRestarted_EndsInOneLineAndResumesOnTheSameRadios()
    {
        using var scratch = new ScratchFolder();
        await using SoapyChain chain = await SoapyChain.StartAsync(ScratchFolder.SmallScenario, Radios);
        await using (IsacProcess run = IsacProcess.Start(Arguments(scratch["run"], chain)))
        {
            await run.WaitForAsync(l => l.StartsWith($"{Method} round 1", StringComparison.Ordinal));
            await chain.Sidecar.KillAsync();
            IsacResult result = await run.EndAsync();
            Assert.Equal(4, result.ExitCode);
            Assert.Contains("--resume", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }

        await chain.Sidecar.DisposeAsync();
        await chain.StartSidecarAsync();
        await ResumeAsync(scratch["run"], chain);
        AssertAsHealthy(scratch["run"]);
    }

    private static string[] Arguments(string folder, SoapyChain chain) =>
        ["run", "--plain", "--scenario", ScratchFolder.SmallScenario, "--out", folder, "--method", Method, "--sidecar", chain.Address];

    private static async Task<IsacResult> RunAsync(string folder, SoapyChain chain, int exitCode)
    {
        IsacResult result = await IsacProcess.RunAsync(Arguments(folder, chain));
        Assert.True(result.ExitCode == exitCode, $"exit code {result.ExitCode}: {result.Error}");
        return result;
    }

    private static async Task ResumeAsync(string folder, SoapyChain chain)
    {
        IsacResult resumed = await IsacProcess.RunAsync("run", "--plain", "--resume", folder, "--sidecar", chain.Address);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
    }

    private void AssertAsHealthy(string folder)
    {
        RunLines run = new(folder, Method), healthy = new(reference.Folder, Method);
        Assert.Equal(
            healthy.Sensed.Select(m => (m.Round, m.Frame with { SensingSnr = 0 })), run.Sensed.Select(m => (m.Round, m.Frame with { SensingSnr = 0 })));
        Assert.Equal(
            healthy.Uploads.Select(m => (m.Round, m.Upload with { UplinkSnr = 0 })), run.Uploads.Select(m => (m.Round, m.Upload with { UplinkSnr = 0 })));
    }
}
