using System.Numerics;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Radar;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Dsp.Tests.Radar;

public class CoherentAccumulatorTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(13, 129)]
    [InlineData(9, 2049)]
    public void AddCompensated_AllAtOnceOrOneByOne_SameBits(int snapshots, int samples)
    {
        (float[] re, float[] im) = TestSignals.Noise(snapshots * samples, 30);
        double[] phases = [.. Enumerable.Range(0, snapshots).Select(l => 0.1 + (0.7 * l))];
        float[] oneRe = new float[samples], oneIm = new float[samples], allRe = new float[samples], allIm = new float[samples];
        Complex[] expected = new Complex[samples];
        for (int l = 0; l < snapshots; l++)
        {
            CoherentAccumulator.AddCompensated(re.AsSpan(l * samples, samples), im.AsSpan(l * samples, samples), phases[l], oneRe, oneIm);
            for (int n = 0; n < samples; n++)
            {
                expected[n] += new Complex(re[(l * samples) + n], im[(l * samples) + n]) * Complex.FromPolarCoordinates(1, -phases[l]);
            }
        }

        CoherentAccumulator.AddCompensated(re, im, phases, allRe, allIm);
        Assert.Equal(oneRe, allRe);
        Assert.Equal(oneIm, allIm);
        Assert.InRange(TestSignals.RelativeError(expected, allRe, allIm), 0, 1e-6);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(19, 129)]
    [InlineData(8, 2049)]
    public void Add_SnapshotsInPhase_IsTheirSum(int snapshots, int samples)
    {
        (float[] re, float[] im) = TestSignals.Noise(snapshots * samples, 31);
        float[] sumRe = new float[samples], sumIm = new float[samples];
        CoherentAccumulator.Add(re, im, sumRe, sumIm);
        for (int n = 0; n < samples; n++)
        {
            float expected = 0;
            for (int l = 0; l < snapshots; l++)
            {
                expected += re[(l * samples) + n];
            }

            Assert.Equal(expected, sumRe[n]);
        }

        Assert.Throws<ArgumentException>(() => CoherentAccumulator.Add(new float[5], new float[5], new float[3], new float[3]));
    }

    [Fact]
    public void AccumulateThenFilter_OrFilterThenAccumulate_AgreeByLinearity()
    {
        const int Snapshots = 16, Samples = 500;
        (float[] re, float[] im) = TestSignals.Noise(Snapshots * Samples, 32);
        (float[] pulseRe, float[] pulseIm) = TestSignals.Noise(64, 33);
        double[] phases = [.. Enumerable.Range(0, Snapshots).Select(l => 0.3 * l)];
        MatchedFilter filter = new(pulseRe, pulseIm, Samples);
        float[] scratch = new float[filter.ScratchLength];
        float[] firstRe = new float[Samples], firstIm = new float[Samples], lastRe = new float[Samples], lastIm = new float[Samples];
        CoherentAccumulator.AddCompensated(re, im, phases, firstRe, firstIm);
        filter.Correlate(firstRe, firstIm, scratch, firstRe, firstIm);
        for (int l = 0; l < Snapshots; l++)
        {
            filter.Correlate(re.AsSpan(l * Samples, Samples), im.AsSpan(l * Samples, Samples), scratch, re.AsSpan(l * Samples, Samples),
                im.AsSpan(l * Samples, Samples));
        }

        CoherentAccumulator.AddCompensated(re, im, phases, lastRe, lastIm);
        Assert.InRange(TestSignals.RelativeError(TestSignals.ToComplex(lastRe, lastIm), firstRe, firstIm), 0, 2e-6);
    }

    [Fact]
    public void Accumulation_EchoWithDoppler_RaisesSnrByNumberOfSnapshots()
    {
        const int Snapshots = 64, Samples = 4096, Delay = 100;
        const double Step = 0.9, Amplitude = 0.5;
        float[] pulseRe = new float[64], pulseIm = new float[64];
        Pulses.ZadoffChu(5, pulseRe.AsSpan(0, 63), pulseIm.AsSpan(0, 63));
        (float[] re, float[] im) = TestSignals.Noise(Snapshots * Samples, 34);
        for (int l = 0; l < Snapshots; l++)
        {
            (double sine, double cosine) = Math.SinCos(Step * l);
            SplitComplex.AddTurned(
                pulseRe, pulseIm, (float)(Amplitude * cosine), (float)(Amplitude * sine), re.AsSpan((l * Samples) + Delay, 64),
                    im.AsSpan((l * Samples) + Delay, 64));
        }

        MatchedFilter filter = new(pulseRe, pulseIm, Samples);
        float[] sumRe = new float[Samples], sumIm = new float[Samples];
        CoherentAccumulator.AddCompensated(re, im, [.. Enumerable.Range(0, Snapshots).Select(l => Step * l)], sumRe, sumIm);
        filter.Correlate(sumRe, sumIm, new float[filter.ScratchLength], sumRe, sumIm);
        double peak = (sumRe[Delay] * (double)sumRe[Delay]) + (sumIm[Delay] * (double)sumIm[Delay]);
        double noise = SplitComplex.Energy(sumRe.AsSpan(1000, 3000), sumIm.AsSpan(1000, 3000)) / 3000;
        double expected = Amplitude * Amplitude * 63 * Snapshots;
        // SNR 1008: the peak's relative deviation is sqrt(2 / 1008) = 4.5 %, the noise's 1.8 %; five of both together.
        Assert.InRange(peak / noise / expected, 0.76, 1.24);
    }
}
