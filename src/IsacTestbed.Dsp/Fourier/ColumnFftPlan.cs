using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>Forward transforms of all columns of a matrix at once, such as slow time under every range cell.</summary>
/// <remarks>
/// Same convention, accuracy and bits as <see cref="FftPlan"/>, column by column; vectorised across the columns, so nothing is transposed.
/// Columns are taken in blocks that fit the first-level cache. Immutable; threads share it, each with its own scratch.
/// </remarks>
public sealed unsafe class ColumnFftPlan
{
    /// <summary>Longest column.</summary>
    public const int MaximumLength = 1 << 23;

    /// <summary>Columns of a block: a whole number of cache lines.</summary>
    private const int BlockColumns = 32;

    private readonly FftPass[] _passes;
    private readonly FftPlan? _single;

    /// <summary>Prepares the transform.</summary>
    /// <param name="length">Points of a column (rows of the matrix), 1 to <see cref="MaximumLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside that range.</exception>
    public ColumnFftPlan(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaximumLength);
        Length = length;
        if (FftFactors.TryFactor(length, out int[] radices))
        {
            _passes = FftFactors.Passes(length, radices);
            ScratchLength = checked(4 * BlockColumns * length) + 64;
        }
        else
        {
            _passes = [];
            _single = new FftPlan(length);
            ScratchLength = _single.ScratchLength + (2 * length);
        }
    }

    /// <summary>Points of a column.</summary>
    public int Length { get; }

    /// <summary>Floats of scratch that a call needs, whatever the number of columns.</summary>
    public int ScratchLength { get; }

    /// <summary>X(k, c) = sum_n x(n, c) exp(-2 pi i n k / N) for every column c.</summary>
    /// <param name="re">Real input, N rows of <paramref name="columns"/> floats, row by row.</param>
    /// <param name="im">Imaginary input.</param>
    /// <param name="columns">Columns, zero or more.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats that overlap nothing.</param>
    /// <param name="outRe">Real output, same shape; the same memory as <paramref name="re"/> or none of the input.</param>
    /// <param name="outIm">Imaginary output, same shape.</param>
    /// <exception cref="ArgumentException">A length is wrong or spans overlap otherwise.</exception>
    public void ForwardUnscaled(
        ReadOnlySpan<float> re, ReadOnlySpan<float> im, int columns, Span<float> scratch, Span<float> outRe, Span<float> outIm)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        int total = checked(Length * columns);
        SpanRules.Length(re, im, total, nameof(re));
        SpanRules.Length(outRe, outIm, total, nameof(outRe));
        SpanRules.AtLeast(scratch, ScratchLength, nameof(scratch));
        SpanRules.Transform(re, im, outRe, outIm, nameof(outRe));
        SpanRules.Disjoint(scratch, re, nameof(scratch));
        SpanRules.Disjoint(scratch, im, nameof(scratch));
        SpanRules.Disjoint(scratch, outRe, nameof(scratch));
        SpanRules.Disjoint(scratch, outIm, nameof(scratch));
        fixed (float* pRe = re, pIm = im, pScratch = scratch, pOutRe = outRe, pOutIm = outIm)
        {
            Transform(new FftBuffer(pRe, pIm), columns, 0, columns, pScratch, new FftBuffer(pOutRe, pOutIm));
        }
    }

    /// <summary>Transforms columns <paramref name="first"/> to <paramref name="end"/> - 1 of pinned matrices of one pitch.</summary>
    internal void Transform(FftBuffer input, nint pitch, nint first, nint end, float* scratch, FftBuffer output)
    {
        if (_single is not null)
        {
            TransformOneByOne(input, pitch, first, end, scratch, output);
            return;
        }

        float* space = FftPlan.Align(scratch);
        nint part = (nint)BlockColumns * Length;
        FftBuffer one = new(space, space + part), two = new(space + (2 * part), space + (3 * part));
        for (nint column = first; column < end; column += BlockColumns)
        {
            nint width = Math.Min(BlockColumns, end - column);
            FftBuffer from = new(input.Re + column, input.Im + column), target = new(output.Re + column, output.Im + column);
            nint fromPitch = pitch;
            for (int i = 0; i < _passes.Length; i++)
            {
                bool last = i == _passes.Length - 1;
                FftBuffer to = last ? target : i % 2 == 0 ? one : two;
                nint toPitch = last ? pitch : BlockColumns;
                _passes[i].Run(from, fromPitch, to, toPitch, width);
                from = to;
                fromPitch = toPitch;
            }

            if (_passes.Length == 0)
            {
                new ReadOnlySpan<float>(from.Re, (int)width).CopyTo(new Span<float>(target.Re, (int)width));
                new ReadOnlySpan<float>(from.Im, (int)width).CopyTo(new Span<float>(target.Im, (int)width));
            }
        }

        // The passes read their tables by address.
        GC.KeepAlive(this);
    }

    private void TransformOneByOne(FftBuffer input, nint pitch, nint first, nint end, float* scratch, FftBuffer output)
    {
        FftBuffer column = new(scratch, scratch + Length);
        for (nint c = first; c < end; c++)
        {
            for (nint n = 0; n < Length; n++)
            {
                column.Re[n] = input.Re[(n * pitch) + c];
                column.Im[n] = input.Im[(n * pitch) + c];
            }

            _single!.Transform(column, scratch + (2 * Length), column);
            for (nint k = 0; k < Length; k++)
            {
                output.Re[(k * pitch) + c] = column.Re[k];
                output.Im[(k * pitch) + c] = column.Im[k];
            }
        }
    }
}
