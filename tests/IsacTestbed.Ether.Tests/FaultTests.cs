using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using static IsacTestbed.Ether.Tests.Bench;

namespace IsacTestbed.Ether.Tests;

public sealed class FaultTests
{
    private static readonly Waveform Pulse = Constant(1000);

    [Fact]
    public async Task Overflow_WithinAWindow_IsAFlaggedGapOfZeros()
    {
        (Capture heard, _) = await RunWithAsync(new InjectedFault(InjectedFaultKind.Overflow, 30_000, 5000));
        CaptureGap[] gaps = [.. heard.Blocks.SelectMany(b => b.Gaps)];
        Assert.Equal(30_000, gaps[0].FirstTick);
        Assert.Equal(5000, gaps.Sum(g => g.SampleCount));
        Assert.All(heard[0][30_000..35_000], s => Assert.Equal(Complex.Zero, s));
        Assert.All(heard[0][..30_000].Concat(heard[0][35_000..]), s => Assert.NotEqual(Complex.Zero, s));
        Assert.All(heard.Blocks, b => Assert.Equal(b.Gaps.Count > 0 ? CaptureFlags.Overflow : CaptureFlags.None, b.Flags));
    }

    [Fact]
    public async Task LateCommand_NextBurst_IsNotSentAndReportedLate()
    {
        (Capture heard, Capture sent) = await RunWithAsync(null, new InjectedFault(InjectedFaultKind.LateCommand, 2000, 1));
        Assert.Equal([BurstOutcome.Transmitted, BurstOutcome.Late, BurstOutcome.Transmitted], sent.Reports.Select(r => r.Outcome));
        Assert.Equal(0.01, MeanPower(heard[0][20_010..20_900]), 0.01);
        Assert.Equal(1, MeanPower(heard[0][40_010..40_900]), 0.1);
    }

    [Fact]
    public async Task Underflow_WithinABurst_CutsItThere()
    {
        (Capture heard, Capture sent) = await RunWithAsync(null, new InjectedFault(InjectedFaultKind.Underflow, 20_400, 1));
        Assert.Equal((BurstOutcome.Underflow, 20_400L), (sent.Reports[1].Outcome, sent.Reports[1].Tick));
        Assert.Equal(1, MeanPower(heard[0][20_010..20_400]), 0.1);
        Assert.Equal(0.01, MeanPower(heard[0][20_410..21_000]), 0.01);
        Assert.Equal(BurstOutcome.Transmitted, sent.Reports[2].Outcome);
    }

    [Fact]
    public async Task LostReference_ForAWhile_IsFlaggedAndTheCarrierDrifts()
    {
        Waveform tone = Constant(60_000, "tone");
        AirScene scene = Link(1, 0);
        scene = scene with { Nodes = [scene.Nodes[0], scene.Nodes[1] with { FreeRunningDriftPpm = 0.4 }] };
        await using var air = new EmulatedAir(scene);
        await RadioOf(air, "b").InjectAsync(new InjectedFault(InjectedFaultKind.LostReference, 33_000, 10_000), default);
        Capture[] heard = await RunAsync(air, [tone], Schedule("a", [Burst(0, 0, tone)]), Schedule("b", [], new RxWindow(0, 0, 60_000)));
        Assert.All(heard[1].Blocks, b => Assert.Equal(
            b.FirstTick < 43_000 && b.FirstTick + b.Count > 33_000 ? CaptureFlags.Unlocked : CaptureFlags.None, b.Flags));
        Complex[] y = heard[1][0];
        Assert.Equal(0, (y[32_000] / y[1000]).Phase, 1e-4);
        double hertz = (y[34_100] / y[34_000]).Phase / (2 * Math.PI * 100) * Rate;
        Assert.Equal(-0.4e-6 * Carrier, hertz, 0.1);
        Assert.Equal(0, (y[50_000] / y[1000]).Phase, 1e-4);
    }

    [Fact]
    public async Task LostReference_Now_ShowsInTheSensor()
    {
        await using var air = new EmulatedAir(Link(1, 0));
        Assert.Contains(await air.Radios[1].ReadSensorsAsync(default), s => s is { Name: "ref_locked", Value: "true" });
        await air.Radios[1].InjectAsync(new InjectedFault(InjectedFaultKind.LostReference, 0, 10), default);
        Assert.Contains(await air.Radios[1].ReadSensorsAsync(default), s => s is { Name: "ref_locked", Value: "false" });
    }

    [Fact]
    public async Task Clipping_ForAWhile_SaturatesAndIsFlagged()
    {
        (Capture heard, _) = await RunWithAsync(new InjectedFault(InjectedFaultKind.Clipping, 100, 50));
        Assert.All(heard[0][100..150], s => Assert.Equal((1.0, 1.0), (Math.Abs(s.Real), Math.Abs(s.Imaginary))));
        Assert.Equal(CaptureFlags.Clipped, heard.Blocks[0].Flags);
        Assert.All(heard.Blocks.Skip(1), b => Assert.Equal(CaptureFlags.None, b.Flags));
    }

    [Fact]
    public async Task Stuck_ForAWhile_IsOneFlaggedBlockOfZeros()
    {
        (Capture heard, _) = await RunWithAsync(new InjectedFault(InjectedFaultKind.Stuck, 1234, 777));
        var stuck = Assert.Single(heard.Blocks, b => b.Flags == CaptureFlags.AllZero);
        Assert.Equal((1234L, 777), (stuck.FirstTick, stuck.Count));
        Assert.All(heard[0][1234..2011], s => Assert.Equal(Complex.Zero, s));
        Assert.NotEqual(Complex.Zero, heard[0][2011]);
        Assert.Equal(50_000, heard.Blocks.Sum(b => b.Count));
    }

