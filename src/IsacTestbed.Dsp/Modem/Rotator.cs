using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IsacTestbed.Dsp.Modem;

/// <summary>Turns samples by a phase that grows linearly. Not thread safe: owns a block of phasors.</summary>
/// <remarks>
/// The phase at the start of each block of 64 comes from double precision, so it does not drift: sample n is turned by
/// 2 pi * cycles * n within float rounding, for any n.
/// </remarks>
internal sealed class Rotator
{
    private const int BlockLength = 64;

    private readonly float[] _cos = new float[BlockLength];
    private readonly float[] _sin = new float[BlockLength];
    private double _cycles = double.NaN;

    /// <summary>y[n] = x[n] exp(j 2 pi cycles (firstIndex + n)); x and y may be the same.</summary>
    public void Rotate(
        ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm, long firstIndex, double cycles, Span<float> yRe, Span<float> yIm)
    {
        if (cycles != _cycles)
        {
            _cycles = cycles;
            for (int i = 0; i < BlockLength; i++)
            {
                (double sin, double cos) = Math.SinCos(2 * Math.PI * cycles * i);
                (_cos[i], _sin[i]) = ((float)cos, (float)sin);
            }
        }

        for (int start = 0; start < xRe.Length; start += BlockLength)
        {
            double turns = cycles * (firstIndex + start);
            (double sin, double cos) = Math.SinCos(2 * Math.PI * (turns - Math.Round(turns)));
            int count = Math.Min(BlockLength, xRe.Length - start);
            RotateBlock(xRe.Slice(start, count), xIm.Slice(start, count), (float)cos, (float)sin, yRe.Slice(start, count), yIm.Slice(start, count));
        }
    }

    private void RotateBlock(ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm, float cos, float sin, Span<float> yRe, Span<float> yIm)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float a = ref MemoryMarshal.GetReference(xRe);
            ref float b = ref MemoryMarshal.GetReference(xIm);
            for (; i <= xRe.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> c = Vector256.LoadUnsafe(ref _cos[0], (nuint)i), s = Vector256.LoadUnsafe(ref _sin[0], (nuint)i);
                Vector256<float> pRe = (c * cos) - (s * sin), pIm = (c * sin) + (s * cos);
                Vector256<float> x = Vector256.LoadUnsafe(ref a, (nuint)i), y = Vector256.LoadUnsafe(ref b, (nuint)i);
                ((x * pRe) - (y * pIm)).StoreUnsafe(ref MemoryMarshal.GetReference(yRe), (nuint)i);
                ((x * pIm) + (y * pRe)).StoreUnsafe(ref MemoryMarshal.GetReference(yIm), (nuint)i);
            }
        }

        for (; i < xRe.Length; i++)
        {
            float pRe = (_cos[i] * cos) - (_sin[i] * sin), pIm = (_cos[i] * sin) + (_sin[i] * cos);
            (yRe[i], yIm[i]) = ((xRe[i] * pRe) - (xIm[i] * pIm), (xRe[i] * pIm) + (xIm[i] * pRe));
        }
    }
}
