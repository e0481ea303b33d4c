using System.Numerics;
using System.Runtime.InteropServices;

namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Vectorised loops over complex rows in split form; all spans of a call have the same length.</summary>
internal static class ComplexRows
{
    /// <summary>Adds a complex multiple of one row to another.</summary>
    public static void AddMultiple(
        double factorRe,
        double factorIm,
        ReadOnlySpan<double> sourceRe,
        ReadOnlySpan<double> sourceIm,
        Span<double> targetRe,
        Span<double> targetIm)
    {
        ReadOnlySpan<Vector<double>> wideSourceRe = MemoryMarshal.Cast<double, Vector<double>>(sourceRe);
        ReadOnlySpan<Vector<double>> wideSourceIm = MemoryMarshal.Cast<double, Vector<double>>(sourceIm);
        Span<Vector<double>> wideRe = MemoryMarshal.Cast<double, Vector<double>>(targetRe);
        Span<Vector<double>> wideIm = MemoryMarshal.Cast<double, Vector<double>>(targetIm);
        Vector<double> re = new(factorRe), im = new(factorIm), minusIm = new(-factorIm);
        for (int i = 0; i < wideSourceRe.Length; i++)
        {
            Vector<double> a = wideSourceRe[i], b = wideSourceIm[i];
            wideRe[i] = Vector.FusedMultiplyAdd(re, a, Vector.FusedMultiplyAdd(minusIm, b, wideRe[i]));
            wideIm[i] = Vector.FusedMultiplyAdd(re, b, Vector.FusedMultiplyAdd(im, a, wideIm[i]));
        }

        for (int i = wideSourceRe.Length * Vector<double>.Count; i < sourceRe.Length; i++)
        {
            targetRe[i] += (factorRe * sourceRe[i]) - (factorIm * sourceIm[i]);
            targetIm[i] += (factorRe * sourceIm[i]) + (factorIm * sourceRe[i]);
        }
    }

    /// <summary>The sum of a times the conjugate of b.</summary>
    public static (double Re, double Im) DotConjugate(
        ReadOnlySpan<double> aRe, ReadOnlySpan<double> aIm, ReadOnlySpan<double> bRe, ReadOnlySpan<double> bIm)
    {
        ReadOnlySpan<Vector<double>> wideARe = MemoryMarshal.Cast<double, Vector<double>>(aRe), wideAIm = MemoryMarshal.Cast<double, Vector<double>>(aIm);
        ReadOnlySpan<Vector<double>> wideBRe = MemoryMarshal.Cast<double, Vector<double>>(bRe), wideBIm = MemoryMarshal.Cast<double, Vector<double>>(bIm);
        Vector<double> sumRe = Vector<double>.Zero, sumIm = Vector<double>.Zero;
        for (int i = 0; i < wideARe.Length; i++)
        {
            sumRe = Vector.FusedMultiplyAdd(wideARe[i], wideBRe[i], Vector.FusedMultiplyAdd(wideAIm[i], wideBIm[i], sumRe));
            sumIm = Vector.FusedMultiplyAdd(wideAIm[i], wideBRe[i], Vector.FusedMultiplyAdd(-wideARe[i], wideBIm[i], sumIm));
        }

        double re = Vector.Sum(sumRe), im = Vector.Sum(sumIm);
        for (int i = wideARe.Length * Vector<double>.Count; i < aRe.Length; i++)
        {
            re += (aRe[i] * bRe[i]) + (aIm[i] * bIm[i]);
            im += (aIm[i] * bRe[i]) - (aRe[i] * bIm[i]);
        }

        return (re, im);
    }
}
