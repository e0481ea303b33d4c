using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>Two points.</summary>
internal readonly unsafe struct Radix2 : IRadix
{
    public static int Size => 2;

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
        (x0r + x1r).Store(outRe);
        (x0i + x1i).Store(outIm);
        TTwiddles.Store(x0r - x1r, x0i - x1i, table, imaginaryOffset, 0, outRe + outputStep, outIm + outputStep);
    }
}
