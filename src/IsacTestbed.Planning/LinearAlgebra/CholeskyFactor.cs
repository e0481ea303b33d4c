using System.Numerics;

namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>The factor L of a Hermitian positive definite matrix A = L L^H.</summary>
/// <remarks>Immutable and thread safe.</remarks>
internal sealed class CholeskyFactor
{
    private readonly ComplexMatrix _lower;

    private CholeskyFactor(ComplexMatrix lower)
    {
        _lower = lower;
    }

    /// <summary>Factorises; null if the matrix is not positive definite to working precision.</summary>
    /// <param name="matrix">Hermitian; only the lower triangle is read.</param>
    public static CholeskyFactor? TryCreate(ComplexMatrix matrix)
    {
        int n = matrix.Rows;
        var lower = new ComplexMatrix(n, n);
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> reI = lower.Re.AsSpan(i * n, i), imI = lower.Im.AsSpan(i * n, i);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> reJ = lower.Re.AsSpan(j * n, j), imJ = lower.Im.AsSpan(j * n, j);
                double re = matrix.Re[(i * n) + j] - Kernels.Dot(reI[..j], reJ) - Kernels.Dot(imI[..j], imJ);
                double im = matrix.Im[(i * n) + j] - Kernels.Dot(imI[..j], reJ) + Kernels.Dot(reI[..j], imJ);
                double diagonal = lower.Re[(j * n) + j];
                lower.Re[(i * n) + j] = re / diagonal;
                lower.Im[(i * n) + j] = im / diagonal;
            }

            double pivot = matrix.Re[(i * n) + i] - Kernels.Dot(reI, reI) - Kernels.Dot(imI, imI);
            if (!(pivot > 0))
            {
                return null;
            }

            lower.Re[(i * n) + i] = Math.Sqrt(pivot);
        }

        return new CholeskyFactor(lower);
    }

    /// <summary>The natural logarithm of the determinant of A.</summary>
    public double LogDeterminant()
    {
        double sum = 0;
        for (int i = 0; i < _lower.Rows; i++)
        {
            sum += Math.Log(_lower.Re[(i * _lower.Rows) + i]);
        }

        return 2 * sum;
    }

    /// <summary>Solves A x = b.</summary>
    public Complex[] Solve(ReadOnlySpan<Complex> b)
    {
        int n = _lower.Rows;
        Complex[] x = b.ToArray();
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                x[i] -= _lower[i, j] * x[j];
            }

            x[i] /= _lower.Re[(i * n) + i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++)
            {
                x[i] -= Complex.Conjugate(_lower[j, i]) * x[j];
            }

            x[i] /= _lower.Re[(i * n) + i];
        }

        return x;
    }

    /// <summary>Replaces b by the solution of A x = b, without allocating.</summary>
    /// <param name="x">b; receives x.</param>
    public void Solve(ComplexVector x)
    {
        int n = _lower.Rows;
        Whiten(x);
        for (int i = n - 1; i >= 0; i--)
        {
            double diagonal = _lower.Re[(i * n) + i];
            (double re, double im) = (x.Re[i] / diagonal, x.Im[i] / diagonal);
            (x.Re[i], x.Im[i]) = (re, im);

            // Row i of L, conjugated, times x_i leaves every earlier entry: x_j -= conj(L_ij) x_i.
            ReadOnlySpan<double> rowRe = _lower.Re.AsSpan(i * n, i), rowIm = _lower.Im.AsSpan(i * n, i);
            Kernels.Accumulate(-re, rowRe, x.Re.AsSpan(0, i));
            Kernels.Accumulate(-im, rowIm, x.Re.AsSpan(0, i));
            Kernels.Accumulate(-im, rowRe, x.Im.AsSpan(0, i));
            Kernels.Accumulate(re, rowIm, x.Im.AsSpan(0, i));
        }
    }

    /// <summary>Replaces x by L^-1 x, without allocating: what has the covariance A has the covariance I then.</summary>
    /// <param name="x">As many entries as A has rows.</param>
    public void Whiten(ComplexVector x)
    {
        int n = _lower.Rows;
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> re = _lower.Re.AsSpan(i * n, i), im = _lower.Im.AsSpan(i * n, i);
            ReadOnlySpan<double> xRe = x.Re.AsSpan(0, i), xIm = x.Im.AsSpan(0, i);
            double diagonal = _lower.Re[(i * n) + i];
            x.Re[i] = (x.Re[i] - Kernels.Dot(re, xRe) + Kernels.Dot(im, xIm)) / diagonal;
            x.Im[i] = (x.Im[i] - Kernels.Dot(re, xIm) - Kernels.Dot(im, xRe)) / diagonal;
        }
    }

    /// <summary>The inverse of A.</summary>
    public ComplexMatrix Inverse()
    {
        int n = _lower.Rows;
        var root = new ComplexMatrix(n, n);
        for (int i = 0; i < n; i++)
        {
            Span<double> re = root.Re.AsSpan(i * n, i + 1), im = root.Im.AsSpan(i * n, i + 1);
            for (int j = 0; j < i; j++)
            {
                AddMultiple(-_lower[i, j], root, j, re[..(j + 1)], im[..(j + 1)]);
            }

            re[i] += 1;
            double scale = 1 / _lower.Re[(i * n) + i];
            for (int j = 0; j <= i; j++)
            {
                re[j] *= scale;
                im[j] *= scale;
            }
        }

        // A^-1 = L^-H L^-1, row by row.
        var inverse = new ComplexMatrix(n, n);
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i <= k; i++)
            {
                AddMultiple(Complex.Conjugate(root[k, i]), root, k, inverse.Re.AsSpan(i * n, k + 1), inverse.Im.AsSpan(i * n, k + 1));
            }
        }

        return inverse;
    }

    // Adds factor times the first entries of a row.
    private static void AddMultiple(Complex factor, ComplexMatrix source, int row, Span<double> re, Span<double> im)
    {
        ReadOnlySpan<double> sourceRe = source.Re.AsSpan(row * source.Columns, re.Length), sourceIm = source.Im.AsSpan(row * source.Columns, re.Length);
        Kernels.Accumulate(factor.Real, sourceRe, re);
        Kernels.Accumulate(-factor.Imaginary, sourceIm, re);
        Kernels.Accumulate(factor.Real, sourceIm, im);
        Kernels.Accumulate(factor.Imaginary, sourceRe, im);
    }
}
