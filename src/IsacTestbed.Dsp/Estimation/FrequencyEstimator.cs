using System.Numerics;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Estimation;

/// <summary>Frequency of one complex tone, such as the Doppler of an echo over its pulses or a carrier offset.</summary>
/// <remarks>
/// Maximum likelihood in white noise: the peak of the periodogram (Rife and Boorstyn, "Single-tone parameter estimation from discrete-time
/// observations", 1974), found on a fourfold zero-padded FFT and refined by golden section in double. Thread safe; allocates.
/// </remarks>
public static class FrequencyEstimator
{
    /// <summary>Estimates the frequency.</summary>
    /// <param name="re">Samples, n floats, at least two.</param>
    /// <param name="im">Samples.</param>
    /// <returns>Cycles per sample, in [-0.5, 0.5).</returns>
    /// <exception cref="ArgumentException">Lengths differ or there are fewer than two samples.</exception>
    public static double CyclesPerSample(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        SpanRules.SameLength(re, im, nameof(im));
        if (re.Length < 2)
        {
            throw new ArgumentException("A frequency needs at least two samples.", nameof(re));
        }

        FftPlan plan = new((int)BitOperations.RoundUpToPowerOf2((uint)checked(4 * re.Length)));
        float[] spectrumRe = new float[plan.Length], spectrumIm = new float[plan.Length];
        re.CopyTo(spectrumRe);
        im.CopyTo(spectrumIm);
        plan.ForwardUnscaled(spectrumRe, spectrumIm, new float[plan.ScratchLength], spectrumRe, spectrumIm);
        double bin = 1.0 / plan.Length, coarse = PeakSearch.Strongest(spectrumRe, spectrumIm) * bin;
        float[] real = re.ToArray(), imaginary = im.ToArray();
        double frequency = PeakSearch.Maximum(f => Periodogram(real, imaginary, f), coarse - bin, coarse + bin);
        return frequency - Math.Floor(frequency + 0.5);
    }

    private static double Periodogram(float[] re, float[] im, double frequency)
    {
        Complex step = Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency), phasor = Complex.One, sum = Complex.Zero;
        for (int n = 0; n < re.Length; n++)
        {
            sum += new Complex(re[n], im[n]) * phasor;
            phasor *= step;
        }

        return (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
    }
}
