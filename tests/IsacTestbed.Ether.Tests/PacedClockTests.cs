using IsacTestbed.Core;
using static IsacTestbed.Ether.Tests.Bench;

namespace IsacTestbed.Ether.Tests;

public sealed class PacedClockTests
{
    [Fact]
    public async Task Paced_SameScene_SameSamplesAsVirtual()
    {
        Waveform x = Wideband(300);
        BurstSchedule schedule = Schedule("a", [Burst(0, 1_000_000, x)], new RxWindow(0, 1_000_000, 1000));

        // One radio that hears itself: two that wait would wind the clock twice.
        AirScene scene = Scene(Node("a", noise: 0.1) with { Leakage = new SelfLeakage(0.5, 3.3) });
        Capture[] fast = await RunAsync(scene, [x], schedule);
        await using var air = new EmulatedAir(scene, AirClockMode.Paced, new SelfWindingTime());
        Capture[] paced = await RunAsync(air, [x], schedule);
        Assert.Equal(fast[0][0], paced[0][0]);
        Assert.Equal(CaptureFlags.None, paced[0].Flags);
    }

    [Fact]
    public async Task Paced_Run_EndsNoEarlierThanItsLastTick()
    {
        var time = new SelfWindingTime();
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.1), AirClockMode.Paced, time);
        await RunAsync(air, [], Schedule("b", [], new RxWindow(0, 500_000, 100_000)));
        Assert.True(time.GetTimestamp() >= TimeSpan.FromSeconds(600_000 / Rate).Ticks);
    }

    [Fact]
    public async Task Paced_SlowReader_LosesSamplesAndIsTold()
    {
        const int Count = 5_000_000;
        var time = new SelfWindingTime();
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.1), AirClockMode.Paced, time);
        BurstSchedule schedule = Schedule("b", [], new RxWindow(0, 500_000, Count));
        await RadioOf(air, "b").ArmAsync(schedule, default);
        var heard = new Capture();
        int outputs = 0;
        await foreach (RadioOutput output in RadioOf(air, "b").RunAsync(default))
        {
            heard.Add(output, schedule);
            if (++outputs == 3)
            {
                time.Advance(TimeSpan.FromSeconds(0.5));
            }
        }

        // Nothing is stitched: blocks and gaps together tile the window.
        long tick = 500_000, lost = 0;
        foreach (var block in heard.Blocks)
        {
            CaptureGap[] before = [.. block.Gaps.Where(g => g.FirstTick < block.FirstTick)];
            lost += before.Sum(g => g.SampleCount);
            Assert.Equal(block.FirstTick, tick + before.Sum(g => g.SampleCount));
            Assert.Equal(block.Gaps.Count > 0 ? CaptureFlags.Overflow : CaptureFlags.None, block.Flags);
            tick = block.FirstTick + block.Count;
        }

        // Half a second is 2.5 million ticks, of which at most 32 blocks of 32,768 are kept.
        Assert.InRange(lost, 2_500_000 - (33 * 32_768), 2_500_000);
        Assert.Equal(500_000 + Count, tick);
        Assert.True(heard.Blocks[^1].IsLast);
    }

    [Fact]
    public async Task Paced_ReaderAsleepBeyondTheWindow_StillGetsItsEnd()
    {
        var time = new SelfWindingTime();
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.1), AirClockMode.Paced, time);
        BurstSchedule schedule = Schedule("b", [], new RxWindow(0, 500_000, 100_000));
        await RadioOf(air, "b").ArmAsync(schedule, default);
        var heard = new Capture();
        await foreach (RadioOutput output in RadioOf(air, "b").RunAsync(default))
        {
            heard.Add(output, schedule);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        var last = heard.Blocks[^1];
        Assert.True(last.IsLast);
        Assert.Equal(CaptureFlags.Overflow, last.Flags);
        Assert.Equal(600_000, last.Gaps[^1].FirstTick + last.Gaps[^1].SampleCount);
    }

    [Fact]
    public async Task Paced_RunStartedTooLate_ReportsTheBurstLateAndFlagsTheWindow()
    {
        var time = new SelfWindingTime();
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.01), AirClockMode.Paced, time);
        Waveform x = Constant(1000);
        BurstSchedule a = Schedule("a", [Burst(0, 500_000, x)]), b = Schedule("b", [], new RxWindow(0, 500_000, 1_000_000));
        await RadioOf(air, "a").UploadWaveformAsync(x, default);
        await RadioOf(air, "a").ArmAsync(a, default);
        await RadioOf(air, "b").ArmAsync(b, default);
        time.Advance(TimeSpan.FromSeconds(0.15));
        Capture[] heard = await Task.WhenAll(Capture.OfAsync(RadioOf(air, "a"), a), Capture.OfAsync(RadioOf(air, "b"), b));
        Assert.Equal(BurstOutcome.Late, Assert.Single(heard[0].Reports).Outcome);
        var first = heard[1].Blocks[0];
        Assert.Equal(CaptureFlags.Late, first.Flags);
        Assert.True(first.FirstTick >= 750_000);
        Assert.Equal(new CaptureGap(500_000, first.FirstTick - 500_000), Assert.Single(first.Gaps));
        Assert.All(heard[1].Blocks.Skip(1), block => Assert.Equal(CaptureFlags.None, block.Flags));
        Assert.True(heard[1][0].Max(s => s.Magnitude) < 0.9, "nothing was sent");
    }
}
