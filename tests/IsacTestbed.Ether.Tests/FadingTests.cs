using System.Numerics;
using IsacTestbed.Core;
using static IsacTestbed.Ether.Tests.Bench;

namespace IsacTestbed.Ether.Tests;

public sealed class FadingTests
{
    private const int Block = 16;
    private const int Blocks = 4000;

    // A true law exceeds it with probability 2 exp(-2 * 1.95^2) = 0.001; the seed is fixed.
    private const double Critical = 1.95;

    [Fact]
    public async Task Link_ExponentialFading_PowerPassesKolmogorovSmirnov()
    {
        double[] power = await PowersAsync(Fading.Exponential(2.5, Block));
        Assert.InRange(KolmogorovSmirnov(power, p => 1 - Math.Exp(-p / 2.5)), 0, Critical);
    }

    [Fact]
    public async Task Link_RayleighFading_PowerIsExponential()
    {
        double[] power = await PowersAsync(Fading.Rayleigh(Block));
        Assert.InRange(KolmogorovSmirnov(power, p => 1 - Math.Exp(-p)), 0, Critical);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(4)]
    [InlineData(20)]
    public async Task Link_RicianFading_PowerPassesKolmogorovSmirnov(double k)
    {
        double[] power = await PowersAsync(Fading.Rician(k, Block));
        Assert.InRange(KolmogorovSmirnov(power, p => RicianPowerCdf(k, p)), 0, Critical);
    }

    [Fact]
    public async Task Link_BlockFading_IsConstantWithinABlockAndUncorrelatedBetween()
    {
        Waveform x = Constant(Block * Blocks);
        Capture[] heard = await RunAsync(
            Link(1, 0, Fading.Rayleigh(Block)), [x], Schedule("a", [Burst(0, 0, x)]), Schedule("b", [], new RxWindow(0, 0, x.Length)));
        Complex[] y = heard[1][0];
        Complex lag = Complex.Zero;
        for (int b = 0; b < Blocks; b++)
        {
            Assert.All(y.AsSpan(b * Block, Block).ToArray(), s => Assert.Equal(y[b * Block], s));
            lag += b == 0 ? Complex.Zero : y[b * Block] * Complex.Conjugate(y[(b - 1) * Block]);
        }

        Assert.True(lag.Magnitude / Blocks < 5 / Math.Sqrt(Blocks));
    }

    [Fact]
    public async Task Link_UnequalAntennaCounts_RayleighIsIndependentPerPairAndEqualsTheTruth()
    {
        AirScene scene = Link(1, 0, Fading.Rayleigh(Block), 0, aElements: 3, bElements: 2);
        Waveform x = Constant(Block * 1000);
        Complex[] weights = [1, 0.5, Complex.ImaginaryOne];
        await using var air = new EmulatedAir(scene);
        Capture[] heard = await RunAsync(
            air, [x], Schedule("a", [Burst(0, 0, x, 1, null, 1, weights)]), Schedule("b", [], new RxWindow(0, 0, x.Length)));
        Complex cross = Complex.Zero;
        double worst = 0;
        for (int b = 0; b < 1000; b++)
        {
            for (int m = 0; m < 2; m++)
            {
                Complex wanted = Complex.Zero;
                for (int n = 0; n < 3; n++)
                {
                    wanted += air.LinkCoefficient(0, b * Block, m, n) * weights[n];
                }

                worst = Math.Max(worst, (heard[1][m][b * Block] - wanted).Magnitude);
            }

            cross += air.LinkCoefficient(0, b * Block, 0, 0) * Complex.Conjugate(air.LinkCoefficient(0, b * Block, 1, 0));
        }

        Assert.InRange(worst, 0, 1e-5);
        Assert.True(cross.Magnitude / 1000 < 5 / Math.Sqrt(1000));
    }

    [Fact]
    public void Fading_OfAnotherSeedOrLink_IsAnother()
    {
        AirScene scene = Link(1, 0, Fading.Rayleigh(Block));
        scene = scene with { Links = [scene.Links[0], scene.Links[0] with { Transmitter = "b", Receiver = "a" }] };
        var air = new EmulatedAir(scene);
        var other = new EmulatedAir(scene with { Seed = scene.Seed + 1 });
        Assert.NotEqual(air.LinkCoefficient(0, 0), air.LinkCoefficient(1, 0));
        Assert.NotEqual(air.LinkCoefficient(0, 0), other.LinkCoefficient(0, 0));
        Assert.Equal(air.LinkCoefficient(0, 0), air.LinkCoefficient(0, Block - 1));
        Assert.NotEqual(air.LinkCoefficient(0, 0), air.LinkCoefficient(0, Block));
    }

    private static async Task<double[]> PowersAsync(Fading fading)
    {
        Waveform x = Constant(Block * Blocks);
        Capture[] heard = await RunAsync(Link(1, 0, fading), [x], Schedule("a", [Burst(0, 0, x)]), Schedule("b", [], new RxWindow(0, 0, x.Length)));
        return [.. Enumerable.Range(0, Blocks).Select(b => heard[1][0][b * Block].Magnitude).Select(m => m * m)];
    }

    /// <summary>Integral of the density (1 + K) exp(-K - (1 + K) p) I0(2 sqrt(K (1 + K) p)) by Simpson's rule.</summary>
    private static double RicianPowerCdf(double k, double power)
    {
        const int Steps = 200;
        double h = power / Steps, sum = Density(0) + Density(power);
        for (int i = 1; i < Steps; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * Density(i * h);
        }

        return sum * h / 3;

        double Density(double p)
        {
            double x = 2 * Math.Sqrt(k * (1 + k) * p), term = 1, bessel = 1;
            for (int j = 1; term > 1e-12 * bessel; j++)
            {
                term *= x * x / (4.0 * j * j);
                bessel += term;
            }

            return (1 + k) * Math.Exp(-k - ((1 + k) * p)) * bessel;
        }
    }
}
