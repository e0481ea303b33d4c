using IsacTestbed.Control.Records;
using IsacTestbed.Control.Scheduling;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>Verdicts protect the science: what a fault touches is dropped, is never an outage, and never enters an estimate.</summary>
[Collection(ReferenceRunCollection.Name)]
public sealed class FaultTests(ReferenceRun reference)
{
    private const string Method = "uniform";
    private const string Hit = "device-1";
    private const int Round = 1;
    private const int FirstFrame = 4;
    private const int Frames = 3;

    [Theory]
    [InlineData(InjectedFaultKind.Overflow, Verdict.Inconclusive, "Overflow")]
    [InlineData(InjectedFaultKind.LostReference, Verdict.Inconclusive, "Unlocked")]
    [InlineData(InjectedFaultKind.Clipping, Verdict.Inconclusive, "Clipped")]
    [InlineData(InjectedFaultKind.Stuck, Verdict.Faulted, "AllZero")]
    public async Task Loop_ReceiverFaultDuringFrames_DropsThoseFramesOnly(InjectedFaultKind kind, Verdict verdict, string reason)
    {
        using var scratch = new ScratchFolder();
        await using FaultyBench bench = await FaultyBench.StartAsync();
        await bench.InjectAsync(Hit, kind, bench.Calendar.FrameTick(Round, FirstFrame), Frames * bench.Calendar.DwellTicks);
        RunSummary summary = await bench.RunAsync(scratch["run"], Method);

        (int Round, SensingMeasurement Frame)[] dropped = [.. Recorded(scratch["run"]).Sensed.Where(m => m.Frame.Verdict != Verdict.Valid)];
        Assert.Equal(Enumerable.Range(FirstFrame, Frames), dropped.Select(d => d.Frame.Frame));
        Assert.All(dropped, d =>
        {
            Assert.Equal((Round, Hit, verdict, 0.0), (d.Round, d.Frame.DeviceId, d.Frame.Verdict, d.Frame.SensingSnr));
            Assert.Contains(reason, d.Frame.Reason, StringComparison.Ordinal);
            Assert.StartsWith("receiver", d.Frame.Reason, StringComparison.Ordinal);
        });
        Assert.Equal(Frames, summary.Methods[0].Devices[0].InvalidMeasurements);
        Assert.Equal(0, summary.Methods[0].Devices[1].InvalidMeasurements);
    }

    /// <summary>Had a saturated or an empty frame entered an estimate or the data, these two runs would go on differently.</summary>
    [Fact]
    public async Task Loop_DifferentFaultsOnTheSameFrames_GoOnAlike()
    {
        using var scratch = new ScratchFolder();
        foreach (InjectedFaultKind kind in (InjectedFaultKind[])[InjectedFaultKind.Overflow, InjectedFaultKind.Clipping, InjectedFaultKind.Stuck])
        {
            await using FaultyBench bench = await FaultyBench.StartAsync();
            await bench.InjectAsync(Hit, kind, bench.Calendar.FrameTick(Round, FirstFrame), Frames * bench.Calendar.DwellTicks);
            await bench.RunAsync(scratch[kind.ToString()], Method);
        }

        string[] runs = [.. Directory.GetDirectories(scratch[string.Empty]).Select(r => File.ReadAllText(Path.Combine(r, Method, "rounds.jsonl")))];
        Assert.Equal(3, runs.Length);
        Assert.Single(runs.Distinct());
    }

    [Theory]
    [InlineData(InjectedFaultKind.LateCommand, "Late")]
    [InlineData(InjectedFaultKind.Underflow, "Underflow")]
    public async Task Loop_TransmitterFaultInAFrame_DropsThatFrameOnly(InjectedFaultKind kind, string reason)
    {
        using var scratch = new ScratchFolder();
        await using FaultyBench bench = await FaultyBench.StartAsync();
        await bench.InjectAsync(Hit, kind, bench.Calendar.FrameTick(Round, FirstFrame));
        await bench.RunAsync(scratch["run"], Method);

        (int round, SensingMeasurement frame) = Assert.Single(Recorded(scratch["run"]).Sensed, m => m.Frame.Verdict != Verdict.Valid);
        Assert.Equal((Round, Hit, FirstFrame, Verdict.Inconclusive), (round, frame.DeviceId, frame.Frame, frame.Verdict));
        Assert.Equal($"transmitter: {reason}", frame.Reason);
    }

