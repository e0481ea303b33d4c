using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>Three points.</summary>
internal readonly unsafe struct Radix3 : IRadix
{
    /// <summary>sin(2 pi / 3).</summary>
    private const float Sine = 0.866025404f;

    public static int Size => 3;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TLanes, TTwiddles>(
        float* re, float* im, nint inputStep, float* table, nint tableStep, nint imaginaryOffset, float* outRe, float* outIm,
        nint outputStep)
        where TLanes : unmanaged, ILanes<TLanes>
        where TTwiddles : struct, ITwiddles
    {
        TLanes x0r = TLanes.Load(re), x0i = TLanes.Load(im);
        TLanes x1r = TLanes.Load(re + inputStep), x1i = TLanes.Load(im + inputStep);
        TLanes x2r = TLanes.Load(re + (2 * inputStep)), x2i = TLanes.Load(im + (2 * inputStep));
        TLanes half = TLanes.Broadcast(0.5f), sine = TLanes.Broadcast(Sine);
        TLanes sr = x1r + x2r, si = x1i + x2i, dr = x1r - x2r, di = x1i - x2i;
        TLanes mr = TLanes.NegateMultiplyAdd(half, sr, x0r), mi = TLanes.NegateMultiplyAdd(half, si, x0i);
        (x0r + sr).Store(outRe);
        (x0i + si).Store(outIm);
        TTwiddles.Store(
            TLanes.MultiplyAdd(sine, di, mr), TLanes.NegateMultiplyAdd(sine, dr, mi), table, imaginaryOffset, 0,
            outRe + outputStep, outIm + outputStep);
        TTwiddles.Store(
            TLanes.NegateMultiplyAdd(sine, di, mr), TLanes.MultiplyAdd(sine, dr, mi), table, imaginaryOffset, tableStep,
            outRe + (2 * outputStep), outIm + (2 * outputStep));
    }
}
