using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>Eight points: even and odd halves of four.</summary>
internal readonly unsafe struct Radix8 : IRadix
{
    public static int Size => 8;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TLanes, TTwiddles>(
        float* re, float* im, nint inputStep, float* table, nint tableStep, nint imaginaryOffset, float* outRe, float* outIm,
        nint outputStep)
        where TLanes : unmanaged, ILanes<TLanes>
        where TTwiddles : struct, ITwiddles
    {
        TLanes x0r = TLanes.Load(re), x0i = TLanes.Load(im);
        TLanes x2r = TLanes.Load(re + (2 * inputStep)), x2i = TLanes.Load(im + (2 * inputStep));
        TLanes x4r = TLanes.Load(re + (4 * inputStep)), x4i = TLanes.Load(im + (4 * inputStep));
        TLanes x6r = TLanes.Load(re + (6 * inputStep)), x6i = TLanes.Load(im + (6 * inputStep));
        Butterflies.Four(ref x0r, ref x0i, ref x2r, ref x2i, ref x4r, ref x4i, ref x6r, ref x6i);
        TLanes x1r = TLanes.Load(re + inputStep), x1i = TLanes.Load(im + inputStep);
        TLanes x3r = TLanes.Load(re + (3 * inputStep)), x3i = TLanes.Load(im + (3 * inputStep));
        TLanes x5r = TLanes.Load(re + (5 * inputStep)), x5i = TLanes.Load(im + (5 * inputStep));
        TLanes x7r = TLanes.Load(re + (7 * inputStep)), x7i = TLanes.Load(im + (7 * inputStep));
        Butterflies.Four(ref x1r, ref x1i, ref x3r, ref x3i, ref x5r, ref x5i, ref x7r, ref x7i);
        TLanes half = TLanes.Broadcast(Butterflies.RootHalf);
        TLanes ar = x3r + x3i, ai = x3i - x3r, br = x7i - x7r, bi = x7r + x7i;
        (x0r + x1r).Store(outRe);
        (x0i + x1i).Store(outIm);
        TTwiddles.Store(
            TLanes.MultiplyAdd(half, ar, x2r), TLanes.MultiplyAdd(half, ai, x2i), table, imaginaryOffset, 0,
            outRe + outputStep, outIm + outputStep);
        TTwiddles.Store(x4r + x5i, x4i - x5r, table, imaginaryOffset, tableStep, outRe + (2 * outputStep), outIm + (2 * outputStep));
        TTwiddles.Store(
            TLanes.MultiplyAdd(half, br, x6r), TLanes.NegateMultiplyAdd(half, bi, x6i), table, imaginaryOffset, 2 * tableStep,
            outRe + (3 * outputStep), outIm + (3 * outputStep));
        TTwiddles.Store(x0r - x1r, x0i - x1i, table, imaginaryOffset, 3 * tableStep, outRe + (4 * outputStep), outIm + (4 * outputStep));
        TTwiddles.Store(
            TLanes.NegateMultiplyAdd(half, ar, x2r), TLanes.NegateMultiplyAdd(half, ai, x2i), table, imaginaryOffset, 4 * tableStep,
            outRe + (5 * outputStep), outIm + (5 * outputStep));
        TTwiddles.Store(x4r - x5i, x4i + x5r, table, imaginaryOffset, 5 * tableStep, outRe + (6 * outputStep), outIm + (6 * outputStep));
        TTwiddles.Store(
            TLanes.NegateMultiplyAdd(half, br, x6r), TLanes.MultiplyAdd(half, bi, x6i), table, imaginaryOffset, 6 * tableStep,
            outRe + (7 * outputStep), outIm + (7 * outputStep));
    }
}
