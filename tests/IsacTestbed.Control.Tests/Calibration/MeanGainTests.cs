using IsacTestbed.Control.Calibration;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Calibration;

public sealed class MeanGainTests
{
    private const int Looks = 4000;

    /// <summary>Without measurements the model is believed, and one look moves it by a third of its way.</summary>
    [Fact]
    public void Ratio_OfThePrior_IsOne()
    {
        Assert.Equal(1, new MeanGain().Ratio);
        Assert.Equal(2, new MeanGain().Observe(4).Ratio, 12);
        Assert.True(new MeanGain().Observe(-50).Ratio > 0);
    }

    /// <summary>The mean of n exponential looks deviates by c / sqrt(n); five times that, and the prior's share of 2 / n.</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void Ratio_OfExponentialLooks_FindsTheirMean(double truth)
    {
        var random = new CounterRandom(1, RandomPurpose.Test);
        MeanGain gain = new();
        for (int i = 0; i < Looks; i++)
        {
            gain = gain.Observe(truth * random.ExponentialAt((ulong)i));
        }

        Assert.InRange(gain.Ratio - truth, -Tolerance(truth, Looks), Tolerance(truth, Looks));
    }

    /// <summary>Looks below a detection threshold are known only to be below it; here a fifth of them.</summary>
    [Fact]
    public void ObserveBelow_ALowThreshold_DoesNotPretendALowLook()
    {
        const double truth = 1.5, threshold = 0.1;
        var random = new CounterRandom(2, RandomPurpose.Test);
        MeanGain gain = new();
        for (int i = 0; i < Looks; i++)
        {
            double look = truth * random.ExponentialAt((ulong)i);
            gain = look < threshold ? gain.ObserveBelow(threshold) : gain.Observe(look);
        }

        // The bound overstates a censored look by at most the threshold: bias below P(censored) times it, plus the missing count.
        double censored = 1 - Math.Exp(-threshold / truth);
        Assert.InRange(gain.Ratio / truth, 1 - (5 / Math.Sqrt(Looks)), ((1 + (censored * threshold / truth)) / (1 - censored)) + (5 / Math.Sqrt(Looks)));
    }

    /// <summary>
    /// The interval is exact for exponential looks when the prior itself is true. Of 2000 repetitions 95 % cover the truth, within five
    /// binomial deviations of 0.5 %.
    /// </summary>
    [Fact]
    public void Interval_ByRepetition_CoversTheTruth()
    {
        const int repetitions = 2000, looks = 12;
        int covered = 0;
        var random = new CounterRandom(3, RandomPurpose.Test);
        for (int r = 0; r < repetitions; r++)
        {
            // The prior counts as two looks: two drawn ones in its place make the sum a gamma variable of the order the interval assumes.
            double sum = -MeanGain.PriorLooks;
            for (int i = 0; i < looks + (int)MeanGain.PriorLooks; i++)
            {
                sum += random.ExponentialAt((ulong)((r * 100) + i));
            }

            (double lower, double upper) = new MeanGain(looks, sum).Interval();
            covered += lower <= 1 && 1 <= upper ? 1 : 0;
        }

        Assert.InRange((double)covered / repetitions, 0.95 - (5 * 0.0049), 0.95 + (5 * 0.0049));
    }

    /// <summary>A look drowned in noise hardly counts: a thousand of them leave the estimate near its prior, whatever they say.</summary>
    [Fact]
    public void Observe_FarBelowTheNoise_HardlyCounts()
    {
        MeanGain gain = new();
        for (int i = 0; i < 1000; i++)
        {
            gain = gain.Observe(5, 1e6);
        }

        Assert.InRange(gain.Ratio, 1, 1.01);
    }

    private static double Tolerance(double truth, int looks) => (5 * truth / Math.Sqrt(looks)) + (2 * Math.Abs(1 - truth) / looks);
}
