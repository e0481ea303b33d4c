using System.Numerics;

namespace IsacTestbed.Ether;

/// <summary>
/// Split-complex kernels. Element by element with fused multiply-add in one order, so that every vector width gives the same bits.
/// </summary>
internal static class ComplexKernels
{
    /// <summary>y += c x.</summary>
    public static void MultiplyAdd(
        Complex scale, ReadOnlySpan<float> xReal, ReadOnlySpan<float> xImaginary, Span<float> yReal, Span<float> yImaginary)
    {
        float c = (float)scale.Real, s = (float)scale.Imaginary;
        var cv = new Vector<float>(c);
        var sv = new Vector<float>(s);
        int n = xReal.Length, i = 0;
        xImaginary = xImaginary[..n];
        yReal = yReal[..n];
        yImaginary = yImaginary[..n];
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            var re = new Vector<float>(xReal[i..]);
            var im = new Vector<float>(xImaginary[i..]);
            Vector.FusedMultiplyAdd(cv, re, Vector.FusedMultiplyAdd(-sv, im, new Vector<float>(yReal[i..]))).CopyTo(yReal[i..]);
            Vector.FusedMultiplyAdd(cv, im, Vector.FusedMultiplyAdd(sv, re, new Vector<float>(yImaginary[i..]))).CopyTo(yImaginary[i..]);
        }

        for (; i < n; i++)
        {
            float re = xReal[i], im = xImaginary[i];
            yReal[i] = MathF.FusedMultiplyAdd(c, re, MathF.FusedMultiplyAdd(-s, im, yReal[i]));
            yImaginary[i] = MathF.FusedMultiplyAdd(c, im, MathF.FusedMultiplyAdd(s, re, yImaginary[i]));
        }
    }

    /// <summary>z = x p; z may be x itself.</summary>
    public static void Multiply(
        ReadOnlySpan<float> xReal,
        ReadOnlySpan<float> xImaginary,
        ReadOnlySpan<float> pReal,
        ReadOnlySpan<float> pImaginary,
        Span<float> zReal,
        Span<float> zImaginary)
    {
        int n = xReal.Length, i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            var a = new Vector<float>(xReal[i..]);
            var b = new Vector<float>(xImaginary[i..]);
            var c = new Vector<float>(pReal[i..]);
            var d = new Vector<float>(pImaginary[i..]);
            Vector.FusedMultiplyAdd(a, c, -(b * d)).CopyTo(zReal[i..]);
            Vector.FusedMultiplyAdd(a, d, b * c).CopyTo(zImaginary[i..]);
        }

        for (; i < n; i++)
        {
            float a = xReal[i], b = xImaginary[i], c = pReal[i], d = pImaginary[i];
            zReal[i] = MathF.FusedMultiplyAdd(a, c, -(b * d));
            zImaginary[i] = MathF.FusedMultiplyAdd(a, d, b * c);
        }
    }
}
