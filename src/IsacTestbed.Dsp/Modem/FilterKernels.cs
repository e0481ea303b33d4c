using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IsacTestbed.Dsp.Modem;

/// <summary>The inner loops of the modem, each beside its scalar reference. Lengths are the caller's duty.</summary>
internal static class FilterKernels
{
    // A gain of zero divides to zero instead of to infinity.
    private const float SmallestPower = 1e-30f;

    /// <summary>Adds taps times one complex value: y[i] += h[i] s.</summary>
    public static void Accumulate(ReadOnlySpan<float> taps, float re, float im, Span<float> yRe, Span<float> yIm)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float h = ref MemoryMarshal.GetReference(taps);
            ref float a = ref MemoryMarshal.GetReference(yRe);
            ref float b = ref MemoryMarshal.GetReference(yIm);
            Vector256<float> sRe = Vector256.Create(re), sIm = Vector256.Create(im);
            for (; i <= taps.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> tap = Vector256.LoadUnsafe(ref h, (nuint)i);
                Vector256.FusedMultiplyAdd(tap, sRe, Vector256.LoadUnsafe(ref a, (nuint)i)).StoreUnsafe(ref a, (nuint)i);
                Vector256.FusedMultiplyAdd(tap, sIm, Vector256.LoadUnsafe(ref b, (nuint)i)).StoreUnsafe(ref b, (nuint)i);
            }
        }

        AccumulateScalar(taps[i..], re, im, yRe[i..], yIm[i..]);
    }

    /// <summary>Reference of <see cref="Accumulate"/>.</summary>
    public static void AccumulateScalar(ReadOnlySpan<float> taps, float re, float im, Span<float> yRe, Span<float> yIm)
    {
        for (int i = 0; i < taps.Length; i++)
        {
            yRe[i] += taps[i] * re;
            yIm[i] += taps[i] * im;
        }
    }

    /// <summary>Real taps against complex samples: sum of h[i] x[i].</summary>
    public static (float Re, float Im) Dot(ReadOnlySpan<float> taps, ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm)
    {
        int i = 0;
        float sumRe = 0, sumIm = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float h = ref MemoryMarshal.GetReference(taps);
            ref float a = ref MemoryMarshal.GetReference(xRe);
            ref float b = ref MemoryMarshal.GetReference(xIm);
            Vector256<float> accRe = default, accIm = default;
            for (; i <= taps.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> tap = Vector256.LoadUnsafe(ref h, (nuint)i);
                accRe = Vector256.FusedMultiplyAdd(tap, Vector256.LoadUnsafe(ref a, (nuint)i), accRe);
                accIm = Vector256.FusedMultiplyAdd(tap, Vector256.LoadUnsafe(ref b, (nuint)i), accIm);
            }

            (sumRe, sumIm) = (Vector256.Sum(accRe), Vector256.Sum(accIm));
        }

        (float restRe, float restIm) = DotScalar(taps[i..], xRe[i..], xIm[i..]);
        return (sumRe + restRe, sumIm + restIm);
    }

    /// <summary>Reference of <see cref="Dot"/>.</summary>
    public static (float Re, float Im) DotScalar(ReadOnlySpan<float> taps, ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm)
    {
        float re = 0, im = 0;
        for (int i = 0; i < taps.Length; i++)
        {
            re += taps[i] * xRe[i];
            im += taps[i] * xIm[i];
        }

        return (re, im);
    }

    /// <summary>Sliding correlation with a complex template: y[n] = sum over k of conj(t[k]) x[n + k].</summary>
    /// <param name="tRe">Template, real parts.</param>
    /// <param name="tIm">Template, imaginary parts.</param>
    /// <param name="xRe">Samples; y's length plus the template's minus one.</param>
    /// <param name="xIm">Samples, imaginary parts.</param>
    /// <param name="yRe">Receives the real parts.</param>
    /// <param name="yIm">Receives the imaginary parts.</param>
    public static void Correlate(
        ReadOnlySpan<float> tRe, ReadOnlySpan<float> tIm, ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm, Span<float> yRe, Span<float> yIm)
    {
        int n = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            ref float a = ref MemoryMarshal.GetReference(xRe);
            ref float b = ref MemoryMarshal.GetReference(xIm);
            for (; n <= yRe.Length - Vector512<float>.Count; n += Vector512<float>.Count)
            {
                // Four independent sums hide the latency of the multiply-add.
                Vector512<float> rr = default, ii = default, ri = default, ir = default;
                for (int k = 0; k < tRe.Length; k++)
                {
                    Vector512<float> x = Vector512.LoadUnsafe(ref a, (nuint)(n + k)), y = Vector512.LoadUnsafe(ref b, (nuint)(n + k));
                    Vector512<float> p = Vector512.Create(tRe[k]), q = Vector512.Create(tIm[k]);
                    rr = Vector512.FusedMultiplyAdd(p, x, rr);
                    ii = Vector512.FusedMultiplyAdd(q, y, ii);
                    ri = Vector512.FusedMultiplyAdd(p, y, ri);
                    ir = Vector512.FusedMultiplyAdd(q, x, ir);
                }

                (rr + ii).StoreUnsafe(ref MemoryMarshal.GetReference(yRe), (nuint)n);
                (ri - ir).StoreUnsafe(ref MemoryMarshal.GetReference(yIm), (nuint)n);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            ref float a = ref MemoryMarshal.GetReference(xRe);
            ref float b = ref MemoryMarshal.GetReference(xIm);
            for (; n <= yRe.Length - Vector256<float>.Count; n += Vector256<float>.Count)
            {
                Vector256<float> rr = default, ii = default, ri = default, ir = default;
                for (int k = 0; k < tRe.Length; k++)
                {
                    Vector256<float> x = Vector256.LoadUnsafe(ref a, (nuint)(n + k)), y = Vector256.LoadUnsafe(ref b, (nuint)(n + k));
                    Vector256<float> p = Vector256.Create(tRe[k]), q = Vector256.Create(tIm[k]);
                    rr = Vector256.FusedMultiplyAdd(p, x, rr);
                    ii = Vector256.FusedMultiplyAdd(q, y, ii);
                    ri = Vector256.FusedMultiplyAdd(p, y, ri);
                    ir = Vector256.FusedMultiplyAdd(q, x, ir);
                }

                (rr + ii).StoreUnsafe(ref MemoryMarshal.GetReference(yRe), (nuint)n);
                (ri - ir).StoreUnsafe(ref MemoryMarshal.GetReference(yIm), (nuint)n);
            }
        }

        CorrelateScalar(tRe, tIm, xRe[n..], xIm[n..], yRe[n..], yIm[n..]);
    }

    /// <summary>Reference of <see cref="Correlate"/>.</summary>
    public static void CorrelateScalar(
        ReadOnlySpan<float> tRe, ReadOnlySpan<float> tIm, ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm, Span<float> yRe, Span<float> yIm)
    {
        for (int n = 0; n < yRe.Length; n++)
        {
            float re = 0, im = 0;
            for (int k = 0; k < tRe.Length; k++)
            {
                re += (tRe[k] * xRe[n + k]) + (tIm[k] * xIm[n + k]);
                im += (tRe[k] * xIm[n + k]) - (tIm[k] * xRe[n + k]);
            }

            (yRe[n], yIm[n]) = (re, im);
        }
    }

    /// <summary>Divides symbols by their gains, in place of the gains, and gives each symbol's SNR.</summary>
    /// <param name="xRe">Symbols, real parts.</param>
    /// <param name="xIm">Symbols, imaginary parts.</param>
    /// <param name="inverseNoise">One over the noise variance.</param>
    /// <param name="gRe">Gains, real parts; receives the quotients'.</param>
    /// <param name="gIm">Gains, imaginary parts; receives the quotients'.</param>
    /// <param name="snr">Receives |gain|^2 over the noise variance.</param>
    public static void DivideByGain(
        ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm, float inverseNoise, Span<float> gRe, Span<float> gIm, Span<float> snr)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float a = ref MemoryMarshal.GetReference(gRe);
            ref float b = ref MemoryMarshal.GetReference(gIm);
            ref float c = ref MemoryMarshal.GetReference(xRe);
            ref float d = ref MemoryMarshal.GetReference(xIm);
            Vector256<float> floor = Vector256.Create(SmallestPower);
            for (; i <= xRe.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> re = Vector256.LoadUnsafe(ref a, (nuint)i), im = Vector256.LoadUnsafe(ref b, (nuint)i);
                Vector256<float> x = Vector256.LoadUnsafe(ref c, (nuint)i), y = Vector256.LoadUnsafe(ref d, (nuint)i);
                Vector256<float> power = (re * re) + (im * im), inverse = Vector256<float>.One / Vector256.Max(power, floor);
                (((x * re) + (y * im)) * inverse).StoreUnsafe(ref a, (nuint)i);
                (((y * re) - (x * im)) * inverse).StoreUnsafe(ref b, (nuint)i);
                (power * inverseNoise).StoreUnsafe(ref MemoryMarshal.GetReference(snr), (nuint)i);
            }
        }

        DivideByGainScalar(xRe[i..], xIm[i..], inverseNoise, gRe[i..], gIm[i..], snr[i..]);
    }

    /// <summary>Reference of <see cref="DivideByGain"/>.</summary>
    public static void DivideByGainScalar(
        ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm, float inverseNoise, Span<float> gRe, Span<float> gIm, Span<float> snr)
    {
        for (int i = 0; i < xRe.Length; i++)
        {
            float re = gRe[i], im = gIm[i], power = (re * re) + (im * im), inverse = 1 / MathF.Max(power, SmallestPower);
            gRe[i] = ((xRe[i] * re) + (xIm[i] * im)) * inverse;
            gIm[i] = ((xIm[i] * re) - (xRe[i] * im)) * inverse;
            snr[i] = power * inverseNoise;
        }
    }
}