    [Theory]
    [InlineData("server", InjectedFaultKind.Overflow, Verdict.Inconclusive)]
    [InlineData("server", InjectedFaultKind.LostReference, Verdict.Inconclusive)]
    [InlineData("server", InjectedFaultKind.Clipping, Verdict.Inconclusive)]
    [InlineData("server", InjectedFaultKind.Stuck, Verdict.Faulted)]
    [InlineData(Hit, InjectedFaultKind.LateCommand, Verdict.Inconclusive)]
    [InlineData(Hit, InjectedFaultKind.Underflow, Verdict.Inconclusive)]
    public async Task Loop_FaultDuringAnUpload_IsNoOutage(string radio, InjectedFaultKind kind, Verdict verdict)
    {
        using var scratch = new ScratchFolder();
        await using FaultyBench bench = await FaultyBench.StartAsync();
        bool transmitter = radio == Hit;

        // An underflow strikes the packet that is on the air at its tick: the first one, right behind its guard.
        long tick = bench.Calendar.SlotTick(Round, 0) + (kind == InjectedFaultKind.Underflow ? UploadScheduler.GuardTicks + 100 : 0);
        await bench.InjectAsync(radio, kind, tick, transmitter ? 1 : bench.Calendar.SlotTicks);
        RunSummary summary = await bench.RunAsync(scratch["run"], Method);

        (int round, UploadMeasurement upload) = Assert.Single(Recorded(scratch["run"]).Uploads, m => m.Upload.Verdict != Verdict.Valid);
        Assert.Equal((Round, Hit, verdict), (round, upload.DeviceId, upload.Verdict));
        Assert.False(upload.IsOutage);
        Assert.False(upload.Succeeded);
        Assert.StartsWith(transmitter ? "transmitter" : "receiver", upload.Reason, StringComparison.Ordinal);
        UploadMeasurement[] valid = [.. Recorded(scratch["run"]).Uploads.Select(u => u.Upload).Where(u => u.DeviceId == Hit && u.Verdict == Verdict.Valid)];
        Assert.Equal(valid.Average(u => u.Succeeded ? 1.0 : 0.0), summary.Methods[0].Devices[0].MeasuredUploadSuccess);
    }

    /// <summary>A receiver that is never fit teaches nothing: every estimate stays exactly where the scenario put it.</summary>
    [Fact]
    public async Task Loop_FaultsThroughout_LeaveCalibrationAtThePrior()
    {
        using var scratch = new ScratchFolder();
        await using FaultyBench bench = await FaultyBench.StartAsync();
        long start = bench.Calendar.RoundTick(0), ticks = bench.Scenario.Rounds * bench.Calendar.RoundTicks;
        await bench.InjectAsync(Hit, InjectedFaultKind.Overflow, start, ticks);
        await bench.InjectAsync("server", InjectedFaultKind.Clipping, start, ticks);
        RunSummary summary = await bench.RunAsync(scratch["run"], Method);

        RoundRecord[] rounds = Recorded(scratch["run"]).Rounds;
        Assert.Equal(bench.Scenario.Rounds, rounds.Length);
        Assert.All(rounds, round =>
        {
            Assert.Equal((0, 0.0, 0.0), (round.Arrived, round.GapDb, round.Devices[0].SensingGain.GainDb));
            Assert.All(round.Devices, d => Assert.Equal(0.0, d.UplinkGain.GainDb));
            Assert.Null(round.Devices[0].MeasuredSensingSnr);

            // Without a single fit frame the device has nothing to learn from, and so nothing to send.
            Assert.Null(round.Devices[0].UploadVerdict);
            Assert.Equal(Verdict.Inconclusive, round.Devices[1].UploadVerdict);
            Assert.Equal(rounds[0].Accuracy, round.Accuracy);
        });
        Assert.All(summary.Methods[0].Devices, d => Assert.Null(d.MeasuredUploadSuccess));
        Assert.NotEqual(0.0, rounds[^1].Devices[1].SensingGain.GainDb);
    }