    [Fact]
    public async Task Dead_AtATick_EndsTheRunAndEverythingAfter()
    {
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.01));
        EmulatedRadio radio = RadioOf(air, "b");
        await radio.InjectAsync(new InjectedFault(InjectedFaultKind.Dead, 40_000, 1), default);
        await radio.ArmAsync(Schedule("b", [], new RxWindow(0, 0, 50_000)), default);
        long received = 0;
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () =>
        {
            await foreach (RadioOutput output in radio.RunAsync(default))
            {
                received += ((CaptureBlock)output).SampleCount;
                ((CaptureBlock)output).Dispose();
            }
        });
        Assert.Equal((RadioFaultCode.Dead, "b", 40_000L), (exception.Code, exception.RadioId, received));
        Assert.Equal(RadioFaultCode.Dead, (await Assert.ThrowsAsync<RadioException>(async () => await radio.GetTimeAsync(default))).Code);
        await radio.MuteAsync(default);
        Assert.Equal(40_000, (await RadioOf(air, "a").GetTimeAsync(default)).Ticks);
    }

    /// <summary>What ends before the radio dies, or just then, is whole; only the next schedule finds a dead radio.</summary>
    [Theory]
    [InlineData(30_000)]
    [InlineData(40_000)]
    public async Task Dead_AfterTheSchedule_LeavesItWhole(int length)
    {
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.01));
        await RadioOf(air, "a").InjectAsync(new InjectedFault(InjectedFaultKind.Dead, 40_000, 1), default);
        await RadioOf(air, "b").InjectAsync(new InjectedFault(InjectedFaultKind.Dead, 40_000, 1), default);
        Capture[] heard = await RunAsync(
            air, [Pulse], Schedule("a", [Burst(0, 0, Pulse), Burst(1, 20_000, Pulse)]), Schedule("b", [], new RxWindow(0, 0, length)));
        Assert.Equal([BurstOutcome.Transmitted, BurstOutcome.Transmitted], heard[0].Reports.Select(r => r.Outcome));
        Assert.Equal(length, heard[1].Blocks.Sum(b => b.Count));
        if (length < 40_000)
        {
            Assert.Equal(length, (await RadioOf(air, "a").GetTimeAsync(default)).Ticks);
        }
        else
        {
            await Assert.ThrowsAsync<RadioException>(async () => await RadioOf(air, "a").GetTimeAsync(default));
        }
    }

    [Fact]
    public async Task Dead_Transmitter_IsSilentFromItsTickOn()
    {
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.01));
        await RadioOf(air, "a").InjectAsync(new InjectedFault(InjectedFaultKind.Dead, 500, 1), default);
        await RadioOf(air, "a").UploadWaveformAsync(Pulse, default);
        await RadioOf(air, "a").ArmAsync(Schedule("a", [Burst(0, 0, Pulse)]), default);
        Capture[] heard = await RunAsync(air, [], Schedule("b", [], new RxWindow(0, 0, 1000)));
        Assert.Equal(1, MeanPower(heard[0][0][..500]), 0.1);
        Assert.Equal(0.01, MeanPower(heard[0][0][510..]), 0.01);
    }

    [Fact]
    public async Task Slow_Radio_TakesTheDurationOfRealTime()
    {
        var time = new SelfWindingTime();
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.01), AirClockMode.Virtual, time);
        await RadioOf(air, "b").InjectAsync(new InjectedFault(InjectedFaultKind.Slow, 0, 10_000_000), default);
        Capture[] heard = await RunAsync(air, [], Schedule("b", [], new RxWindow(0, 0, 1000)));
        Assert.Equal(TimeSpan.FromSeconds(2).Ticks, time.GetTimestamp());
        Assert.Equal(CaptureFlags.None, heard[0].Flags);
    }

    [Theory]
    [InlineData(InjectedFaultKind.Unspecified, 0, 1)]
    [InlineData(InjectedFaultKind.Overflow, 0, 0)]
    [InlineData(InjectedFaultKind.Stuck, -1, 5)]
    [InlineData((InjectedFaultKind)99, 0, 5)]
    public async Task Inject_OfNonsense_ThrowsArgument(InjectedFaultKind kind, long tick, long duration)
    {
        await using var air = new EmulatedAir(Link(1, 0));
        await Assert.ThrowsAsync<ArgumentException>(async () => await air.Radios[0].InjectAsync(new InjectedFault(kind, tick, duration), default));
    }

    /// <summary>Three pulses of "a" at 0, 20,000 and 40,000, heard by "b" over unit gain in noise of 0.01.</summary>
    private static async Task<(Capture Heard, Capture Sent)> RunWithAsync(InjectedFault? receiver, InjectedFault? transmitter = null)
    {
        await using var air = new EmulatedAir(Link(1, 0, noise: 0.01));
        if (receiver is not null)
        {
            await RadioOf(air, "b").InjectAsync(receiver, default);
        }

        if (transmitter is not null)
        {
            await RadioOf(air, "a").InjectAsync(transmitter, default);
        }

        Capture[] heard = await RunAsync(
            air,
            [Pulse],
            Schedule("a", [Burst(0, 0, Pulse), Burst(1, 20_000, Pulse), Burst(2, 40_000, Pulse)]),
            Schedule("b", [], new RxWindow(0, 0, 50_000)));
        return (heard[1], heard[0]);
    }
}
