using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>Five points.</summary>
internal readonly unsafe struct Radix5 : IRadix
{
    /// <summary>cos(2 pi / 5).</summary>
    private const float Cosine1 = 0.309016994f;

    /// <summary>cos(4 pi / 5).</summary>
    private const float Cosine2 = -0.809016994f;

    /// <summary>sin(2 pi / 5).</summary>
    private const float Sine1 = 0.951056516f;

    /// <summary>sin(4 pi / 5).</summary>
    private const float Sine2 = 0.587785252f;

    public static int Size => 5;

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
        TLanes x4r = TLanes.Load(re + (4 * inputStep)), x4i = TLanes.Load(im + (4 * inputStep));
        TLanes c1 = TLanes.Broadcast(Cosine1), c2 = TLanes.Broadcast(Cosine2), s1 = TLanes.Broadcast(Sine1), s2 = TLanes.Broadcast(Sine2);
        TLanes ar = x1r + x4r, ai = x1i + x4i, br = x2r + x3r, bi = x2i + x3i;
        TLanes cr = x1r - x4r, ci = x1i - x4i, dr = x2r - x3r, di = x2i - x3i;
        TLanes er = TLanes.MultiplyAdd(c2, br, TLanes.MultiplyAdd(c1, ar, x0r));
        TLanes ei = TLanes.MultiplyAdd(c2, bi, TLanes.MultiplyAdd(c1, ai, x0i));
        TLanes fr = TLanes.MultiplyAdd(c1, br, TLanes.MultiplyAdd(c2, ar, x0r));
        TLanes fi = TLanes.MultiplyAdd(c1, bi, TLanes.MultiplyAdd(c2, ai, x0i));
        TLanes gr = TLanes.MultiplyAdd(s2, dr, s1 * cr), gi = TLanes.MultiplyAdd(s2, di, s1 * ci);
        TLanes hr = TLanes.NegateMultiplyAdd(s1, dr, s2 * cr), hi = TLanes.NegateMultiplyAdd(s1, di, s2 * ci);
        (x0r + (ar + br)).Store(outRe);
        (x0i + (ai + bi)).Store(outIm);
        TTwiddles.Store(er + gi, ei - gr, table, imaginaryOffset, 0, outRe + outputStep, outIm + outputStep);
        TTwiddles.Store(fr + hi, fi - hr, table, imaginaryOffset, tableStep, outRe + (2 * outputStep), outIm + (2 * outputStep));
        TTwiddles.Store(fr - hi, fi + hr, table, imaginaryOffset, 2 * tableStep, outRe + (3 * outputStep), outIm + (3 * outputStep));
        TTwiddles.Store(er - gi, ei + gr, table, imaginaryOffset, 3 * tableStep, outRe + (4 * outputStep), outIm + (4 * outputStep));
    }
}
