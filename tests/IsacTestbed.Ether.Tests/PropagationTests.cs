using System.Numerics;
using IsacTestbed.Core;
using static IsacTestbed.Ether.Tests.Bench;

namespace IsacTestbed.Ether.Tests;

public sealed class PropagationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3.25)]
    [InlineData(17.503)]
    [InlineData(100.999)]
    [InlineData(0.0039)]
    public async Task Link_FractionalDelay_MeasuredWithinAHundredthOfASample(double delay)
    {
        Waveform x = Wideband(256);
        Capture[] heard = await RunAsync(
            Link(0.25, delay),
            [x],
            Schedule("a", [Burst(0, 64, x)]),
            Schedule("b", [], new RxWindow(0, 64, 512)));
        Assert.InRange(DelaySamples(heard[1][0], x) - delay, -0.01, 0.01);
    }

    [Fact]
    public async Task Link_ExplicitGain_ReceivedPowerIsExact()
    {
        Waveform x = Wideband(300);
        Capture[] heard = await RunAsync(
            Link(1e-9, 12.37), [x], Schedule("a", [Burst(0, 0, x, amplitude: 0.5)]), Schedule("b", [], new RxWindow(0, 0, 400)));
        double energy = heard[1][0].Sum(s => (s.Real * s.Real) + (s.Imaginary * s.Imaginary));
        Assert.InRange(Decibels(energy / (1e-9 * 0.25 * x.MeanPower * x.Length)), -0.05, 0.05);
    }

    [Fact]
    public async Task Receiver_NoiseOnly_PowerIsTheNodesAndIsWhite()
    {
        const int Count = 400_000;
        Capture[] heard = await RunAsync(Scene(Node("a", 2, noise: 3e-13)), [], Schedule("a", [], new RxWindow(0, 1000, Count)));
        foreach (int channel in new[] { 0, 1 })
        {
            Complex[] n = heard[0][channel];

            // The mean of N exponentials has the relative deviation 1 / sqrt(N) = 0.16 %, or 0.007 dB: 0.05 dB is seven deviations.
            Assert.InRange(Decibels(MeanPower(n) / 3e-13), -0.05, 0.05);
            Complex lag = Complex.Zero;
            for (int i = 1; i < Count; i++)
            {
                lag += n[i] * Complex.Conjugate(n[i - 1]) / (Count * 3e-13);
            }

            Assert.True(lag.Magnitude < 5 / Math.Sqrt(Count));
        }

        Complex across = heard[0][0].Zip(heard[0][1], (a, b) => a * Complex.Conjugate(b)).Aggregate(Complex.Add) / (Count * 3e-13);
        Assert.True(across.Magnitude < 5 / Math.Sqrt(Count));
    }

    [Fact]
    public async Task Echo_RestingTarget_ComesBackAtTwiceTheRangeWithItsGain()
    {
        Waveform x = Wideband(256);
        const double Range = 457.3;
        AirScene scene = Scene(Node("a")) with
        {
            Targets = [new AirTarget.Moving { Id = "t", Position = new Position(Range, 0) }],
            Echoes = [new Echo { Transmitter = "a", Target = "t", Receiver = "a", Gain = new EchoGain.RadarEquation(2, 10, 5) }],
        };
        Capture[] heard = await RunAsync(scene, [x], Schedule("a", [Burst(0, 0, x)], new RxWindow(0, 0, 512)));
        double lambda = AirScene.SpeedOfLight / Carrier;
        double gain = 10 * 5 * lambda * lambda * 2 / (Math.Pow(4 * Math.PI, 3) * Math.Pow(Range, 4));
        Assert.InRange(DelaySamples(heard[0][0], x) - (2 * Range / AirScene.SpeedOfLight * Rate), -0.01, 0.01);
        double energy = heard[0][0].Sum(s => (s.Real * s.Real) + (s.Imaginary * s.Imaginary));
        Assert.InRange(Decibels(energy / (gain * x.MeanPower * x.Length)), -0.05, 0.05);
    }
}
