using System.Numerics;

namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Eigenvalues and eigenvectors of a small Hermitian matrix.</summary>
/// <param name="Values">Eigenvalues, in no order.</param>
/// <param name="Vectors">Column j is the unit eigenvector of value j.</param>
internal sealed record HermitianEigen(double[] Values, ComplexMatrix Vectors)
{
    private const int MaxSweeps = 60;

    /// <summary>Cyclic Jacobi rotations; exact to working precision.</summary>
    /// <param name="matrix">Hermitian.</param>
    public static HermitianEigen Of(ComplexMatrix matrix)
    {
        int n = matrix.Rows;
        var a = ComplexMatrix.Create(n, n, (i, j) => matrix[i, j]);
        var vectors = ComplexMatrix.Create(n, n, (i, j) => i == j ? 1 : 0);
        double scale = a.SquaredFrobeniusNorm();
        for (int sweep = 0; sweep < MaxSweeps; sweep++)
        {
            double off = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    off += Square(a[p, q]);
                    Rotate(a, vectors, p, q);
                }
            }

            if (off <= 1e-30 * scale)
            {
                break;
            }
        }

        return new HermitianEigen([.. Enumerable.Range(0, n).Select(i => a[i, i].Real)], vectors);
    }

    /// <summary>The matrix with these eigenvectors and other eigenvalues.</summary>
    public ComplexMatrix WithValues(double[] values)
    {
        int n = values.Length;
        return ComplexMatrix.Create(n, n, (i, j) =>
        {
            Complex sum = Complex.Zero;
            for (int k = 0; k < n; k++)
            {
                sum += values[k] * Vectors[i, k] * Complex.Conjugate(Vectors[j, k]);
            }

            return sum;
        });
    }

    // A unitary rotation in the plane (p, q) that makes the entry (p, q) zero.
    private static void Rotate(ComplexMatrix a, ComplexMatrix vectors, int p, int q)
    {
        Complex entry = a[p, q];
        double size = entry.Magnitude;
        if (!(size > 0))
        {
            return;
        }

        Complex phase = entry / size;
        double theta = (a[q, q].Real - a[p, p].Real) / (2 * size);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(1 + (theta * theta)));
        double c = 1 / Math.Sqrt(1 + (t * t)), s = t * c;
        int n = a.Rows;
        for (int k = 0; k < n; k++)
        {
            Columns(a, k, p, q, c, s, phase);
            Columns(vectors, k, p, q, c, s, phase);
        }

        for (int k = 0; k < n; k++)
        {
            (Complex x, Complex y) = (a[p, k], a[q, k]);
            a[p, k] = (c * x) - (s * phase * y);
            a[q, k] = (s * Complex.Conjugate(phase) * x) + (c * y);
        }
    }

    private static void Columns(ComplexMatrix a, int row, int p, int q, double c, double s, Complex phase)
    {
        (Complex x, Complex y) = (a[row, p], a[row, q]);
        a[row, p] = (c * x) - (s * Complex.Conjugate(phase) * y);
        a[row, q] = (s * phase * x) + (c * y);
    }

    private static double Square(Complex x) => (x.Real * x.Real) + (x.Imaginary * x.Imaginary);
}
