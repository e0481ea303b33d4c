using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>A discrete Fourier transform of one length, prepared: factors and order of passes.</summary>
/// <remarks>
/// Forward: X(k) = sum_n x(n) exp(-2 pi i n k / N). Inverse: x(n) = sum_k X(k) exp(+2 pi i n k / N), without the 1/N unless the name says
/// so. Lengths whose prime factors are 2, 3 and 5 take O(N log N) passes of radix 16, 8, 4, 2, 5, 3; any other length is a convolution of a
/// power-of-two length (Bluestein, "A linear filtering approach to the computation of discrete Fourier transform", 1970), some six times
/// dearer. Factors are computed in double and rounded once. The same bits on every instruction tier. Immutable; threads share it, each
/// with its own scratch.
/// </remarks>
public sealed unsafe class FftPlan
{
    /// <summary>Longest transform; half of it for lengths with a prime factor above five.</summary>
    public const int MaximumLength = 1 << 26;

    private const int Alignment = 64;
    private readonly FftPass[] _passes;
    private readonly BluesteinPlan? _bluestein;

    /// <summary>Prepares a transform.</summary>
    /// <param name="length">Number of points, 1 to <see cref="MaximumLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside that range.</exception>
    public FftPlan(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaximumLength);
        Length = length;
        if (FftFactors.TryFactor(length, out int[] radices))
        {
            _passes = FftFactors.Passes(length, radices);
            ScratchLength = (2 * length) + (2 * Alignment / sizeof(float));
        }
        else
        {
            // Bluestein's convolution is longer than twice the transform.
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaximumLength / 2);
            _passes = [];
            _bluestein = new BluesteinPlan(length);
            ScratchLength = _bluestein.ScratchLength;
        }
    }

    /// <summary>Number of points N.</summary>
    public int Length { get; }

    /// <summary>Floats of scratch that a call needs.</summary>
    public int ScratchLength { get; }

    /// <summary>X(k) = sum_n x(n) exp(-2 pi i n k / N).</summary>
    /// <param name="re">Real input, N floats.</param>
    /// <param name="im">Imaginary input, N floats.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats that overlap nothing; contents are lost.</param>
    /// <param name="outRe">Real output, N floats; the same memory as <paramref name="re"/> or none of the input.</param>
    /// <param name="outIm">Imaginary output, N floats; the same memory as <paramref name="im"/> or none of the input.</param>
    /// <exception cref="ArgumentException">A length is wrong or spans overlap otherwise.</exception>
    public void ForwardUnscaled(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> scratch, Span<float> outRe, Span<float> outIm)
    {
        SpanRules.Length(re, im, Length, nameof(re));
        SpanRules.Length(outRe, outIm, Length, nameof(outRe));
        SpanRules.AtLeast(scratch, ScratchLength, nameof(scratch));
        SpanRules.Transform(re, im, outRe, outIm, nameof(outRe));
        SpanRules.Disjoint(scratch, re, nameof(scratch));
        SpanRules.Disjoint(scratch, im, nameof(scratch));
        SpanRules.Disjoint(scratch, outRe, nameof(scratch));
        SpanRules.Disjoint(scratch, outIm, nameof(scratch));
        fixed (float* pRe = re, pIm = im, pScratch = scratch, pOutRe = outRe, pOutIm = outIm)
        {
            Transform(new FftBuffer(pRe, pIm), pScratch, new FftBuffer(pOutRe, pOutIm));
        }
    }

    /// <summary>x(n) = sum_k X(k) exp(+2 pi i n k / N): N times the inverse transform.</summary>
    /// <inheritdoc cref="ForwardUnscaled" path="/param"/>
    /// <inheritdoc cref="ForwardUnscaled" path="/exception"/>
    public void InverseUnscaled(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> scratch, Span<float> outRe,
        Span<float> outIm) =>
        // Exchanging the real and imaginary parts before and after turns exp(-i) into exp(+i).
        ForwardUnscaled(im, re, scratch, outIm, outRe);

    /// <summary>x(n) = 1/N sum_k X(k) exp(+2 pi i n k / N): undoes <see cref="ForwardUnscaled"/>.</summary>
    /// <inheritdoc cref="ForwardUnscaled" path="/param"/>
    /// <inheritdoc cref="ForwardUnscaled" path="/exception"/>
    public void InverseScaledByLength(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> scratch, Span<float> outRe,
        Span<float> outIm)
    {
        InverseUnscaled(re, im, scratch, outRe, outIm);
        SplitComplex.Scale(outRe, outIm, (float)(1.0 / Length), outRe, outIm);
    }

    /// <summary>The transform on pinned memory; lengths and overlaps are the caller's promise.</summary>
    internal void Transform(FftBuffer input, float* scratch, FftBuffer output)
    {
        if (_bluestein is not null)
        {
            _bluestein.Transform(input, scratch, output);
            return;
        }

        if (_passes.Length == 0)
        {
            *output.Re = *input.Re;
            *output.Im = *input.Im;
            return;
        }

        float* re = Align(scratch);
        FftBuffer spare = new(re, Align(re + Length));
        // The last pass may run in place, any other may not: so the first always leaves the input for the scratch if there are several.
        FftBuffer from = input;
        for (int i = 0; i < _passes.Length; i++)
        {
            FftBuffer to = i == _passes.Length - 1 || i % 2 == 1 ? output : spare;
            _passes[i].Run(from, 1, to, 1, 1);
            from = to;
        }

        // The passes read their tables by address.
        GC.KeepAlive(this);
    }

    /// <summary>The first address on a cache line at or after this one; vectors that straddle two lines cost twice.</summary>
    internal static float* Align(float* address) => (float*)(((nint)address + Alignment - 1) & ~(Alignment - 1));
}
