using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Radar;

/// <summary>The matched filter of one pulse: correlates a received block with the pulse, scaled to unit energy.</summary>
/// <remarks>
/// y(d) = sum_m conj(h(m)) x(d + m), h = s / sqrt(sum |s|^2), for the lags d = 0 .. n - 1 of a block of n samples, with x = 0 outside the
/// block. An echo a s(n - d) peaks at lag d with a sqrt(E), E = sum |s|^2; white noise of power sigma^2 leaves with power sigma^2, so the
/// SNR at the peak is |a|^2 E / sigma^2. Three ways give the same figures: <see cref="Direct"/> at n M operations, <see cref="Correlate"/>
/// by one FFT of the whole block, and <see cref="OverlapSaveFilter"/> for streams. Immutable; threads share it, each with its own scratch.
/// </remarks>
public sealed class MatchedFilter
{
    private readonly float[] _re;
    private readonly float[] _im;
    private readonly FftPlan _plan;
    private readonly float[] _spectrumRe;
    private readonly float[] _spectrumIm;

    /// <summary>Prepares the filter of a pulse for blocks of one length.</summary>
    /// <param name="pulseRe">The transmitted pulse s, m floats; copied. Its scale does not matter.</param>
    /// <param name="pulseIm">The transmitted pulse, m floats.</param>
    /// <param name="blockLength">Samples n of a received block.</param>
    /// <exception cref="ArgumentException">The pulse is empty, has no energy, or its parts differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The block length is not positive, or block and pulse exceed the longest
    /// FFT.</exception>
    public MatchedFilter(ReadOnlySpan<float> pulseRe, ReadOnlySpan<float> pulseIm, int blockLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockLength);
        (_re, _im) = UnitEnergy(pulseRe, pulseIm);
        BlockLength = blockLength;
        _plan = new FftPlan(FastLength(checked(blockLength + pulseRe.Length - 1)));
        (_spectrumRe, _spectrumIm) = ReferenceSpectrum(_plan, _re, _im);
        ScratchLength = (2 * _plan.Length) + _plan.ScratchLength;
    }

    /// <summary>Samples n of a received block, and lags that come out.</summary>
    public int BlockLength { get; }

    /// <summary>Samples m of the pulse.</summary>
    public int PulseLength => _re.Length;

    /// <summary>Floats of scratch that <see cref="Correlate"/> needs.</summary>
    public int ScratchLength { get; }

    /// <summary>The unit-energy reference h, m floats.</summary>
    public ReadOnlySpan<float> ReferenceRe => _re;

    /// <summary>The unit-energy reference h, m floats.</summary>
    public ReadOnlySpan<float> ReferenceIm => _im;

    /// <summary>y(d) for every lag, by FFT.</summary>
    /// <param name="re">Block x, n floats.</param>
    /// <param name="im">Block x, n floats.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats that overlap nothing.</param>
    /// <param name="outRe">y, n floats; may be the same memory as the input's part.</param>
    /// <param name="outIm">y, n floats; may be the same memory as the input's part.</param>
    /// <exception cref="ArgumentException">A length is wrong or spans overlap otherwise.</exception>
    public void Correlate(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> scratch, Span<float> outRe, Span<float> outIm)
    {
        Check(re, im, outRe, outIm);
        SpanRules.AtLeast(scratch, ScratchLength, nameof(scratch));
        int size = _plan.Length;
        Span<float> workRe = scratch[..size], workIm = scratch.Slice(size, size), inner = scratch[(2 * size)..];
        re.CopyTo(workRe);
        im.CopyTo(workIm);
        workRe[re.Length..].Clear();
        workIm[im.Length..].Clear();
        CircularCorrelate(_plan, _spectrumRe, _spectrumIm, workRe, workIm, inner);
        workRe[..outRe.Length].CopyTo(outRe);
        workIm[..outIm.Length].CopyTo(outIm);
    }

    /// <summary>y(d) for every lag, tap by tap: n m complex multiply-adds, no scratch.</summary>
    /// <param name="re">Block x, n floats.</param>
    /// <param name="im">Block x, n floats.</param>
    /// <param name="outRe">y, n floats; overlaps no input.</param>
    /// <param name="outIm">y, n floats; overlaps no input.</param>
    /// <exception cref="ArgumentException">A length is wrong or spans overlap.</exception>
    public void Direct(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm)
    {
        Check(re, im, outRe, outIm);
        SpanRules.Disjoint(re, outRe, nameof(outRe));
        SpanRules.Disjoint(im, outIm, nameof(outIm));
        outRe.Clear();
        outIm.Clear();
        for (int m = 0; m < Math.Min(_re.Length, re.Length); m++)
        {
            SplitComplex.AddTurned(re[m..], im[m..], _re[m], -_im[m], outRe[..^m], outIm[..^m]);
        }
    }

    /// <summary>h = s / sqrt(sum |s|^2).</summary>
    internal static (float[] Re, float[] Im) UnitEnergy(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        SpanRules.SameLength(re, im, "pulse");
        double energy = SplitComplex.Energy(re, im);
        if (re.Length == 0 || !double.IsFinite(energy) || energy <= 0)
        {
            throw new ArgumentException($"A reference pulse of {re.Length} samples with energy {energy} cannot be matched.", nameof(re));
        }

        float[] unitRe = new float[re.Length], unitIm = new float[im.Length];
        SplitComplex.Scale(re, im, (float)(1 / Math.Sqrt(energy)), unitRe, unitIm);
        return (unitRe, unitIm);
    }

    /// <summary>H(k) / N of a reference, zero-padded to the plan: the 1/N saves the scaling of the inverse transform.</summary>
    internal static (float[] Re, float[] Im) ReferenceSpectrum(FftPlan plan, ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        float[] spectrumRe = new float[plan.Length], spectrumIm = new float[plan.Length], scratch = new float[plan.ScratchLength];
        re.CopyTo(spectrumRe);
        im.CopyTo(spectrumIm);
        plan.ForwardUnscaled(spectrumRe, spectrumIm, scratch, spectrumRe, spectrumIm);
        SplitComplex.Scale(spectrumRe, spectrumIm, (float)(1.0 / plan.Length), spectrumRe, spectrumIm);
        return (spectrumRe, spectrumIm);
    }

    /// <summary>In place: inverse FFT of X conj(H).</summary>
    internal static void CircularCorrelate(
        FftPlan plan, ReadOnlySpan<float> spectrumRe, ReadOnlySpan<float> spectrumIm, Span<float> re, Span<float> im, Span<float> scratch)
    {
        plan.ForwardUnscaled(re, im, scratch, re, im);
        SplitComplex.MultiplyConjugate(re, im, spectrumRe, spectrumIm, re, im);
        plan.InverseUnscaled(re, im, scratch, re, im);
    }

    /// <summary>The power of two at or above a length.</summary>
    internal static int FastLength(int length) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length);

    private void Check(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> outRe, ReadOnlySpan<float> outIm)
    {
        SpanRules.Length(re, im, BlockLength, nameof(re));
        SpanRules.Length(outRe, outIm, BlockLength, nameof(outRe));
        SpanRules.Transform(re, im, outRe, outIm, nameof(outRe));
    }
}
