using System.Numerics;
using System.Runtime.InteropServices;

namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Vectorised loops over real arrays.</summary>
internal static class Kernels
{
    /// <summary>Sum of products; both spans have the same length.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> wideA = MemoryMarshal.Cast<double, Vector<double>>(a);
        ReadOnlySpan<Vector<double>> wideB = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> even = Vector<double>.Zero, odd = Vector<double>.Zero;
        int i = 0;
        for (; i + 1 < wideA.Length; i += 2)
        {
            even = Vector.FusedMultiplyAdd(wideA[i], wideB[i], even);
            odd = Vector.FusedMultiplyAdd(wideA[i + 1], wideB[i + 1], odd);
        }

        if (i < wideA.Length)
        {
            even = Vector.FusedMultiplyAdd(wideA[i], wideB[i], even);
        }

        double sum = Vector.Sum(even + odd);
        for (int j = wideA.Length * Vector<double>.Count; j < a.Length; j++)
        {
            sum += a[j] * b[j];
        }

        return sum;
    }

    /// <summary>Adds <paramref name="factor"/> times <paramref name="source"/> to <paramref name="target"/>, of the same length.</summary>
    public static void Accumulate(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        ReadOnlySpan<Vector<double>> wideSource = MemoryMarshal.Cast<double, Vector<double>>(source);
        Span<Vector<double>> wideTarget = MemoryMarshal.Cast<double, Vector<double>>(target);
        var wideFactor = new Vector<double>(factor);
        for (int i = 0; i < wideSource.Length; i++)
        {
            wideTarget[i] = Vector.FusedMultiplyAdd(wideFactor, wideSource[i], wideTarget[i]);
        }

        for (int j = wideSource.Length * Vector<double>.Count; j < source.Length; j++)
        {
            target[j] += factor * source[j];
        }
    }
}
