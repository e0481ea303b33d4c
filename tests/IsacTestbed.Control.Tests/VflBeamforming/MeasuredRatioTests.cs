using IsacTestbed.Control.VflBeamforming;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.VflBeamforming;

/// <summary>Intervals of ratios and of the rates that are summed from them.</summary>
public sealed class MeasuredRatioTests
{
    private const int Trials = 2000;

    [Fact]
    public void Of_NoisyPowers_CoversTheTruthInNineteenOfTwenty()
    {
        var random = new CounterRandom(11, RandomPurpose.Test, 1, 0);
        int covered = 0, ratesCovered = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            // Ratios of 3 and of 0.5, powers known to a twentieth and a thirtieth.
            var ratios = new MeasuredRatio[2];
            double[] truths = [3, 0.5];
            for (int i = 0; i < 2; i++)
            {
                (double a, double b) = random.NormalPairAt((ulong)((2 * trial) + i));
                double signal = truths[i] * (1 + (a / 20)), rest = 1 + (b / 30);
                ratios[i] = MeasuredRatio.Of(signal, Math.Pow(truths[i] / 20, 2), rest, Math.Pow(1.0 / 30, 2));
            }

            covered += ratios[0].Lower <= 3 && ratios[0].Upper >= 3 ? 1 : 0;
            MeasuredRatio rate = MeasuredRatio.SumOfIndependent(ratios.Select(r => r.Rate()));
            ratesCovered += rate.Lower <= 2 + Math.Log2(1.5) && rate.Upper >= 2 + Math.Log2(1.5) ? 1 : 0;
        }

        // 0.95 of 2000 trials has a deviation of 0.5 %; four of these, and half a per cent for the delta method.
        Assert.InRange(covered / (double)Trials, 0.925, 0.975);
        Assert.InRange(ratesCovered / (double)Trials, 0.925, 0.975);
    }

    [Fact]
    public void BesidePrediction_BothUncertain_CoversInNineteenOfTwenty()
    {
        var random = new CounterRandom(12, RandomPurpose.Test, 1, 0);
        int covered = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            // A ratio of 3 that is measured to a fifteenth and predicted to a tenth.
            (double a, double b) = random.NormalPairAt((ulong)trial);
            double predicted = 3 * (1 + (b / 10));
            MeasuredRatio ratio = MeasuredRatio.Of(3 * (1 + (a / 15)), Math.Pow(3.0 / 15, 2), 1, 0).BesidePrediction(Math.Pow(3.0 / 10, 2));
            covered += ratio.Lower <= predicted && ratio.Upper >= predicted ? 1 : 0;
        }

        // As above; nothing is linearised here.
        Assert.InRange(covered / (double)Trials, 0.93, 0.97);
    }

    [Fact]
    public void Of_SignalLostInNoise_ReachesDownToZeroAndHasNoNegativeRate()
    {
        var lost = MeasuredRatio.Of(-0.01, 0.0004, 1, 0.0001);
        Assert.Equal((-0.01, 0.0), (lost.Value, lost.Lower));
        Assert.InRange(lost.Upper, 0.02, 0.04);
        Assert.Equal(0, lost.Rate().Value);
    }

    [Fact]
    public void SumOfDependent_SameFigureTwice_DoublesItsInterval()
    {
        var one = new MeasuredRatio(2, 1.5, 2.5);
        Assert.Equal(new MeasuredRatio(4, 3, 5), MeasuredRatio.SumOfDependent([one, one]));
        Assert.Equal(4 - Math.Sqrt(0.5), MeasuredRatio.SumOfIndependent([one, one]).Lower, 1e-12);
    }
}
