using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.VflBeamforming;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Arrays;

/// <summary>Errors that go through ratios, rates and sums: intervals cover as often as they say, also where figures err together.</summary>
public sealed class UncertainFigureTests
{
    private const int Trials = 2000;

    [Fact]
    public void Interval_RatesThatErrTogether_CoversTheirSumInNineteenOfTwenty()
    {
        var random = new CounterRandom(11, RandomPurpose.Test, 1, 0);
        int covered = 0, ofOne = 0;
        double squares = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            // SINRs of 3 and of 0.5 over one rest that both have: signals known to a twentieth each, the rest to a fifteenth.
            (double a, double b) = random.NormalPairAt((ulong)(2 * trial));
            (double c, _) = random.NormalPairAt((ulong)((2 * trial) + 1));
            UncertainFigure rest = Figure(1 + (c / 15), "rest", 1.0 / 15);
            UncertainFigure one = Figure(3 * (1 + (a / 20)), "one", 3.0 / 20) / rest, other = Figure(0.5 * (1 + (b / 20)), "other", 0.5 / 20) / rest;
            UncertainFigure sum = one.Rate() + other.Rate();
            double deviation = sum.Value - (2 + Math.Log2(1.5));
            squares += deviation * deviation / sum.Variance;
            covered += Math.Abs(deviation) <= FigurePair.HalfWidth(sum.Variance) ? 1 : 0;
            ofOne += Math.Abs(one.Value - 3) <= FigurePair.HalfWidth(one.Variance) ? 1 : 0;
        }

        // 0.95 of 2000 trials has a deviation of 0.5 %; four of these, and half a per cent for the delta method. Chi-square over 2000 deviates by
        // 3.2 %; taken as independent, the two would have three quarters of the variance and this would be 1.3.
        Assert.InRange(covered / (double)Trials, 0.925, 0.975);
        Assert.InRange(ofOne / (double)Trials, 0.925, 0.975);
        Assert.InRange(squares / Trials, 0.87, 1.13);
    }

    [Fact]
    public void Interval_SameErrorOnBothSides_IsNone()
    {
        UncertainFigure predicted = Figure(2, "sounding", 0.1), measured = Figure(2.3, "sounding", 0.1);
        Assert.Equal((2.3, 2.3, 2.3), new FigurePair(predicted, measured).Interval());
        Assert.Equal(2 * 1.959964 * 0.1, 2 * FigurePair.HalfWidth((measured - UncertainFigure.Exact(2)).Variance), 1e-12);
    }

    [Fact]
    public void Interval_SignalLostInNoise_ReachesDownToZeroAndHasNoNegativeRate()
    {
        UncertainFigure lost = Figure(-0.01, "symbols", 0.02);
        (double value, double? lower, double? upper) = new FigurePair(UncertainFigure.Exact(0.001), lost).Interval();
        Assert.Equal((-0.01, 0.0), (value, lower));
        Assert.InRange(upper!.Value, 0.029, 0.0295);
        Assert.Equal(0, lost.Rate().Value);
    }

    [Fact]
    public void Interval_NoMeasurement_IsNone() =>
        Assert.Equal((0, null, null), (new FigurePair(UncertainFigure.Exact(1), null) + FigurePair.Zero).Rate().Interval());

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(4)]
    public void Power_NoisyGain_IsUnbiasedAndHasTheVarianceItSays(double magnitude)
    {
        var random = new CounterRandom(12, RandomPurpose.Test, 1, 0);
        double sum = 0, squares = 0, claimed = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            (double re, double im) = random.NormalPairAt((ulong)trial);
            Complex error = new Complex(re, im) / Math.Sqrt(2), phase = Complex.FromPolarCoordinates(1, trial);
            UncertainFigure power = UncertainAmplitude.Of((magnitude * phase) + error, ErrorSource.Channel("a", "b"), [Complex.One]).Power();
            double deviation = power.Value - (magnitude * magnitude);
            sum += deviation;
            squares += deviation * deviation;
            claimed += power.Variance;
        }

        // The mean within four of its standard errors. Squared deviations of an exponential, the worst of these, deviate by sqrt(8) of their mean:
        // 6 % over the trials; the claimed variance, whose positive part is a little too large near zero, has a quarter more there.
        double variance = (2 * magnitude * magnitude) + 1;
        Assert.InRange(sum / Trials, -4 * Math.Sqrt(variance / Trials), 4 * Math.Sqrt(variance / Trials));
        Assert.Equal(variance, squares / Trials, 0.25 * variance);
        Assert.InRange(claimed / Trials / variance, 0.9, magnitude > 2 ? 1.1 : 1.9);
    }

    private static UncertainFigure Figure(double value, string source, double deviation) =>
        UncertainFigure.Of(value, new Dictionary<ErrorSource, double[]> { [ErrorSource.Noise(source, source)] = [deviation] });
}
