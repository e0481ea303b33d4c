using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>Four points.</summary>
internal readonly unsafe struct Radix4 : IRadix
{
    public static int Size => 4;

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
        TLanes x3r = TLanes.Load(re + (3 * inputStep)), x3i = TLanes.Load(im + (3 * inputStep));
        Butterflies.Four(ref x0r, ref x0i, ref x1r, ref x1i, ref x2r, ref x2i, ref x3r, ref x3i);
        x0r.Store(outRe);
        x0i.Store(outIm);
        TTwiddles.Store(x1r, x1i, table, imaginaryOffset, 0, outRe + outputStep, outIm + outputStep);
        TTwiddles.Store(x2r, x2i, table, imaginaryOffset, tableStep, outRe + (2 * outputStep), outIm + (2 * outputStep));
        TTwiddles.Store(x3r, x3i, table, imaginaryOffset, 2 * tableStep, outRe + (3 * outputStep), outIm + (3 * outputStep));
    }
}
