using IsacTestbed.Control.Calibration;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Calibration;

public sealed class OutageGapTests
{
    [Fact]
    public void Gap_WithoutEvidence_IsThePrior() => Assert.Equal(2.0, OutageGap.FromPrior(2).Gap);

    /// <summary>Evidence that the prior explains moves nothing.</summary>
    [Fact]
    public void Gap_WithAgreeingEvidence_StaysAtThePrior() =>
        Assert.Equal(2.0, OutageGap.FromPrior(2).Observe(2.5, true).Observe(8, true).Observe(1.5, false).Gap);

    /// <summary>With 400 SNRs exponential around the threshold, neighbours lie within about 1 % of it: 0.3 dB leaves room for five of them.</summary>
    [Theory]
    [InlineData(1.0, 2.5)]
    [InlineData(4.0, 1.3)]
    public void Gap_OfCleanDecisions_FindsTheThreshold(double prior, double truth)
    {
        var random = new CounterRandom(1, RandomPurpose.Test);
        OutageGap gap = OutageGap.FromPrior(prior);
        for (int i = 0; i < 400; i++)
        {
            double snr = 3 * random.ExponentialAt((ulong)i);
            gap = gap.Observe(snr, snr >= truth);
        }

        Assert.InRange(10 * Math.Log10(gap.Gap / truth), -0.3, 0.3);
    }

    /// <summary>The SNR estimate has an error of 0.5 dB: decisions near the threshold contradict each other, and it is still found to that.</summary>
    [Fact]
    public void Gap_OfNoisyDecisions_FindsTheThresholdToTheNoise()
    {
        const double truth = 2;
        var random = new CounterRandom(2, RandomPurpose.Test);
        OutageGap gap = OutageGap.FromPrior(1);
        for (int i = 0; i < 400; i++)
        {
            double snr = 3 * random.ExponentialAt((ulong)(2 * i));
            double measured = snr * Math.Pow(10, 0.05 * random.NormalPairAt((ulong)((2 * i) + 1)).First);
            gap = gap.Observe(measured, snr >= truth);
        }

        Assert.InRange(10 * Math.Log10(gap.Gap / truth), -0.5, 0.5);
    }
}
