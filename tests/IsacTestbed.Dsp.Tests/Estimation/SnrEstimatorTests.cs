using IsacTestbed.Core;
using IsacTestbed.Dsp.Estimation;

namespace IsacTestbed.Dsp.Tests.Estimation;

public class SnrEstimatorTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(10, false)]
    [InlineData(20, false)]
    [InlineData(40, false)]
    [InlineData(0, true)]
    [InlineData(20, true)]
    [InlineData(40, true)]
    public void Estimate_ManyRepetitions_BiasBelowATenthOfADecibelAndIntervalCovers(double snrDb, bool fading)
    {
        const int Looks = 8, Noise = 64, Repetitions = 10_000, IntervalRepetitions = 600;
        const double Confidence = 0.9;
        double snr = Math.Pow(10, snrDb / 10), sum = 0;
        int covered = 0;
        float[] targetRe = new float[Looks], targetIm = new float[Looks], noiseRe = new float[Noise], noiseIm = new float[Noise];
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            CounterRandom random = new((ulong)snrDb, RandomPurpose.Test, (uint)repetition, fading ? 1u : 0u);
            for (int i = 0; i < Noise; i++)
            {
                (double a, double b) = random.NormalPairAt((ulong)i);
                (noiseRe[i], noiseIm[i]) = ((float)a, (float)b);
            }

            for (int i = 0; i < Looks; i++)
            {
                (double a, double b) = random.NormalPairAt((ulong)(1000 + i));
                (double c, double d) = random.NormalPairAt((ulong)(2000 + i));
                // Noise has power two here; the echo either fades (complex Gaussian) or has a fixed power and any phase.
                double scale = fading ? Math.Sqrt(snr) : Math.Sqrt(2 * snr / ((c * c) + (d * d)));
                (targetRe[i], targetIm[i]) = ((float)(a + (scale * c)), (float)(b + (scale * d)));
            }

            SnrEstimate estimate = SnrEstimator.FadingEcho(targetRe, targetIm, noiseRe, noiseIm, Confidence);
            sum += estimate.SnrLinear;
            if (repetition < IntervalRepetitions)
            {
                // Both models share the estimate; the interval of the constant echo is dear, hence fewer of them.
                SnrEstimate constant = SnrEstimator.ConstantEcho(targetRe, targetIm, noiseRe, noiseIm, Confidence);
                Assert.Equal(estimate.SnrLinear, constant.SnrLinear);
                SnrEstimate interval = fading ? estimate : constant;
                covered += interval.LowerLinear <= snr && snr <= interval.UpperLinear ? 1 : 0;
            }
        }

        // At 0 dB an estimate deviates by 0.75 of its mean, so the average of 10,000 by 0.75 %; 0.1 dB is 2.3 %, three of that.
        Assert.InRange(10 * Math.Log10(sum / Repetitions / snr), -0.1, 0.1);
        // Four standard deviations of a binomial of 600 at 0.9 are 29.
        Assert.InRange(covered, 540 - 29, 540 + 29);
    }

    [Fact]
    public void ConstantEcho_NoEcho_IntervalBeginsAtZero()
    {
        SnrEstimate estimate = SnrEstimator.ConstantEcho(4, 4, 100, 100);
        Assert.Equal(0, estimate.LowerLinear);
        Assert.InRange(estimate.UpperLinear, 0.5, 3);
        Assert.Equal(0.95, estimate.Confidence);
        Assert.Equal(-0.01, estimate.SnrLinear, 1e-12);
    }

    [Fact]
    public void ConstantEcho_MoreLooks_IntervalShrinksAsRootOfThem()
    {
        SnrEstimate few = SnrEstimator.ConstantEcho(101 * 10, 10, 1e6, 1_000_000), many = SnrEstimator.ConstantEcho(101 * 1000, 1000, 1e6,
            1_000_000);
        Assert.Equal(10, (few.UpperLinear - few.LowerLinear) / (many.UpperLinear - many.LowerLinear), 0.5);
    }

    [Fact]
    public void Estimate_BadInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => SnrEstimator.ConstantEcho(1, 1, 0, 10));
        Assert.Throws<ArgumentException>(() => SnrEstimator.FadingEcho(double.NaN, 1, 1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => SnrEstimator.FadingEcho(1, 0, 1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => SnrEstimator.FadingEcho(1, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SnrEstimator.FadingEcho(1, 1, 1, 10, 1));
    }
}
