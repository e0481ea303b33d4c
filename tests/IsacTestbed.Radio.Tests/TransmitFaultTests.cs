using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>What goes wrong on transmission, scripted on the driver's side, and what is on the air afterwards.</summary>
[Collection(RealTime.Name)]
public sealed class TransmitFaultTests
{
    private const int Delay = LoopbackDevice.DelayTicks;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Burst_ThatTheDeviceMeetsTooLate_IsLateAndTheNextOneLeaves(bool acknowledges)
    {
        var device = new LoopbackDevice(StreamClock.LockStep, acknowledges: acknowledges);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        device.Script.LateWrites[0] = true;
        Run run = await Run.OfAsync(
            radio, Run.Schedule([Run.Burst(1, start), Run.Burst(2, start + 700_000)], new RxWindow(0, start, 6000), new RxWindow(1, start + 700_000, 6000)));
        Assert.Equal([(1, BurstOutcome.Late, start), (2, BurstOutcome.Transmitted, start + 704_000)], Outcomes(run));
        Assert.Equal([(start + 700_000 + Delay, start + 704_000 + Delay)], run.Signals());
    }

    [Fact]
    public async Task Burst_ThatRunsDry_IsCutThereAndTheNextOneLeaves()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        device.Script.DryTick = start + 2500;
        Run run = await Run.OfAsync(
            radio, Run.Schedule([Run.Burst(1, start), Run.Burst(2, start + 700_000)], new RxWindow(0, start, 6000), new RxWindow(1, start + 700_000, 6000)));
        Assert.Equal([(1, BurstOutcome.Underflow, start + 2500), (2, BurstOutcome.Transmitted, start + 704_000)], Outcomes(run));
        Assert.Equal([(start + Delay, start + 2500 + Delay), (start + 700_000 + Delay, start + 704_000 + Delay)], run.Signals());
    }

    [Fact]
    public async Task Repeats_WithLongSilence_AreTimedOneByOneAndWithShortSilenceTogether()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        Run run = await Run.OfAsync(
            radio,
            Run.Schedule([Run.Burst(1, start, 3, 50_000), Run.Burst(2, start + 200_000, 3, 6000)], new RxWindow(0, start, 230_000)));
        Assert.Equal([start, start + 50_000, start + 100_000, start + 200_000], device.Transmit.PartStarts);
        long[] starts = [start, start + 50_000, start + 100_000, start + 200_000, start + 206_000, start + 212_000];
        Assert.Equal(starts.Select(s => (s + Delay, s + Run.PulseSamples + Delay)), run.Signals());
        Assert.Equal([(1, BurstOutcome.Transmitted, start + 150_000), (2, BurstOutcome.Transmitted, start + 218_000)], Outcomes(run));
    }

    [Fact]
    public async Task Repeat_ThatIsLate_CutsTheBurstWhereItShouldHaveStarted()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        device.Script.LateWrites[1] = true;
        Run run = await Run.OfAsync(radio, Run.Schedule([Run.Burst(1, start, 4, 600_000)], new RxWindow(0, start, 2_400_000)));
        BurstReport report = Assert.Single(run.Reports);
        Assert.Equal(BurstOutcome.Underflow, report.Outcome);
        Assert.Equal([(start + Delay, start + Run.PulseSamples + Delay)], run.Signals());
    }

    [Fact]
    public async Task Mute_WithinABurst_EndsItOnTheAirAndLeavesTheStreamInactive()
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        TxBurst burst = Run.Burst(1, start, 500);
        await radio.ArmAsync(Run.Schedule([burst], new RxWindow(0, start, 2_000_000)), Run.Token());
        var run = new Run();
        await foreach (RadioOutput output in radio.RunAsync(Run.Token()))
        {
            run.Add(output);
            if (run.Blocks.Count == 10)
            {
                await radio.MuteAsync(Run.Token());
                Assert.False(device.Transmit.IsActive);
            }
        }

        BurstReport report = Assert.Single(run.Reports);
        Assert.Equal(BurstOutcome.Aborted, report.Outcome);
        Assert.InRange(report.Tick, start, burst.EndTick - 1);

        // What the device still had on the air at the mute is gone: a later listener hears nothing.
        long later = await Run.SoonAsync(radio);
        Run silence = await Run.OfAsync(radio, Run.Schedule([], new RxWindow(0, later, 50_000)));
        Assert.Empty(silence.Signals());
    }

    [Fact]
    public async Task Disposal_WithinABurst_SilencesAndClosesTheDevice()
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        await radio.ArmAsync(Run.Schedule([Run.Burst(1, start, 500)], new RxWindow(0, start, 2_000_000)), Run.Token());
        IAsyncEnumerator<RadioOutput> run = radio.RunAsync(Run.Token()).GetAsyncEnumerator();
        Assert.True(await run.MoveNextAsync());
        ((CaptureBlock)run.Current).Dispose();
        Assert.True(device.Transmit.IsActive);
        await radio.DisposeAsync();
        Assert.False(device.Transmit.IsActive);
        Assert.False(device.Receive.IsActive);
        Assert.True(device.IsDisposed);
        await run.DisposeAsync();
    }

    private static IEnumerable<(int Id, BurstOutcome Outcome, long Tick)> Outcomes(Run run) => run.Reports.Select(r => (r.BurstId, r.Outcome, r.Tick));
}
