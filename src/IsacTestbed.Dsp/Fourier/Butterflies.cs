using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>The parts that the radices share.</summary>
internal static class Butterflies
{
    /// <summary>sqrt(1/2).</summary>
    public const float RootHalf = 0.707106781f;

    /// <summary>Forward DFT of four points in place; output k replaces input k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four<TLanes>(
        ref TLanes x0r, ref TLanes x0i, ref TLanes x1r, ref TLanes x1i, ref TLanes x2r, ref TLanes x2i, ref TLanes x3r, ref TLanes x3i)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes ar = x0r + x2r, ai = x0i + x2i, br = x0r - x2r, bi = x0i - x2i;
        TLanes lastRe = x3r, lastIm = x3i;
        TLanes cr = x1r + lastRe, ci = x1i + lastIm, dr = x1r - lastRe, di = x1i - lastIm;
        x0r = ar + cr;
        x0i = ai + ci;
        x1r = br + di;
        x1i = bi - dr;
        x2r = ar - cr;
        x2i = ai - ci;
        x3r = br - di;
        x3i = bi + dr;
    }

    /// <summary>x (cosine - i sine).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn<TLanes>(ref TLanes re, ref TLanes im, TLanes cosine, TLanes sine)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes turned = TLanes.MultiplyAdd(im, sine, re * cosine);
        im = TLanes.NegateMultiplyAdd(re, sine, im * cosine);
        re = turned;
    }
}
