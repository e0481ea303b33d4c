using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IsacTestbed.Ether;

/// <summary>
/// Split-complex kernels. Element by element with fused multiply-add in one order, so that every vector width gives the same bits.
/// </summary>
/// <remarks>
/// Compiled to the end at their first call: a run is often over before the compiler's last tier is reached, and the first tier's calls into
/// vectors cost more than all else on the way of a sample.
/// </remarks>
internal static class ComplexKernels
{
    /// <summary>y += c x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        ref float xRe = ref MemoryMarshal.GetReference(xReal), xIm = ref MemoryMarshal.GetReference(xImaginary);
        ref float yRe = ref MemoryMarshal.GetReference(yReal), yIm = ref MemoryMarshal.GetReference(yImaginary);
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> re = Vector.LoadUnsafe(ref xRe, (nuint)i), im = Vector.LoadUnsafe(ref xIm, (nuint)i);
            Vector.FusedMultiplyAdd(cv, re, Vector.FusedMultiplyAdd(-sv, im, Vector.LoadUnsafe(ref yRe, (nuint)i))).StoreUnsafe(ref yRe, (nuint)i);
            Vector.FusedMultiplyAdd(cv, im, Vector.FusedMultiplyAdd(sv, re, Vector.LoadUnsafe(ref yIm, (nuint)i))).StoreUnsafe(ref yIm, (nuint)i);
        }

        for (; i < n; i++)
        {
            float re = xReal[i], im = xImaginary[i];
            yReal[i] = MathF.FusedMultiplyAdd(c, re, MathF.FusedMultiplyAdd(-s, im, yReal[i]));
            yImaginary[i] = MathF.FusedMultiplyAdd(c, im, MathF.FusedMultiplyAdd(s, re, yImaginary[i]));
        }
    }

    /// <summary>z = x p; z may be x itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        ReadOnlySpan<float> xReal,
        ReadOnlySpan<float> xImaginary,
        ReadOnlySpan<float> pReal,
        ReadOnlySpan<float> pImaginary,
        Span<float> zReal,
        Span<float> zImaginary)
    {
        int n = xReal.Length, i = 0;
        xImaginary = xImaginary[..n];
        pReal = pReal[..n];
        pImaginary = pImaginary[..n];
        zReal = zReal[..n];
        zImaginary = zImaginary[..n];
        ref float xRe = ref MemoryMarshal.GetReference(xReal), xIm = ref MemoryMarshal.GetReference(xImaginary);
        ref float pRe = ref MemoryMarshal.GetReference(pReal), pIm = ref MemoryMarshal.GetReference(pImaginary);
        ref float zRe = ref MemoryMarshal.GetReference(zReal), zIm = ref MemoryMarshal.GetReference(zImaginary);
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> a = Vector.LoadUnsafe(ref xRe, (nuint)i), b = Vector.LoadUnsafe(ref xIm, (nuint)i);
            Vector<float> c = Vector.LoadUnsafe(ref pRe, (nuint)i), d = Vector.LoadUnsafe(ref pIm, (nuint)i);
            Vector.FusedMultiplyAdd(a, c, -(b * d)).StoreUnsafe(ref zRe, (nuint)i);
            Vector.FusedMultiplyAdd(a, d, b * c).StoreUnsafe(ref zIm, (nuint)i);
        }

        for (; i < n; i++)
        {
            float a = xReal[i], b = xImaginary[i], c = pReal[i], d = pImaginary[i];
            zReal[i] = MathF.FusedMultiplyAdd(a, c, -(b * d));
            zImaginary[i] = MathF.FusedMultiplyAdd(a, d, b * c);
        }
    }
}