    /// <summary>A radio that is to die in a later round serves the rounds before it whole, and what they recorded is what a healthy run records.</summary>
    [Fact]
    public async Task Loop_RadioDiesInALaterRound_KeepsTheRoundsBefore()
    {
        using var scratch = new ScratchFolder();
        await using (FaultyBench healthy = await FaultyBench.StartAsync())
        {
            await healthy.RunAsync(scratch["healthy"], Method);
        }

        await using FaultyBench bench = await FaultyBench.StartAsync();
        await bench.InjectAsync(Hit, InjectedFaultKind.Dead, bench.Calendar.FrameTick(2, FirstFrame));
        RadioException exception = await Assert.ThrowsAsync<RadioException>(() => bench.RunAsync(scratch["run"], Method));
        Assert.Equal((RadioFaultCode.Dead, Hit), (exception.Code, exception.RadioId));
        string[] rounds = await File.ReadAllLinesAsync(Path.Combine(scratch["run"], Method, "rounds.jsonl"));
        Assert.Equal((await File.ReadAllLinesAsync(Path.Combine(scratch["healthy"], Method, "rounds.jsonl"))).Take(2), rounds);
    }

    /// <summary>A slow radio costs time and nothing else.</summary>
    [Fact]
    public async Task Loop_SlowRadio_ChangesNoBit()
    {
        using var scratch = new ScratchFolder();
        foreach (long ticks in (long[])[0, 20_000])
        {
            await using FaultyBench bench = await FaultyBench.StartAsync();
            if (ticks > 0)
            {
                await bench.InjectAsync(Hit, InjectedFaultKind.Slow, 0, ticks);
            }

            await bench.RunAsync(scratch[ticks == 0 ? "plain" : "slow"], Method);
        }

        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(scratch["plain"], Method, "measurements.jsonl")),
            await File.ReadAllTextAsync(Path.Combine(scratch["slow"], Method, "measurements.jsonl")));
    }

    /// <summary>Two processes on one folder would write over each other: the second is told so and leaves it alone.</summary>
    [Fact]
    public async Task Run_FolderOfARunningRun_IsRefused()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess first = IsacProcess.Start(RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"]));
        await first.WaitForAsync(l => l.StartsWith("exact round 1", StringComparison.Ordinal));
        IsacResult second = await IsacProcess.RunAsync("run", "--plain", "--resume", scratch["run"]);
        Assert.Equal(2, second.ExitCode);
        Assert.Contains("another process has this run open", Assert.Single(second.ErrorLines), StringComparison.Ordinal);
        IsacResult result = await first.EndAsync();
        Assert.True(result.ExitCode == 0, result.Error);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    [Theory]
    [InlineData("device-2")]
    [InlineData("server")]
    public async Task Run_RadioDies_EndsInOneLineAndResumes(string radio)
    {
        using var scratch = new ScratchFolder();
        await using FaultyBench bench = await FaultyBench.StartAsync();
        await using IsacProcess run = IsacProcess.Start(RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"], "--sidecar", bench.Address));
        await run.WaitForAsync(l => l.StartsWith("exact round 2", StringComparison.Ordinal));
        await bench.InjectAsync(radio, InjectedFaultKind.Dead, 0);
        IsacResult result = await run.EndAsync();
        Assert.Equal(4, result.ExitCode);
        Assert.Contains(radio, Assert.Single(result.ErrorLines), StringComparison.Ordinal);

        IsacResult resumed = await IsacProcess.RunAsync("run", "--plain", "--resume", scratch["run"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    /// <summary>A controller that sleeps longer than its lease loses the radios, is told so, and loses no round.</summary>
    [Fact]
    public async Task Run_LeaseExpires_EndsInOneLineAndResumes()
    {
        using var scratch = new ScratchFolder();

        // Long against what a busy machine keeps the program's beats waiting, three to a lease.
        await using FaultyBench bench = await FaultyBench.StartAsync(TimeSpan.FromSeconds(5));
        await using (IsacProcess run = IsacProcess.Start(RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"], "--sidecar", bench.Address)))
        {
            await run.WaitForAsync(l => l.StartsWith("exact round 1", StringComparison.Ordinal));
            await run.SignalAsync("STOP");
            await bench.WaitUntilFreeAsync();
            await run.SignalAsync("CONT");
            IsacResult result = await run.EndAsync();
            Assert.Equal(4, result.ExitCode);
            Assert.Contains("lease", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }

        IsacResult resumed = await IsacProcess.RunAsync("run", "--plain", "--resume", scratch["run"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    private static RunLines Recorded(string folder) => new(folder, Method);
}
