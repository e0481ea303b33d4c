using System.Numerics;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Estimation;

/// <summary>An echo's delay and complex amplitude.</summary>
/// <param name="DelaySamples">Delay of the block's echo against the reference, in samples, fractional.</param>
/// <param name="Amplitude">Echo over reference.</param>
public readonly record struct DelayEstimate(double DelaySamples, Complex Amplitude);

/// <summary>Delay of one echo of a known pulse, to a small part of a sample.</summary>
/// <remarks>
/// Maximum likelihood for a single echo in white noise: the tau that maximises |sum_k X(k) conj(S(k)) exp(2 pi i f_k tau)|, that is the
/// correlation interpolated without limit. The grid's peak is found by FFT and refined by golden section in double. Thread safe; allocates
/// (an instrument, not a kernel).
/// </remarks>
public static class DelayEstimator
{
    /// <summary>Estimates delay and amplitude of the strongest echo.</summary>
    /// <param name="re">Received block, n floats.</param>
    /// <param name="im">Received block.</param>
    /// <param name="pulseRe">Reference pulse, m floats.</param>
    /// <param name="pulseIm">Reference pulse.</param>
    /// <returns>Delay in (-m, n).</returns>
    /// <exception cref="ArgumentException">Lengths differ or are zero, or the pulse has no energy.</exception>
    public static DelayEstimate Estimate(
        ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> pulseRe, ReadOnlySpan<float> pulseIm)
    {
        SpanRules.SameLength(re, im, nameof(im));
        SpanRules.SameLength(pulseRe, pulseIm, nameof(pulseIm));
        double energy = SplitComplex.Energy(pulseRe, pulseIm);
        if (re.Length == 0 || !(energy > 0))
        {
            throw new ArgumentException("A delay needs a block and a pulse with energy.", nameof(pulseRe));
        }

        FftPlan plan = new((int)BitOperations.RoundUpToPowerOf2((uint)checked(re.Length + pulseRe.Length)));
        int length = plan.Length;
        float[] scratch = new float[plan.ScratchLength];
        (float[] crossRe, float[] crossIm) = Spectrum(plan, re, im, scratch);
        (float[] pulseSpectrumRe, float[] pulseSpectrumIm) = Spectrum(plan, pulseRe, pulseIm, scratch);
        SplitComplex.MultiplyConjugate(crossRe, crossIm, pulseSpectrumRe, pulseSpectrumIm, crossRe, crossIm);
        float[] lagRe = new float[length], lagIm = new float[length];
        plan.InverseUnscaled(crossRe, crossIm, scratch, lagRe, lagIm);
        int peak = PeakSearch.Strongest(lagRe, lagIm);
        double coarse = peak >= re.Length ? peak - length : peak;
        // The Nyquist bin has no sign of its own, so it cannot tell a fraction of a sample.
        crossRe[length / 2] = crossIm[length / 2] = 0;
        double delay = PeakSearch.Maximum(tau => Magnitude(Sum(crossRe, crossIm, tau)), coarse - 1, coarse + 1);
        return new DelayEstimate(delay, Sum(crossRe, crossIm, delay) / (energy * length));
    }

    private static (float[] Re, float[] Im) Spectrum(FftPlan plan, ReadOnlySpan<float> re, ReadOnlySpan<float> im, float[] scratch)
    {
        float[] spectrumRe = new float[plan.Length], spectrumIm = new float[plan.Length];
        re.CopyTo(spectrumRe);
        im.CopyTo(spectrumIm);
        plan.ForwardUnscaled(spectrumRe, spectrumIm, scratch, spectrumRe, spectrumIm);
        return (spectrumRe, spectrumIm);
    }

    private static double Magnitude(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);

    private static Complex Sum(float[] re, float[] im, double delay)
    {
        int length = re.Length;
        Complex step = Complex.FromPolarCoordinates(1, 2 * Math.PI * delay / length);
        Complex sum = Complex.Zero, phasor = Complex.FromPolarCoordinates(1, -Math.PI * delay);
        for (int i = 0; i < length; i++)
        {
            int k = (i + (length / 2)) % length;
            sum += new Complex(re[k], im[k]) * phasor;
            phasor *= step;
        }

        return sum;
    }
}
