using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>Sixteen points as four by four: X(c + 4 d) = sum_b w16^(b c) w4^(b d) sum_a x(4 a + b) w4^(a c).</summary>
internal readonly unsafe struct Radix16 : IRadix
{
    /// <summary>cos(pi / 8).</summary>
    private const float Cosine = 0.923879533f;

    /// <summary>sin(pi / 8).</summary>
    private const float Sine = 0.382683432f;

    public static int Size => 16;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TLanes, TTwiddles>(
        float* re, float* im, nint inputStep, float* table, nint tableStep, nint imaginaryOffset, float* outRe, float* outIm,
        nint outputStep)
        where TLanes : unmanaged, ILanes<TLanes>
        where TTwiddles : struct, ITwiddles
    {
        TLanes x0r = TLanes.Load(re), x0i = TLanes.Load(im);
        TLanes x4r = TLanes.Load(re + (4 * inputStep)), x4i = TLanes.Load(im + (4 * inputStep));
        TLanes x8r = TLanes.Load(re + (8 * inputStep)), x8i = TLanes.Load(im + (8 * inputStep));
        TLanes x12r = TLanes.Load(re + (12 * inputStep)), x12i = TLanes.Load(im + (12 * inputStep));
        Butterflies.Four(ref x0r, ref x0i, ref x4r, ref x4i, ref x8r, ref x8i, ref x12r, ref x12i);
        TLanes cosine = TLanes.Broadcast(Cosine), sine = TLanes.Broadcast(Sine), half = TLanes.Broadcast(Butterflies.RootHalf);
        TLanes x1r = TLanes.Load(re + inputStep), x1i = TLanes.Load(im + inputStep);
        TLanes x5r = TLanes.Load(re + (5 * inputStep)), x5i = TLanes.Load(im + (5 * inputStep));
        TLanes x9r = TLanes.Load(re + (9 * inputStep)), x9i = TLanes.Load(im + (9 * inputStep));
        TLanes x13r = TLanes.Load(re + (13 * inputStep)), x13i = TLanes.Load(im + (13 * inputStep));
        Butterflies.Four(ref x1r, ref x1i, ref x5r, ref x5i, ref x9r, ref x9i, ref x13r, ref x13i);
        Butterflies.Turn(ref x5r, ref x5i, cosine, sine);
        (x9r, x9i) = (half * (x9r + x9i), half * (x9i - x9r));
        Butterflies.Turn(ref x13r, ref x13i, sine, cosine);
        TLanes x2r = TLanes.Load(re + (2 * inputStep)), x2i = TLanes.Load(im + (2 * inputStep));
        TLanes x6r = TLanes.Load(re + (6 * inputStep)), x6i = TLanes.Load(im + (6 * inputStep));
        TLanes x10r = TLanes.Load(re + (10 * inputStep)), x10i = TLanes.Load(im + (10 * inputStep));
        TLanes x14r = TLanes.Load(re + (14 * inputStep)), x14i = TLanes.Load(im + (14 * inputStep));
        Butterflies.Four(ref x2r, ref x2i, ref x6r, ref x6i, ref x10r, ref x10i, ref x14r, ref x14i);
        (x6r, x6i) = (half * (x6r + x6i), half * (x6i - x6r));
        (x10r, x10i) = (x10i, TLanes.Broadcast(0) - x10r);
        (x14r, x14i) = (half * (x14i - x14r), TLanes.Broadcast(-Butterflies.RootHalf) * (x14r + x14i));
        TLanes x3r = TLanes.Load(re + (3 * inputStep)), x3i = TLanes.Load(im + (3 * inputStep));
        TLanes x7r = TLanes.Load(re + (7 * inputStep)), x7i = TLanes.Load(im + (7 * inputStep));
        TLanes x11r = TLanes.Load(re + (11 * inputStep)), x11i = TLanes.Load(im + (11 * inputStep));
        TLanes x15r = TLanes.Load(re + (15 * inputStep)), x15i = TLanes.Load(im + (15 * inputStep));
        Butterflies.Four(ref x3r, ref x3i, ref x7r, ref x7i, ref x11r, ref x11i, ref x15r, ref x15i);
        Butterflies.Turn(ref x7r, ref x7i, sine, cosine);
        (x11r, x11i) = (half * (x11i - x11r), TLanes.Broadcast(-Butterflies.RootHalf) * (x11r + x11i));
        Butterflies.Turn(ref x15r, ref x15i, TLanes.Broadcast(-Cosine), TLanes.Broadcast(-Sine));
        Butterflies.Four(ref x0r, ref x0i, ref x1r, ref x1i, ref x2r, ref x2i, ref x3r, ref x3i);
        x0r.Store(outRe);
        x0i.Store(outIm);
        TTwiddles.Store(x1r, x1i, table, imaginaryOffset, 3 * tableStep, outRe + (4 * outputStep), outIm + (4 * outputStep));
        TTwiddles.Store(x2r, x2i, table, imaginaryOffset, 7 * tableStep, outRe + (8 * outputStep), outIm + (8 * outputStep));
        TTwiddles.Store(x3r, x3i, table, imaginaryOffset, 11 * tableStep, outRe + (12 * outputStep), outIm + (12 * outputStep));
        Butterflies.Four(ref x4r, ref x4i, ref x5r, ref x5i, ref x6r, ref x6i, ref x7r, ref x7i);
        TTwiddles.Store(x4r, x4i, table, imaginaryOffset, 0, outRe + outputStep, outIm + outputStep);
        TTwiddles.Store(x5r, x5i, table, imaginaryOffset, 4 * tableStep, outRe + (5 * outputStep), outIm + (5 * outputStep));
        TTwiddles.Store(x6r, x6i, table, imaginaryOffset, 8 * tableStep, outRe + (9 * outputStep), outIm + (9 * outputStep));
        TTwiddles.Store(x7r, x7i, table, imaginaryOffset, 12 * tableStep, outRe + (13 * outputStep), outIm + (13 * outputStep));
        Butterflies.Four(ref x8r, ref x8i, ref x9r, ref x9i, ref x10r, ref x10i, ref x11r, ref x11i);
        TTwiddles.Store(x8r, x8i, table, imaginaryOffset, tableStep, outRe + (2 * outputStep), outIm + (2 * outputStep));
        TTwiddles.Store(x9r, x9i, table, imaginaryOffset, 5 * tableStep, outRe + (6 * outputStep), outIm + (6 * outputStep));
        TTwiddles.Store(x10r, x10i, table, imaginaryOffset, 9 * tableStep, outRe + (10 * outputStep), outIm + (10 * outputStep));
        TTwiddles.Store(x11r, x11i, table, imaginaryOffset, 13 * tableStep, outRe + (14 * outputStep), outIm + (14 * outputStep));
        Butterflies.Four(ref x12r, ref x12i, ref x13r, ref x13i, ref x14r, ref x14i, ref x15r, ref x15i);
        TTwiddles.Store(x12r, x12i, table, imaginaryOffset, 2 * tableStep, outRe + (3 * outputStep), outIm + (3 * outputStep));
        TTwiddles.Store(x13r, x13i, table, imaginaryOffset, 6 * tableStep, outRe + (7 * outputStep), outIm + (7 * outputStep));
        TTwiddles.Store(x14r, x14i, table, imaginaryOffset, 10 * tableStep, outRe + (11 * outputStep), outIm + (11 * outputStep));
        TTwiddles.Store(x15r, x15i, table, imaginaryOffset, 14 * tableStep, outRe + (15 * outputStep), outIm + (15 * outputStep));
    }
}
