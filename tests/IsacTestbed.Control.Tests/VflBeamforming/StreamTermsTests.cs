using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.VflBeamforming;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.VflBeamforming;

/// <summary>What symbols contribute to the errors of SINRs, at receivers that hear the same streams.</summary>
public sealed class StreamTermsTests
{
    private const int Symbols = 256;
    private const int Trials = 500;

    [Theory]
    [InlineData(0, 1.25, 1.6)]
    [InlineData(1, 0.2, 0.8)]
    public void Rates_ReceiversOfTheSameStreams_ErrTogetherAsTheySay(double cross, double leastIndependent, double mostIndependent)
    {
        Complex[][] gains = GainsOf(cross);
        double truth = Enumerable.Range(0, 2).Sum(r => Math.Log2(1 + Sinr(gains[r], r)));
        double squares = 0, independent = 0, mean = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            UncertainFigure[] rates = [.. Enumerable.Range(0, 2).Select(r => Rate(gains[r], r, (uint)trial))];
            UncertainFigure sum = rates[0] + rates[1];
            double deviation = sum.Value - truth;
            squares += deviation * deviation / sum.Variance / Trials;
            independent += deviation * deviation / rates.Sum(r => r.Variance) / Trials;
            mean += deviation / Math.Sqrt(sum.Variance * Trials);
        }

        // Chi-square over 500 trials deviates by 6.3 %, four of these; a variance that is itself estimated from 256 symbols adds up to three per
        // cent. Interference that both hear makes them err alike, own streams in each other's rest may make them err against each other: the sum
        // of their variances is none of the sum.
        Assert.InRange(squares, 0.75, 1.28);
        Assert.InRange(mean, -4, 4);
        Assert.InRange(independent, leastIndependent, mostIndependent);
    }

    [Fact]
    public void Gains_SeparatedStreams_ErrAsTheySayAlsoTogether()
    {
        // All four streams of one receiver apart: the power of two of them, whose errors hang together a little through the finite frame.
        double squares = 0, noise = 0;
        Complex[] gains = GainsOf(1)[0];
        double truth = Square(gains[0]) + Square(gains[1]);
        for (int trial = 0; trial < Trials; trial++)
        {
            (float[] re, float[] im, (float[] Re, float[] Im)[] streams) = Receive(gains, 0, (uint)trial);
            var terms = new StreamTerms(re, im, streams);
            UncertainFigure power = terms.Gains[0].Power() + terms.Gains[1].Power();
            squares += Math.Pow(power.Value - truth, 2) / power.Variance / Trials;
            noise += Math.Pow(terms.Rest.Value - 1, 2) / terms.Rest.Variance / Trials;
        }

        // As above.
        Assert.InRange(squares, 0.75, 1.28);
        Assert.InRange(noise, 0.75, 1.28);
    }

    // Rows are receivers, columns streams: each receiver's own stream and what it hears of the other's, then two that both hear.
    private static Complex[][] GainsOf(double cross) =>
    [
        [new(6, 2), cross * new Complex(-2, 6), new(1.5, 0.5), new(0.2, 0.1)],
        [cross * new Complex(-5, 4), new(4, 5), new(-1, 1), new(0.3, 0)],
    ];

    private static double Sinr(Complex[] gains, int receiver) =>
        Square(gains[receiver]) / (1 + Enumerable.Range(0, 4).Where(s => s != receiver).Sum(s => Square(gains[s])));

    private static UncertainFigure Rate(Complex[] gains, int receiver, uint trial)
    {
        (float[] re, float[] im, (float[] Re, float[] Im)[] streams) = Receive(gains, receiver, trial);
        var terms = new StreamTerms(re, im, [streams[receiver]]);
        return (terms.Gains[0].Power() / terms.Rest).Rate();
    }

    private static (float[] Re, float[] Im, (float[] Re, float[] Im)[] Streams) Receive(Complex[] gains, int receiver, uint trial)
    {
        var random = new CounterRandom(21, RandomPurpose.Test, trial);
        (float[] Re, float[] Im)[] streams = [.. Enumerable.Range(0, 4).Select(s => Noise(random, s, Math.Sqrt(0.5)))];
        (float[] re, float[] im) = Noise(random, 4 + receiver, Math.Sqrt(0.5));
        for (int n = 0; n < Symbols; n++)
        {
            Complex sum = new(re[n], im[n]);
            for (int s = 0; s < 4; s++)
            {
                sum += gains[s] * new Complex(streams[s].Re[n], streams[s].Im[n]);
            }

            (re[n], im[n]) = ((float)sum.Real, (float)sum.Imaginary);
        }

        return (re, im, streams);
    }

    private static (float[] Re, float[] Im) Noise(CounterRandom random, int number, double deviation)
    {
        float[] re = new float[Symbols], im = new float[Symbols];
        for (int n = 0; n < Symbols; n++)
        {
            (double a, double b) = random.NormalPairAt((ulong)((number * Symbols) + n));
            (re[n], im[n]) = ((float)(deviation * a), (float)(deviation * b));
        }

        return (re, im);
    }

    private static double Square(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
