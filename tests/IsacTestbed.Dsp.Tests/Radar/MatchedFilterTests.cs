using System.Numerics;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Radar;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Dsp.Tests.Radar;

public class MatchedFilterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(129, 129)]
    [InlineData(200, 33)]
    [InlineData(2049, 500)]
    [InlineData(5, 40)]
    public void ThreeWays_AnyLengths_Agree(int block, int pulse)
    {
        (float[] re, float[] im) = TestSignals.Noise(block, 20);
        (float[] pulseRe, float[] pulseIm) = TestSignals.Noise(pulse, 21);
        MatchedFilter filter = new(pulseRe, pulseIm, block);
        Complex[] expected = Definition(re, im, filter);
        float[] directRe = new float[block], directIm = new float[block], fftRe = new float[block], fftIm = new float[block];
        filter.Direct(re, im, directRe, directIm);
        filter.Correlate(re, im, new float[filter.ScratchLength], fftRe, fftIm);
        Assert.InRange(TestSignals.RelativeError(expected, directRe, directIm), 0, 1e-6);
        Assert.InRange(TestSignals.RelativeError(expected, fftRe, fftIm), 0, 1e-6);
        (float[] savedRe, float[] savedIm) = Stream(new OverlapSaveFilter(pulseRe, pulseIm), re, im, 37);
        Assert.Equal(block, savedRe.Length);
        Assert.InRange(TestSignals.RelativeError(expected, savedRe, savedIm), 0, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1000)]
    public void OverlapSave_AnyBlocking_SameBits(int blocking)
    {
        (float[] re, float[] im) = TestSignals.Noise(3000, 22);
        (float[] pulseRe, float[] pulseIm) = TestSignals.Noise(50, 23);
        (float[] wholeRe, float[] wholeIm) = Stream(new OverlapSaveFilter(pulseRe, pulseIm, 128), re, im, re.Length);
        (float[] partsRe, float[] partsIm) = Stream(new OverlapSaveFilter(pulseRe, pulseIm, 128), re, im, blocking);
        Assert.Equal(wholeRe, partsRe);
        Assert.Equal(wholeIm, partsIm);
    }

    [Fact]
    public void Correlate_EchoInNoise_PeakIsAmplitudeTimesRootEnergyAndNoisePasses()
    {
        const int Block = 40000, Delay = 1234;
        float[] pulseRe = new float[256], pulseIm = new float[256];
        Pulses.LinearFm(0.5, pulseRe, pulseIm);
        MatchedFilter filter = new(pulseRe, pulseIm, Block);
        float[] re = new float[Block], im = new float[Block], scratch = new float[filter.ScratchLength];
        SplitComplex.AddTurned(pulseRe, pulseIm, 0.3f, -0.4f, re.AsSpan(Delay, 256), im.AsSpan(Delay, 256));
        filter.Correlate(re, im, scratch, re, im);
        Assert.Equal(0.3 * 16, re[Delay], 1e-4);
        Assert.Equal(-0.4 * 16, im[Delay], 1e-4);

        (re, im) = TestSignals.Noise(Block, 24, power: 2);
        filter.Correlate(re, im, scratch, re, im);
        // Outputs 1/B = 2 samples apart are independent, so some 20,000 exponential powers are averaged: five deviations are 3.5 %.
        Assert.InRange(SplitComplex.Energy(re.AsSpan(0, Block - 256), im.AsSpan(0, Block - 256)) / (Block - 256), 2 * 0.965, 2 * 1.035);
    }

    [Fact]
    public void Construction_PulseWithoutEnergy_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new MatchedFilter(new float[4], new float[4], 10));
        Assert.Throws<ArgumentException>(() => new MatchedFilter([], [], 10));
        Assert.Throws<ArgumentException>(() => new MatchedFilter(new float[] { 1, float.NaN }, new float[2], 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OverlapSaveFilter(new float[] { 1, 1 }, new float[2], 3));
    }

    private static Complex[] Definition(float[] re, float[] im, MatchedFilter filter)
    {
        Complex[] result = new Complex[re.Length];
        for (int d = 0; d < re.Length; d++)
        {
            for (int m = 0; m < filter.PulseLength && d + m < re.Length; m++)
            {
                result[d] += Complex.Conjugate(new Complex(filter.ReferenceRe[m], filter.ReferenceIm[m])) * new Complex(re[d + m],
                    im[d + m]);
            }
        }

        return result;
    }

    private static (float[] Re, float[] Im) Stream(OverlapSaveFilter filter, float[] re, float[] im, int blocking)
    {
        float[] outRe = new float[re.Length + (2 * filter.MaximumOutput(blocking))], outIm = new float[outRe.Length];
        int delivered = 0;
        for (int i = 0; i < re.Length; i += blocking)
        {
            int count = Math.Min(blocking, re.Length - i);
            delivered += filter.Process(re.AsSpan(i, count), im.AsSpan(i, count), outRe.AsSpan(delivered), outIm.AsSpan(delivered));
        }

        delivered += filter.Finish(outRe.AsSpan(delivered), outIm.AsSpan(delivered));
        return (outRe[..delivered], outIm[..delivered]);
    }
}
