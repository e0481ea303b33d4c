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

    /// <summary>Adds a combination of the rows of a matrix to a row.</summary>
    /// <param name="scale">Factor of all coefficients.</param>
    /// <param name="re">Real parts of the coefficients, one per row of the matrix.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="rowsRe">Real parts of the matrix, row by row, each as long as the target.</param>
    /// <param name="rowsIm">Imaginary parts.</param>
    /// <param name="targetRe">Real parts of the row; not one of the matrix's.</param>
    /// <param name="targetIm">Imaginary parts.</param>
    public static void AddCombination(
        double scale,
        ReadOnlySpan<double> re,
        ReadOnlySpan<double> im,
        ReadOnlySpan<double> rowsRe,
        ReadOnlySpan<double> rowsIm,
        Span<double> targetRe,
        Span<double> targetIm)
    {
        int width = targetRe.Length, lanes = Vector<double>.Count, x = 0;
        for (; x + (2 * lanes) <= width; x += 2 * lanes)
        {
            // Two vectors of the target stay in registers while all rows pass by.
            Vector<double> aRe = new(targetRe[x..]), aIm = new(targetIm[x..]), bRe = new(targetRe[(x + lanes)..]), bIm = new(targetIm[(x + lanes)..]);
            int y = x;
            for (int j = 0; j < re.Length; j++, y += width)
            {
                Vector<double> cRe = new(scale * re[j]), cIm = new(scale * im[j]);
                Vector<double> rowRe = new(rowsRe[y..]), rowIm = new(rowsIm[y..]);
                aRe = Vector.FusedMultiplyAdd(cRe, rowRe, Vector.FusedMultiplyAdd(-cIm, rowIm, aRe));
                aIm = Vector.FusedMultiplyAdd(cRe, rowIm, Vector.FusedMultiplyAdd(cIm, rowRe, aIm));
                rowRe = new(rowsRe[(y + lanes)..]);
                rowIm = new(rowsIm[(y + lanes)..]);
                bRe = Vector.FusedMultiplyAdd(cRe, rowRe, Vector.FusedMultiplyAdd(-cIm, rowIm, bRe));
                bIm = Vector.FusedMultiplyAdd(cRe, rowIm, Vector.FusedMultiplyAdd(cIm, rowRe, bIm));
            }

            aRe.CopyTo(targetRe[x..]);
            aIm.CopyTo(targetIm[x..]);
            bRe.CopyTo(targetRe[(x + lanes)..]);
            bIm.CopyTo(targetIm[(x + lanes)..]);
        }

        for (int j = 0; j < re.Length && x < width; j++)
        {
            int y = (j * width) + x;
            AddMultiple(scale * re[j], scale * im[j], rowsRe[y..(y + width - x)], rowsIm[y..(y + width - x)], targetRe[x..], targetIm[x..]);
        }
    }

    /// <summary>Multiplies a row by a real number.</summary>
    public static void Scale(double factor, Span<double> re, Span<double> im)
    {
        for (int i = 0; i < re.Length; i++)
        {
            re[i] *= factor;
            im[i] *= factor;
        }
    }

    /// <summary>Products, entry by entry.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = a[i] * b[i];
        }
    }
}
