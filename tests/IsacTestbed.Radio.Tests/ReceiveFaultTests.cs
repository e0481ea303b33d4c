using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>What goes wrong on reception, scripted on the driver's side: each fault is in the blocks, at its ticks, and nothing is stitched.</summary>
[Collection(RealTime.Name)]
public sealed class ReceiveFaultTests
{
    private const int Delay = LoopbackDevice.DelayTicks;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Samples_LostOnTheWay_AreAGapAndWhatFollowsKeepsItsTick(bool isAnnounced)
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        device.Script.Losses[start + 3000] = (1234, isAnnounced);
        Run run = await Run.OfAsync(radio, Run.Schedule([Run.Burst(1, start + 8000)], new RxWindow(0, start, 20_000)));
        Assert.Equal([new CaptureGap(start + 3000, 1234)], run.Gaps);
        Assert.Equal(CaptureFlags.Overflow, run.Flags);
        Assert.Single(run.Blocks, b => b.Flags != CaptureFlags.None);
        Assert.Equal([(start + 8000 + Delay, start + 8000 + Delay + Run.PulseSamples)], run.Signals());
        Assert.Equal(BurstOutcome.Transmitted, Assert.Single(run.Reports).Outcome);
    }

    [Fact]
    public async Task Samples_LostWithinAPulse_LeaveItInTwoParts()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        device.Script.Losses[start + 2000] = (500, true);
        Run run = await Run.OfAsync(radio, Run.Schedule([Run.Burst(1, start)], new RxWindow(0, start, 8000)));
        Assert.Equal([(start + Delay, start + 2000), (start + 2500, start + Delay + Run.PulseSamples)], run.Signals());
    }

    [Fact]
    public async Task Stamps_ThatStepBack_AreFlaggedAndNoSampleComesTwice()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        device.Script.StepsBack[start + 5000] = 700;
        Run run = await Run.OfAsync(radio, Run.Schedule([Run.Burst(1, start + 3000)], new RxWindow(0, start, 9000)));
        Assert.Equal(CaptureFlags.Overflow, run.Flags);
        Assert.Equal(9000, run.Blocks.Sum(b => b.SampleCount));
        Assert.Equal([(start + 3000 + Delay, start + 3000 + Delay + Run.PulseSamples)], run.Signals());
    }

    [Fact]
    public async Task Zeros_OfAStuckReceiver_AreFlaggedOnTheirBlocks()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        int block = radio.Description.MaxBlockSamples;
        device.Script.Zeros = (start + block, start + (2 * block));
        Run run = await Run.OfAsync(radio, Run.Schedule([], new RxWindow(0, start, 3 * block)));
        Assert.Equal([CaptureFlags.None, CaptureFlags.AllZero, CaptureFlags.None], run.Blocks.Select(b => b.Flags));
    }

    [Fact]
    public async Task Saturation_OfASingleSample_IsFlaggedOnItsBlock()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        int block = radio.Description.MaxBlockSamples;
        device.Script.Saturation = (start + block + 5, start + block + 6);
        Run run = await Run.OfAsync(radio, Run.Schedule([], new RxWindow(0, start, 3 * block)));
        Assert.Equal([CaptureFlags.None, CaptureFlags.Clipped, CaptureFlags.None], run.Blocks.Select(b => b.Flags));
    }

    [Fact]
    public async Task Lock_LostForAWhile_FlagsTheBlocksOfThatTimeAndNoOthers()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device, Bench.Options with { LockPollSeconds = 0.02, ReceiveRingSeconds = 1 });
        long start = await Run.SoonAsync(radio);
        device.Script.Unlocked = (start + 950_000, start + 1_350_000);

        // In lock-step the device's time waits for the answer, however long that takes: the doubt is the distance of the questions.
        device.Script.LockAnswerTime = TimeSpan.FromMilliseconds(3);
        RxWindow[] windows = [.. Enumerable.Range(0, 20).Select(i => new RxWindow(i, start + (i * 100_000L), 5000))];
        Run run = await Run.OfAsync(radio, Run.Schedule([], windows));
        int[] flagged = [.. run.Blocks.Where(b => b.Flags == CaptureFlags.Unlocked).Select(b => b.WindowId)];
        Assert.Equal([10, 11, 12, 13], flagged);
    }

    [Fact]
    public async Task Reader_ThatIsSlowInRealTime_FindsEverySampleReceivedOrNamedAsLost()
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        await using StreamingRadio radio = await Run.ReadyAsync(device, Bench.Options with { ReceiveRingSeconds = 0.15 });
        long start = await Run.SoonAsync(radio);
        var window = new RxWindow(0, start, 1_200_000);
        await radio.ArmAsync(Run.Schedule([], window), Run.Token());
        var run = new Run();
        await foreach (RadioOutput output in radio.RunAsync(Run.Token()))
        {
            run.Add(output);
            if (run.Blocks.Count == 3)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.8));
            }
        }

        Assert.Contains(CaptureFlags.Overflow, run.Blocks.Select(b => b.Flags));
        long tick = window.StartTick;
        foreach (Run.Block block in run.Blocks)
        {
            long missing = block.FirstTick - tick;
            Assert.True(missing == 0 || (block.Gaps[0].FirstTick == tick && block.Gaps[0].SampleCount >= missing), $"{missing} samples missing without a gap");
            tick = block.FirstTick + block.SampleCount;
        }

        Assert.Equal(window.EndTick, tick);
        Assert.True(run.Blocks[^1].IsLast);
        Assert.True(run.Gaps.Sum(g => g.SampleCount) > 100_000, "the reader slept for longer than the ring holds");
    }

    [Fact]
    public async Task Reader_ThatIsSlowInLockStep_HoldsTheTimeAndLosesNothing()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device, Bench.Options with { ReceiveRingSeconds = 0.1 });
        long start = await Run.SoonAsync(radio);
        await radio.ArmAsync(Run.Schedule([], new RxWindow(0, start, 2_000_000)), Run.Token());
        Assert.Equal(0, device.Receive.Reads);
        long most = 0;
        var run = new Run();
        await foreach (RadioOutput output in radio.RunAsync(Run.Token()))
        {
            run.Add(output);
            if (run.Blocks.Count % 30 == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
                most = Math.Max(most, device.Now - run.Blocks[^1].FirstTick - run.Blocks[^1].SampleCount);
            }
        }

        // A ring of 0.1 s is rounded up to 2^17 samples.
        Assert.InRange(most, 1, 1 << 17);
        Assert.Equal(CaptureFlags.None, run.Flags);
        Assert.Equal(2_000_000, run.Blocks.Sum(b => b.SampleCount));
    }

    [Fact]
    public async Task Run_LongAfterArming_IsLateWhereTheRingNoLongerReaches()
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        await using StreamingRadio radio = await Run.ReadyAsync(device, Bench.Options with { ReceiveRingSeconds = 0.1 });
        long start = await Run.SoonAsync(radio);
        await radio.ArmAsync(
            Run.Schedule([Run.Burst(1, start), Run.Burst(2, start + 900_000)], new RxWindow(0, start, 2000), new RxWindow(1, start + 900_000, 8000)), Run.Token());
        await Task.Delay(TimeSpan.FromSeconds(0.7));
        Run run = await Run.OfArmedAsync(radio);
        Assert.Equal([BurstOutcome.Late, BurstOutcome.Transmitted], run.Reports.Select(r => r.Outcome));
        Assert.Equal(start, run.Reports[0].Tick);
        Run.Block lost = Assert.Single(run.Blocks, b => b.WindowId == 0);
        Assert.NotEqual(CaptureFlags.None, lost.Flags);
        Assert.Equal(2000, lost.Gaps.Sum(g => g.SampleCount));
        Assert.True(lost.IsLast);
        Assert.Equal([(start + 900_000 + Delay, start + 904_000 + Delay)], run.Signals());
    }
}
