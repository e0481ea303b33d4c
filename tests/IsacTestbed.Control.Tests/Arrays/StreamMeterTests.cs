using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Arrays;

/// <summary>The measured SINR of a known stream: unbiased, and its interval covers as often as it says.</summary>
public sealed class StreamMeterTests
{
    [Theory]
    [InlineData(0.01, 200, 1)]
    [InlineData(1, 50, 2)]
    [InlineData(30, 400, 3)]
    public void Read_GaussianRest_IsUnbiasedAndCovers(double sinr, int symbols, ulong seed)
    {
        const int trials = 500;
        int covered = 0;
        double sum = 0, squares = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            StreamReading reading = Draw(sinr, symbols, seed, (uint)trial).Read();
            covered += sinr >= reading.Lower && sinr <= reading.Upper ? 1 : 0;
            sum += reading.Sinr;
            squares += reading.Sinr * reading.Sinr;
        }

        // The mean of the trials within five of its own standard errors; the coverage within five of sqrt(0.95 x 0.05 / 500).
        double mean = sum / trials, error = Math.Sqrt(((squares / trials) - (mean * mean)) / trials);
        Assert.InRange(mean, sinr - (5 * error), sinr + (5 * error));
        Assert.InRange((double)covered / trials, 0.95 - 0.049, 1);
    }

    [Fact]
    public void Add_InParts_IsTheSameAsAtOnce()
    {
        (float[] z, float[] zi, float[] s, float[] si) = Symbols(3, 100, 9, 0);
        StreamMeter whole = new(), parts = new();
        whole.Add(z, zi, s, si);
        parts.Add(z.AsSpan(0, 30), zi.AsSpan(0, 30), s.AsSpan(0, 30), si.AsSpan(0, 30));
        parts.Add(z.AsSpan(30), zi.AsSpan(30), s.AsSpan(30), si.AsSpan(30));
        Assert.Equal(whole.Read().Sinr, parts.Read().Sinr, 1e-9);
        Assert.Equal(100, parts.Symbols);
    }

    [Fact]
    public void Read_Nothing_IsRefused() => Assert.Throws<InvalidOperationException>(() => new StreamMeter().Read());

    private static StreamMeter Draw(double sinr, int symbols, ulong seed, uint trial)
    {
        (float[] z, float[] zi, float[] s, float[] si) = Symbols(sinr, symbols, seed, trial);
        var meter = new StreamMeter();
        meter.Add(z, zi, s, si);
        return meter;
    }

    // Symbols of constant modulus, so that the energy of the stream is what the ratio says.
    private static (float[] ObservedRe, float[] ObservedIm, float[] KnownRe, float[] KnownIm) Symbols(double sinr, int symbols, ulong seed, uint trial)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, trial);
        float[] z = new float[symbols], zi = new float[symbols], s = new float[symbols], si = new float[symbols];
        for (int n = 0; n < symbols; n++)
        {
            (double sine, double cosine) = Math.SinCos(Math.PI / 2 * random.IntegerAt((ulong)n, 4));
            (double re, double im) = random.NormalPairAt((ulong)(1000 + n));
            (s[n], si[n]) = ((float)cosine, (float)sine);
            double amplitude = Math.Sqrt(2 * sinr);
            (z[n], zi[n]) = ((float)((amplitude * cosine) + re), (float)((amplitude * sine) + im));
        }

        return (z, zi, s, si);
    }
}
