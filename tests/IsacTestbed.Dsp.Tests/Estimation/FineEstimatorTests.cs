using System.Numerics;
using IsacTestbed.Dsp.Estimation;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Dsp.Tests.Estimation;

public class FineEstimatorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100.25)]
    [InlineData(37.5)]
    [InlineData(211.987)]
    [InlineData(-0.4)]
    public void Delay_FractionalEchoAtHighSnr_WithinAFewThousandthsOfASample(double delay)
    {
        const int Length = 1024;
        float[] pulseRe = new float[256], pulseIm = new float[256];
        Pulses.LinearFm(0.6, pulseRe, pulseIm);
        float[] re = new float[Length], im = new float[Length];
        pulseRe.CopyTo(re, 0);
        pulseIm.CopyTo(im, 0);
        Complex amplitude = Complex.FromPolarCoordinates(0.7, 1.1);
        Delay(re, im, delay, amplitude);
        (float[] noiseRe, float[] noiseIm) = TestSignals.Noise(Length, 70, power: 0.49e-3);
        for (int n = 0; n < Length; n++)
        {
            re[n] += noiseRe[n];
            im[n] += noiseIm[n];
        }

        DelayEstimate estimate = DelayEstimator.Estimate(re, im, pulseRe, pulseIm);
        // Bound of Cramer and Rao: 1 / (2 pi beta sqrt(2 E/N0)), beta = 0.6 / sqrt(12), E/N0 = 54 dB: 0.0013 sample.
        Assert.Equal(delay, estimate.DelaySamples, 0.005);
        Assert.Equal(0.7, estimate.Amplitude.Magnitude, 0.01);
        Assert.Equal(1.1, estimate.Amplitude.Phase, 0.02);
    }

    [Theory]
    [InlineData(0.1234)]
    [InlineData(-0.4999)]
    [InlineData(0)]
    [InlineData(-0.001)]
    public void Frequency_ToneInNoise_WithinFiveTimesTheBound(double frequency)
    {
        const int Length = 200;
        (float[] re, float[] im) = TestSignals.Noise(Length, 71, power: 0.01);
        for (int n = 0; n < Length; n++)
        {
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * frequency * n);
            re[n] += (float)cosine;
            im[n] += (float)sine;
        }

        // Bound: sqrt(6 / (SNR N^3)) / (2 pi) = 1.4e-5 cycles per sample at 20 dB.
        Assert.Equal(frequency, FrequencyEstimator.CyclesPerSample(re, im), 7e-5);
    }

    private static void Delay(float[] re, float[] im, double delay, Complex amplitude)
    {
        int length = re.Length;
        FftPlan plan = new(length);
        float[] scratch = new float[plan.ScratchLength];
        plan.ForwardUnscaled(re, im, scratch, re, im);
        for (int k = 0; k < length; k++)
        {
            double signed = k < length / 2 ? k : k - length;
            Complex value = new Complex(re[k], im[k]) * amplitude * Complex.FromPolarCoordinates(1, -2 * Math.PI * signed * delay / length);
            (re[k], im[k]) = ((float)value.Real, (float)value.Imaginary);
        }

        plan.InverseScaledByLength(re, im, scratch, re, im);
    }
}
