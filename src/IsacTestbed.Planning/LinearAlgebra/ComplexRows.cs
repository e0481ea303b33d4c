using System.Numerics;
using System.Runtime.CompilerServices;
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

    /// <summary>The upper triangle of a b^H for all pairs of rows a, b of a matrix.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="products">Receives the products; square. What lies below its diagonal stays.</param>
    public static void Gram(ComplexMatrix rows, ComplexMatrix products)
    {
        int width = rows.Columns, size = rows.Rows;
        for (int i = 0; i < size; i++)
        {
            // Two columns at a time, so that every entry of row i is read half as often and more sums are under way.
            int j = i;
            for (; j + 1 < size; j += 2)
            {
                GramPair(rows, i, j, products);
            }

            if (j < size)
            {
                int x = (i * size) + j;
                (products.Re[x], products.Im[x]) = DotConjugate(
                    rows.Re.AsSpan(i * width, width), rows.Im.AsSpan(i * width, width), rows.Re.AsSpan(j * width, width), rows.Im.AsSpan(j * width, width));
            }
        }
    }

    private static void GramPair(ComplexMatrix rows, int i, int j, ComplexMatrix products)
    {
        int width = rows.Columns, whole = width - (width % Vector<double>.Count);
        ReadOnlySpan<double> aRe = rows.Re.AsSpan(i * width, width), aIm = rows.Im.AsSpan(i * width, width);
        ReadOnlySpan<double> bRe = rows.Re.AsSpan(j * width, 2 * width), bIm = rows.Im.AsSpan(j * width, 2 * width);
        ref double firstRe = ref MemoryMarshal.GetReference(aRe), firstIm = ref MemoryMarshal.GetReference(aIm);
        ref double secondRe = ref MemoryMarshal.GetReference(bRe), secondIm = ref MemoryMarshal.GetReference(bIm);
        Vector<double> realReal = Vector<double>.Zero, otherRealReal = Vector<double>.Zero, imaginaryReal = Vector<double>.Zero;
        Vector<double> otherImaginaryReal = Vector<double>.Zero, realImaginary = Vector<double>.Zero, otherRealImaginary = Vector<double>.Zero;
        for (nuint x = 0; x < (nuint)whole; x += (nuint)Vector<double>.Count)
        {
            Vector<double> re = Vector.LoadUnsafe(ref firstRe, x), im = Vector.LoadUnsafe(ref firstIm, x);
            Vector<double> nextRe = Vector.LoadUnsafe(ref secondRe, x), nextIm = Vector.LoadUnsafe(ref secondIm, x);
            realReal = Vector.FusedMultiplyAdd(re, nextRe, Vector.FusedMultiplyAdd(im, nextIm, realReal));
            imaginaryReal = Vector.FusedMultiplyAdd(im, nextRe, imaginaryReal);
            realImaginary = Vector.FusedMultiplyAdd(re, nextIm, realImaginary);
            nextRe = Vector.LoadUnsafe(ref secondRe, x + (nuint)width);
            nextIm = Vector.LoadUnsafe(ref secondIm, x + (nuint)width);
            otherRealReal = Vector.FusedMultiplyAdd(re, nextRe, Vector.FusedMultiplyAdd(im, nextIm, otherRealReal));
            otherImaginaryReal = Vector.FusedMultiplyAdd(im, nextRe, otherImaginaryReal);
            otherRealImaginary = Vector.FusedMultiplyAdd(re, nextIm, otherRealImaginary);
        }

        (double re0, double im0) = (Vector.Sum(realReal), Vector.Sum(imaginaryReal - realImaginary));
        (double re1, double im1) = (Vector.Sum(otherRealReal), Vector.Sum(otherImaginaryReal - otherRealImaginary));
        for (int x = whole; x < width; x++)
        {
            re0 += (aRe[x] * bRe[x]) + (aIm[x] * bIm[x]);
            im0 += (aIm[x] * bRe[x]) - (aRe[x] * bIm[x]);
            re1 += (aRe[x] * bRe[width + x]) + (aIm[x] * bIm[width + x]);
            im1 += (aIm[x] * bRe[width + x]) - (aRe[x] * bIm[width + x]);
        }

        int target = (i * products.Columns) + j;
        (products.Re[target], products.Im[target]) = (re0, im0);
        (products.Re[target + 1], products.Im[target + 1]) = (re1, im1);
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
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsRe.Length, re.Length * width);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsIm.Length, re.Length * width);
        ref double firstRe = ref MemoryMarshal.GetReference(rowsRe), firstIm = ref MemoryMarshal.GetReference(rowsIm);
        for (; x + (4 * lanes) <= width; x += 4 * lanes)
        {
            // Four vectors of the target stay in registers while all rows pass by.
            Span<double> partRe = targetRe.Slice(x, 4 * lanes), partIm = targetIm.Slice(x, 4 * lanes);
            Vector<double> aRe = new(partRe), bRe = new(partRe[lanes..]), cRe = new(partRe[(2 * lanes)..]), dRe = new(partRe[(3 * lanes)..]);
            Vector<double> aIm = new(partIm), bIm = new(partIm[lanes..]), cIm = new(partIm[(2 * lanes)..]), dIm = new(partIm[(3 * lanes)..]);
            nuint row = (nuint)x;
            for (int j = 0; j < re.Length; j++, row += (nuint)width)
            {
                Vector<double> factorRe = new(scale * re[j]), factorIm = new(scale * im[j]);
                AddProduct(factorRe, factorIm, ref firstRe, ref firstIm, row, ref aRe, ref aIm);
                AddProduct(factorRe, factorIm, ref firstRe, ref firstIm, row + (nuint)lanes, ref bRe, ref bIm);
                AddProduct(factorRe, factorIm, ref firstRe, ref firstIm, row + (nuint)(2 * lanes), ref cRe, ref cIm);
                AddProduct(factorRe, factorIm, ref firstRe, ref firstIm, row + (nuint)(3 * lanes), ref dRe, ref dIm);
            }

            aRe.CopyTo(partRe);
            bRe.CopyTo(partRe[lanes..]);
            cRe.CopyTo(partRe[(2 * lanes)..]);
            dRe.CopyTo(partRe[(3 * lanes)..]);
            aIm.CopyTo(partIm);
            bIm.CopyTo(partIm[lanes..]);
            cIm.CopyTo(partIm[(2 * lanes)..]);
            dIm.CopyTo(partIm[(3 * lanes)..]);
        }

        for (int j = 0; j < re.Length && x < width; j++)
        {
            int y = (j * width) + x;
            AddMultiple(scale * re[j], scale * im[j], rowsRe[y..(y + width - x)], rowsIm[y..(y + width - x)], targetRe[x..], targetIm[x..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(
        Vector<double> factorRe, Vector<double> factorIm, ref double re, ref double im, nuint offset, ref Vector<double> sumRe, ref Vector<double> sumIm)
    {
        Vector<double> a = Vector.LoadUnsafe(ref re, offset), b = Vector.LoadUnsafe(ref im, offset);
        sumRe = Vector.FusedMultiplyAdd(factorRe, a, Vector.FusedMultiplyAdd(-factorIm, b, sumRe));
        sumIm = Vector.FusedMultiplyAdd(factorRe, b, Vector.FusedMultiplyAdd(factorIm, a, sumIm));
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
