using System.Numerics;
using IsacTestbed.Core;
using static IsacTestbed.Ether.Tests.Bench;

namespace IsacTestbed.Ether.Tests;

public sealed class ImpairmentTests
{
    [Theory]
    [InlineData(12_345.6)]
    [InlineData(-250)]
    public async Task CarrierOffset_OnATone_TurnsItByTheOffset(double offset)
    {
        const int Count = 50_000;
        Complex[] y = await ToneAsync(new ReceiverImpairments { CarrierOffsetHz = offset }, Count);

        // Noise-free: the phase from end to end gives the frequency, a float sample's phase is good to 1e-6.
        double perSample = offset / Rate;
        Assert.Equal(0, (y[Count - 1] / y[0] * Complex.FromPolarCoordinates(1, -2 * Math.PI * perSample * (Count - 1))).Phase, 1e-5);
        Assert.Equal(2 * Math.PI * perSample, (y[1] / y[0]).Phase, 1e-6);
    }

    [Theory]
    [InlineData(1.1, 0.0)]
    [InlineData(1.0, 0.05)]
    [InlineData(1.05, -0.03)]
    public async Task Imbalance_OnATone_ImageIsWhereTheTextbookSays(double gain, double phase)
    {
        const int Count = 10_000, Cycles = 137;
        Complex[] y = await ToneAsync(
            new ReceiverImpairments { CarrierOffsetHz = Cycles * Rate / Count, ImbalanceGain = gain, ImbalancePhaseRadians = phase }, Count);
        double tone = Bin(y, Cycles), image = Bin(y, -Cycles);
        double cosine = 2 * gain * Math.Cos(phase);
        double wanted = ((gain * gain) + 1 - cosine) / ((gain * gain) + 1 + cosine);
        Assert.Equal(Decibels(wanted), Decibels(image / tone), 0.05);
    }

    [Fact]
    public async Task Dc_WithoutSignal_IsTheMean()
    {
        AirNode node = Node("a", noise: 1e-4) with { Impairments = new ReceiverImpairments { DcReal = 0.25, DcImaginary = -0.125 } };
        Capture[] heard = await RunAsync(Scene(node), [], Schedule("a", [], new RxWindow(0, 0, 100_000)));
        Complex mean = heard[0][0].Aggregate(Complex.Add) / 100_000;

        // Five deviations of the mean of each part, whose variance is 0.5e-4 / n.
        Assert.Equal(0.25, mean.Real, 1.2e-4);
        Assert.Equal(-0.125, mean.Imaginary, 1.2e-4);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    public async Task Quantisation_OfNoise_ErrorIsATwelfthOfTheStepSquared(int bits)
    {
        const int Count = 100_000;
        AirNode ideal = Node("a", noise: 0.02);
        AirNode real = ideal with { Impairments = new ReceiverImpairments { QuantisationBits = bits, ClipLevel = 1 } };
        Capture[] exact = await RunAsync(Scene(ideal), [], Schedule("a", [], new RxWindow(0, 0, Count)));
        Capture[] rounded = await RunAsync(Scene(real), [], Schedule("a", [], new RxWindow(0, 0, Count)));
        double step = 2.0 / (1 << bits);
        double power = MeanPower(exact[0][0].Zip(rounded[0][0], (u, v) => u - v));

        // Two parts with step^2 / 12 each. The square of a uniform has the relative deviation 0.9: five deviations of 2e5 values are 1 %.
        Assert.InRange(power / (2 * step * step / 12), 0.99, 1.01);
        Assert.All(rounded[0][0].Take(1000), v => Assert.Equal(0.5, Math.Abs(v.Real / step) % 1, 1e-3));
        Assert.Equal(CaptureFlags.None, rounded[0].Flags);
    }

    [Fact]
    public async Task Clipping_OfAStrongSignal_HoldsTheLevelAndIsFlagged()
    {
        Waveform x = Constant(100);
        AirScene scene = Link(4, 0, noise: 0.001);
        scene = scene with { Nodes = [scene.Nodes[0], scene.Nodes[1] with { Impairments = new ReceiverImpairments { ClipLevel = 1 } }] };
        Capture[] heard = await RunAsync(
            scene, [x], Schedule("a", [Burst(0, 0, x)]), Schedule("b", [], new RxWindow(0, 0, 100), new RxWindow(1, 200, 100)));
        Assert.All(heard[1].Windows[0][0], s => Assert.True(Math.Abs(s.Real) <= 1 && Math.Abs(s.Imaginary) <= 1));
        Assert.Equal(CaptureFlags.Clipped, heard[1].Blocks.Single(b => b.Window == 0).Flags);
        Assert.Equal(CaptureFlags.None, heard[1].Blocks.Single(b => b.Window == 1).Flags);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(-60)]
    public async Task SamplingOffset_OverAWindow_StretchesTheSignal(double ppm)
    {
        Waveform x = Wideband(256);
        AirScene scene = Link(1, 20);
        scene = scene with { Nodes = [scene.Nodes[0], scene.Nodes[1] with { Impairments = new ReceiverImpairments { SamplingOffsetPpm = ppm } }] };
        Capture[] heard = await RunAsync(
            scene, [x], Schedule("a", [Burst(0, 5000, x), Burst(1, 45_000, x)]), Schedule("b", [], new RxWindow(0, 5000, 45_000)));
        double early = DelaySamples(heard[1][0].AsSpan(0, 512), x), late = DelaySamples(heard[1][0].AsSpan(40_000, 512), x);
        Assert.Equal(40_000e-6 * ppm, late - early, 0.01);
    }

    [Fact]
    public async Task PhaseNoise_OverManyLags_GrowsAsAWienerPhase()
    {
        const int Count = 400_000;
        const double Linewidth = 20;
        Complex[] y = await ToneAsync(new ReceiverImpairments { PhaseNoiseLinewidthHz = Linewidth }, Count);
        foreach (int lag in new[] { 1, 7, 100, 1024, 3000 })
        {
            double sum = 0;
            int n = 0;
            for (int i = lag; i < Count; i += lag, n++)
            {
                double phase = (y[i] / y[i - lag]).Phase;
                sum += phase * phase;
            }

            // A variance from n independent increments has the relative deviation sqrt(2 / n). The phase of a float is good to 1e-7.
            double wanted = 2 * Math.PI * Linewidth * lag / Rate;
            Assert.InRange(sum / n / wanted, 1 - (5 * Math.Sqrt(2.0 / n)), 1 + (5 * Math.Sqrt(2.0 / n)));
        }
    }

    private static async Task<Complex[]> ToneAsync(ReceiverImpairments impairments, int count)
    {
        Waveform x = Constant(count + 200);
        AirScene scene = Link(1, 0);
        scene = scene with { Nodes = [scene.Nodes[0], scene.Nodes[1] with { Impairments = impairments }] };
        Capture[] heard = await RunAsync(scene, [x], Schedule("a", [Burst(0, 0, x)]), Schedule("b", [], new RxWindow(0, 100, count)));
        return heard[1][0];
    }

    private static double Bin(Complex[] y, int cycles)
    {
        Complex sum = Complex.Zero;
        for (int i = 0; i < y.Length; i++)
        {
            sum += y[i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * cycles * i / y.Length);
        }

        return sum.Magnitude * sum.Magnitude;
    }
}
