using System.Numerics;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Radar;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Learning.Tests;

namespace IsacTestbed.Dsp.Tests.Radar;

public class RangeDopplerProcessorTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 3, 2)]
    [InlineData(3, 7, 7)]
    [InlineData(16, 129, 20)]
    [InlineData(20, 100, 50)]
    [InlineData(13, 65, 9)]
    public void Map_AnyShape_AgreesWithDefinition(int pulses, int samples, int pulse)
    {
        (float[] re, float[] im) = TestSignals.Noise(pulses * samples, 40);
        (float[] pulseRe, float[] pulseIm) = TestSignals.Noise(pulse, 41);
        Complex[] expected = Definition(re, im, pulses, samples, pulseRe, pulseIm);
        using RangeDopplerProcessor processor = new(pulses, samples, pulseRe, pulseIm);
        float[] mapRe = new float[re.Length], mapIm = new float[re.Length];
        processor.Process(re, im, mapRe, mapIm);
        Assert.InRange(TestSignals.RelativeError(expected, mapRe, mapIm), 0, 2e-6);
        processor.Process(re, im, re, im);
        Assert.Equal(mapRe, re);
        Assert.Equal(mapIm, im);
    }

    [Theory]
    [InlineData(128, 2048)]
    [InlineData(30, 999)]
    [InlineData(1, 64)]
    public void Map_AnyNumberOfThreads_SameBits(int pulses, int samples)
    {
        (float[] re, float[] im) = TestSignals.Noise(pulses * samples, 42);
        (float[] pulseRe, float[] pulseIm) = TestSignals.Noise(50, 43);
        float[] oneRe = new float[re.Length], oneIm = new float[re.Length], manyRe = new float[re.Length], manyIm = new float[re.Length];
        using (RangeDopplerProcessor one = new(pulses, samples, pulseRe, pulseIm))
        {
            one.Process(re, im, oneRe, oneIm);
        }

        foreach (int threads in (ReadOnlySpan<int>)[2, 3])
        {
            using RangeDopplerProcessor many = new(pulses, samples, pulseRe, pulseIm, threads);
            for (int repeat = 0; repeat < 3; repeat++)
            {
                manyRe.AsSpan().Clear();
                many.Process(re, im, manyRe, manyIm);
                Assert.Equal(oneRe, manyRe);
                Assert.Equal(oneIm, manyIm);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Map_AfterTheFirst_AllocatesNothing(int threads)
    {
        float[] pulseRe = new float[64], pulseIm = new float[64];
        Pulses.LinearFm(0.8, pulseRe, pulseIm);
        using RangeDopplerProcessor processor = new(32, 256, pulseRe, pulseIm, threads);
        (float[] re, float[] im) = TestSignals.Noise(32 * 256, 44);
        void Maps()
        {
            for (int i = 0; i < 5; i++)
            {
                processor.Process(re, im, re, im);
            }
        }

        Assert.Equal(0, SteadyAllocation.Of(Maps));
    }

    [Fact]
    public void Map_MovingEcho_StandsAtItsDelayAndDopplerWithCoherentGain()
    {
        const int Samples = 512, Count = 64, Delay = 77, Bin = 9;
        float[] pulseRe = new float[100], pulseIm = new float[100];
        Pulses.LinearFm(0.9, pulseRe, pulseIm);
        float[] re = new float[Samples * Count], im = new float[re.Length];
        for (int p = 0; p < Count; p++)
        {
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * Bin * p / Count);
            int at = (p * Samples) + Delay;
            SplitComplex.AddTurned(pulseRe, pulseIm, (float)(0.2 * cosine), (float)(0.2 * sine), re.AsSpan(at, 100), im.AsSpan(at, 100));
        }

        using RangeDopplerProcessor processor = new(Count, Samples, pulseRe, pulseIm);
        processor.Process(re, im, re, im);
        int peak = Enumerable.Range(0, re.Length).MaxBy(i => (re[i] * re[i]) + (im[i] * im[i]));
        Assert.Equal((Bin * Samples) + Delay, peak);
        Assert.Equal(0.2 * 10 * Count, re[peak], 1e-2);
        Assert.Equal(0, im[peak], 1e-2);
    }

    [Theory]
    [InlineData(16, 33)]
    [InlineData(128, 100)]
    [InlineData(60, 1)]
    [InlineData(31, 5)]
    [InlineData(1, 4)]
    [InlineData(64, 0)]
    public void ColumnFft_AnyShape_EqualsColumnByColumn(int length, int columns)
    {
        (float[] re, float[] im) = TestSignals.Noise(length * columns, 45);
        ColumnFftPlan plan = new(length);
        float[] outRe = new float[re.Length], outIm = new float[re.Length], scratch = new float[plan.ScratchLength];
        plan.ForwardUnscaled(re, im, columns, scratch, outRe, outIm);
        FftPlan single = new(length);
        float[] singleScratch = new float[single.ScratchLength], columnRe = new float[length], columnIm = new float[length];
        for (int c = 0; c < columns; c++)
        {
            for (int n = 0; n < length; n++)
            {
                (columnRe[n], columnIm[n]) = (re[(n * columns) + c], im[(n * columns) + c]);
            }

            single.ForwardUnscaled(columnRe, columnIm, singleScratch, columnRe, columnIm);
            for (int k = 0; k < length; k++)
            {
                Assert.Equal(columnRe[k], outRe[(k * columns) + c]);
                Assert.Equal(columnIm[k], outIm[(k * columns) + c]);
            }
        }
    }

    private static Complex[] Definition(float[] re, float[] im, int pulses, int samples, float[] pulseRe, float[] pulseIm)
    {
        double root = Math.Sqrt(SplitComplex.Energy(pulseRe, pulseIm));
        Complex[] compressed = new Complex[re.Length], map = new Complex[re.Length];
        for (int p = 0; p < pulses; p++)
        {
            for (int d = 0; d < samples; d++)
            {
                for (int m = 0; m < pulseRe.Length; m++)
                {
                    int at = (p * samples) + ((d + m) % samples);
                    compressed[(p * samples) + d] += new Complex(pulseRe[m], -pulseIm[m]) / root * new Complex(re[at], im[at]);
                }
            }
        }

        for (int k = 0; k < pulses; k++)
        {
            for (int p = 0; p < pulses; p++)
            {
                Complex turn = Complex.FromPolarCoordinates(1, -2 * Math.PI * (p * k % pulses) / pulses);
                for (int d = 0; d < samples; d++)
                {
                    map[(k * samples) + d] += compressed[(p * samples) + d] * turn;
                }
            }
        }

        return map;
    }
}
