using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Arrays;

/// <summary>Known streams separated behind a combiner: unbiased powers, and variances that are those of the errors.</summary>
public sealed class StreamSeparatorTests
{
    private static readonly Complex[] Gains = [new(1, 0.5), new(-0.2, 0.1), new(0, 0)];

    [Fact]
    public void Read_ManyTrials_PowersAreUnbiasedAndVariancesTrue()
    {
        const int trials = 1000, symbols = 60;
        double[] power = new double[3], error = new double[3], claimed = new double[3];
        double noise = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            SeparatedStreams found = Draw(symbols, (uint)trial).Read();
            noise += found.NoisePower / trials;
            for (int s = 0; s < 3; s++)
            {
                power[s] += found.Power(s) / trials;
                error[s] += Math.Pow((found.Gains[s] - Gains[s]).Magnitude, 2) / trials;
                claimed[s] += found.Variances[s] / trials;
            }
        }

        // Noise of variance 2 over 57 degrees of freedom and 1000 trials: 0.4 % each. Squared errors are exponential: 3.2 % over the trials.
        Assert.Equal(2, noise, 2 * 0.021);
        for (int s = 0; s < 3; s++)
        {
            double truth = Math.Pow(Gains[s].Magnitude, 2);
            Assert.Equal(1, error[s] / claimed[s], 0.16);
            Assert.Equal(truth, power[s], 5 * Math.Sqrt((2 * truth * claimed[s]) + (claimed[s] * claimed[s])) / Math.Sqrt(trials));
        }
    }

    [Fact]
    public void Add_Parts_IsTheSameAsTheirSum()
    {
        StreamSeparator sum = Draw(60, 1);
        sum.Add(Draw(60, 2));
        SeparatedStreams found = sum.Read();
        Assert.Equal(120, found.Symbols);
        Assert.True((found.Gains[0] - Gains[0]).Magnitude < 5 * Math.Sqrt(found.Variances[0]));
    }

    [Fact]
    public void Read_FewerSymbolsThanStreams_IsRefused() => Assert.Throws<InvalidOperationException>(() => Draw(3, 0).Read());

    [Fact]
    public void Add_AnotherNumberOfStreams_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new StreamSeparator(2).Add([1f], [0f], [([1f], [0f])]));

    private static StreamSeparator Draw(int symbols, uint trial)
    {
        var random = new CounterRandom(11, RandomPurpose.Test, trial);
        (float[] Re, float[] Im)[] known = [.. Gains.Select(_ => (new float[symbols], new float[symbols]))];
        float[] re = new float[symbols], im = new float[symbols];
        for (int n = 0; n < symbols; n++)
        {
            (double a, double b) = random.NormalPairAt((ulong)n);
            Complex sum = new(a, b);
            for (int s = 0; s < Gains.Length; s++)
            {
                (double x, double y) = random.NormalPairAt((ulong)(((s + 1) * 1000) + n));
                (known[s].Re[n], known[s].Im[n]) = ((float)(x * Math.Sqrt(0.5)), (float)(y * Math.Sqrt(0.5)));
                sum += Gains[s] * new Complex(known[s].Re[n], known[s].Im[n]);
            }

            (re[n], im[n]) = ((float)sum.Real, (float)sum.Imaginary);
        }

        var separator = new StreamSeparator(Gains.Length);
        separator.Add(re, im, known);
        return separator;
    }
}
