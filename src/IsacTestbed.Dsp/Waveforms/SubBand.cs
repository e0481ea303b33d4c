using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Waveforms;

/// <summary>A part of a sampled band as a stream of its own at a lower rate, and back again.</summary>
/// <remarks>
/// Over one period of N samples the band has N bins. The sub-band is a run of them; the n bins around its centre are the transform of n samples
/// at n / N of the rate. Both directions move the run and clear all other bins: resampler, shift and filter in one, without a transition or
/// a delay of its own. Sample k of the one rate and sample k N / n of the other are the same instant, amplitudes are kept, and what lies
/// inside the run comes back as it was, to the rounding of single precision. White noise of variance N0 per sample is lowered to
/// N0 x bins / N. The carrier of the shift has phase zero at the first sample of a buffer.
/// What is given counts as periodic: signals that end inside the period have ends that ring, and what rings past the one end of the period
/// comes back at the other. Immutable and thread safe; calls allocate.
/// </remarks>
public sealed class SubBand
{
    private readonly FftPlan _wide;
    private readonly FftPlan _narrow;

    /// <summary>A sub-band.</summary>
    /// <param name="period">Samples of a period at the rate of the band, N.</param>
    /// <param name="samples">Samples of a period at the lower rate, n, 1 to N.</param>
    /// <param name="centreBin">Bin that becomes frequency zero.</param>
    /// <param name="firstBin">First bin that passes, at least -N / 2 and within n / 2 of the centre.</param>
    /// <param name="bins">Number of bins that pass, at least one; the last is below N / 2 and within n / 2 of the centre.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public SubBand(int period, int samples, int centreBin, int firstBin, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, period);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        int lowest = Math.Max(-(period / 2), centreBin - (samples / 2));
        int highest = Math.Min((period - 1) / 2, centreBin + ((samples - 1) / 2));
        if (firstBin < lowest || firstBin + (bins - 1) > highest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstBin),
                firstBin,
                $"{bins} bins from here do not lie within {lowest} to {highest}, which {samples} of {period} samples around bin {centreBin} can hold.");
        }

        (CentreBin, FirstBin, Bins) = (centreBin, firstBin, bins);
        _wide = new FftPlan(period);
        _narrow = new FftPlan(samples);
    }

    /// <summary>Samples of a period at the rate of the band.</summary>
    public int Period => _wide.Length;

    /// <summary>Samples of a period at the lower rate.</summary>
    public int Samples => _narrow.Length;

    /// <summary>Bin that becomes frequency zero; over the period, its frequency in cycles per sample of the band.</summary>
    public int CentreBin { get; }

    /// <summary>First bin that passes.</summary>
    public int FirstBin { get; }

    /// <summary>Number of bins that pass.</summary>
    public int Bins { get; }

    /// <summary>The lower rate over that of the band.</summary>
    public double RateShare => (double)Samples / Period;

    /// <summary>Brings a stream to the rate of the band and to its place in it.</summary>
    /// <param name="re">Samples at the lower rate, at most <see cref="Samples"/>; zeros follow.</param>
    /// <param name="im">As many.</param>
    /// <param name="outRe">Receives samples at the rate of the band, at most <see cref="Period"/>.</param>
    /// <param name="outIm">Receives as many.</param>
    /// <exception cref="ArgumentException">Lengths differ or exceed the period.</exception>
    public void Raise(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm) =>
        Move(_narrow, CentreBin, re, im, _wide, 0, outRe, outIm);

    /// <summary>Takes the sub-band out and brings it to the lower rate.</summary>
    /// <param name="re">Samples at the rate of the band, at most <see cref="Period"/>; zeros follow.</param>
    /// <param name="im">As many.</param>
    /// <param name="outRe">Receives samples at the lower rate, at most <see cref="Samples"/>.</param>
    /// <param name="outIm">Receives as many.</param>
    /// <exception cref="ArgumentException">Lengths differ or exceed the period.</exception>
    public void Lower(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm) =>
        Move(_wide, 0, re, im, _narrow, CentreBin, outRe, outIm);

    private void Move(
        FftPlan from, int fromCentre, ReadOnlySpan<float> re, ReadOnlySpan<float> im, FftPlan to, int toCentre, Span<float> outRe, Span<float> outIm)
    {
        SpanRules.SameLength(re, im, nameof(im));
        SpanRules.SameLength(outRe, outIm, nameof(outIm));
        if (re.Length > from.Length || outRe.Length > to.Length)
        {
            throw new ArgumentException(
                $"{re.Length} samples in and {outRe.Length} out; a period has {from.Length} and {to.Length}.", nameof(re));
        }

        float[] scratch = new float[Math.Max(from.ScratchLength, to.ScratchLength)];
        float[] x = new float[from.Length], y = new float[from.Length], u = new float[to.Length], v = new float[to.Length];
        re.CopyTo(x);
        im.CopyTo(y);
        from.ForwardUnscaled(x, y, scratch, x, y);
        float scale = 1f / from.Length;
        for (int bin = FirstBin; bin < FirstBin + Bins; bin++)
        {
            int source = Index(bin - fromCentre, from.Length), target = Index(bin - toCentre, to.Length);
            (u[target], v[target]) = (scale * x[source], scale * y[source]);
        }

        to.InverseUnscaled(u, v, scratch, u, v);
        u.AsSpan(0, outRe.Length).CopyTo(outRe);
        v.AsSpan(0, outIm.Length).CopyTo(outIm);
    }

    private static int Index(int frequency, int length) => frequency < 0 ? frequency + length : frequency;
}
