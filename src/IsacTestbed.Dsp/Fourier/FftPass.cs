using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>One pass of a self-sorting (Stockham) transform: butterflies of one radix between two buffers.</summary>
/// <remarks>
/// With r the radix, s the product of the radices before, n = N / s and m = n / r, and rows that hold the points:
/// y(q + s (r p + k)) = w_n^(p k) sum_j x(q + s (p + m j)) w_r^(j k), 0 &lt;= p &lt; m, 0 &lt;= q &lt; s (Stockham; Van Loan,
/// "Computational Frameworks for the FFT", 1992, sec. 1.7). The index q runs over neighbours, so it is the one that is vectorised; many
/// columns are only more neighbours. In the first pass of a single transform s is one: there p is vectorised and the results are
/// transposed.
/// </remarks>
internal sealed unsafe class FftPass
{
    private readonly int _radix;
    private readonly int _stride;
    private readonly int _count;
    private readonly float[] _byButterfly;
    private readonly float[] _byFactor;

    /// <summary>A pass and its factors, computed in double.</summary>
    /// <param name="radix">r: 2, 3, 4, 5, 8 or 16.</param>
    /// <param name="stride">s.</param>
    /// <param name="length">N.</param>
    public FftPass(int radix, int stride, int length)
    {
        _radix = radix;
        _stride = stride;
        int remaining = length / stride;
        _count = remaining / radix;
        int factors = radix - 1, total = factors * _count;
        _byButterfly = _count == 1 ? [] : GC.AllocateUninitializedArray<float>(2 * total, pinned: true);
        _byFactor = _count == 1 || stride > 1 || radix != 16 ? [] : GC.AllocateUninitializedArray<float>(2 * total, pinned: true);
        for (int p = 0; p < _count && _count > 1; p++)
        {
            for (int k = 1; k < radix; k++)
            {
                (double sine, double cosine) = Math.SinCos(-2 * Math.PI * ((long)p * k % remaining) / remaining);
                int place = (p * factors) + k - 1;
                _byButterfly[place] = (float)cosine;
                _byButterfly[place + total] = (float)sine;
                if (_byFactor.Length > 0)
                {
                    place = ((k - 1) * _count) + p;
                    _byFactor[place] = (float)cosine;
                    _byFactor[place + total] = (float)sine;
                }
            }
        }
    }

    /// <summary>Runs the pass over one transform (width 1, pitches 1) or over neighbouring columns.</summary>
    /// <param name="width">Columns; each point of the transform is a row of that many floats.</param>
    /// <param name="inputPitch">Floats from one input row to the next.</param>
    /// <param name="outputPitch">Floats from one output row to the next.</param>
    public void Run(FftBuffer input, nint inputPitch, FftBuffer output, nint outputPitch, nint width)
    {
        switch (_radix)
        {
            case 2: Run<Radix2>(input, inputPitch, output, outputPitch, width); break;
            case 3: Run<Radix3>(input, inputPitch, output, outputPitch, width); break;
            case 4: Run<Radix4>(input, inputPitch, output, outputPitch, width); break;
            case 5: Run<Radix5>(input, inputPitch, output, outputPitch, width); break;
            case 8: Run<Radix8>(input, inputPitch, output, outputPitch, width); break;
            default: Run<Radix16>(input, inputPitch, output, outputPitch, width); break;
        }
    }

    private void Run<TRadix>(FftBuffer input, nint inputPitch, FftBuffer output, nint outputPitch, nint width)
        where TRadix : struct, IRadix
    {
        if (Lanes512.IsSupported)
        {
            Run<TRadix, Lanes512>(input, inputPitch, output, outputPitch, width);
        }
        else if (Lanes256.IsSupported)
        {
            Run<TRadix, Lanes256>(input, inputPitch, output, outputPitch, width);
        }
        else
        {
            Run<TRadix, Lanes1>(input, inputPitch, output, outputPitch, width);
        }
    }

    private void Run<TRadix, TLanes>(FftBuffer input, nint inputPitch, FftBuffer output, nint outputPitch, nint width)
        where TRadix : struct, IRadix
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (width == 1 && inputPitch == 1 && outputPitch == 1)
        {
            if (_byFactor.Length > 0)
            {
                RunTransposed<TLanes>(input, output, 0);
                return;
            }

            // Rows that touch are one row: the points of the passes before are the neighbours.
            Run<TRadix, TLanes>(input, _stride, output, _stride, _stride, 1);
            return;
        }

        Run<TRadix, TLanes>(input, inputPitch, output, outputPitch, width, _stride);
    }

    private void Run<TRadix, TLanes>(FftBuffer input, nint inputPitch, FftBuffer output, nint outputPitch, nint width, nint rows)
        where TRadix : struct, IRadix
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (_count == 1)
        {
            Run<TRadix, TLanes, NoTwiddles>(input, inputPitch, output, outputPitch, width, rows);
        }
        else
        {
            Run<TRadix, TLanes, SharedTwiddles>(input, inputPitch, output, outputPitch, width, rows);
        }
    }

    private void Run<TRadix, TLanes, TTwiddles>(FftBuffer input, nint inputPitch, FftBuffer output, nint outputPitch, nint width, nint rows)
        where TRadix : struct, IRadix
        where TLanes : unmanaged, ILanes<TLanes>
        where TTwiddles : struct, ITwiddles
    {
        int factors = TRadix.Size - 1;
        nint imaginary = (nint)factors * _count;
        nint inputStep = rows * _count * inputPitch, outputStep = rows * outputPitch;
        nint vectorWidth = width - (width % TLanes.Count);
        float* table = (float*)Address(_byButterfly);
        for (nint p = 0; p < _count; p++)
        {
            float* factor = table + (p * factors);
            for (nint row = 0; row < rows; row++)
            {
                nint from = ((p * rows) + row) * inputPitch;
                nint to = ((p * rows * TRadix.Size) + row) * outputPitch;
                nint q = 0;
                for (; q < vectorWidth; q += TLanes.Count)
                {
                    TRadix.Apply<TLanes, TTwiddles>(
                        input.Re + from + q, input.Im + from + q, inputStep, factor, 1, imaginary, output.Re + to + q, output.Im + to + q,
                        outputStep);
                }

                for (; q < width; q++)
                {
                    TRadix.Apply<Lanes1, TTwiddles>(
                        input.Re + from + q, input.Im + from + q, inputStep, factor, 1, imaginary, output.Re + to + q, output.Im + to + q,
                        outputStep);
                }
            }
        }
    }

    /// <summary>First pass of a single transform: neighbours are butterflies, each with its own factors.</summary>
    [SkipLocalsInit]
    private void RunTransposed<TLanes>(FftBuffer input, FftBuffer output, nint p)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* table = (float*)Address(_byFactor);
        nint imaginary = 15 * (nint)_count;
        float* space = stackalloc float[(2 * 16 * 16) + 16];
        float* re = (float*)(((nint)space + 63) & ~63);
        float* im = re + 256;
        for (; p + TLanes.Count <= _count; p += TLanes.Count)
        {
            Radix16.Apply<TLanes, LaneTwiddles>(input.Re + p, input.Im + p, _count, table + p, _count, imaginary, re, im, TLanes.Count);
            TLanes.Transpose16(re, output.Re + (16 * p));
            TLanes.Transpose16(im, output.Im + (16 * p));
        }

        if (TLanes.Count > Lanes256.Count && p + Lanes256.Count <= _count)
        {
            RunTransposed<Lanes256>(input, output, p);
            return;
        }

        for (; p < _count; p++)
        {
            Radix16.Apply<Lanes1, LaneTwiddles>(
                input.Re + p, input.Im + p, _count, table + p, _count, imaginary, output.Re + (16 * p), output.Im + (16 * p), 1);
        }
    }

    // The tables are allocated pinned, so their addresses hold for as long as this object lives; callers keep the plan alive.
    private static void* Address(float[] pinned) =>
        Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
