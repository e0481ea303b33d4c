using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>Products and powers of matrices of a few rows.</summary>
internal static class SmallMatrices
{
    /// <summary>A B.</summary>
    public static ComplexMatrix Product(ComplexMatrix a, ComplexMatrix b) =>
        ComplexMatrix.Create(a.Rows, b.Columns, (i, j) => Sum(a.Columns, k => a[i, k] * b[k, j]));

    /// <summary>A B^H.</summary>
    public static ComplexMatrix TimesAdjoint(ComplexMatrix a, ComplexMatrix b) =>
        ComplexMatrix.Create(a.Rows, b.Rows, (i, j) => Sum(a.Columns, k => a[i, k] * Complex.Conjugate(b[j, k])));

    /// <summary>The mean over the rows t of a[t] b[t]^H.</summary>
    public static ComplexMatrix Correlation(ComplexMatrix a, ComplexMatrix b) =>
        ComplexMatrix.Create(a.Columns, b.Columns, (i, j) => Sum(a.Rows, t => a[t, i] * Complex.Conjugate(b[t, j])) / a.Rows);

    /// <summary>A power of a Hermitian positive semidefinite matrix on its range, times a factor.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="exponent">The exponent; 0 gives the projector on the range, a negative one powers of the pseudo-inverse.</param>
    /// <param name="tolerance">Eigenvalues below this share of the largest are no part of the range.</param>
    /// <param name="factor">The factor.</param>
    public static ComplexMatrix Power(ComplexMatrix matrix, double exponent, double tolerance, double factor)
    {
        var eigen = new JacobiWorkspace(matrix.Rows);
        eigen.Decompose(matrix);
        double floor = tolerance * eigen.Values[^1];
        double[] powers = [.. eigen.Values.Select(value => value > floor ? factor * Math.Pow(value, exponent) : 0)];
        ComplexMatrix vectors = eigen.Vectors;
        return ComplexMatrix.Create(
            matrix.Rows, matrix.Rows, (i, j) => Sum(matrix.Rows, k => powers[k] * Complex.Conjugate(vectors[k, i]) * vectors[k, j]));
    }

    private static Complex Sum(int count, Func<int, Complex> term)
    {
        Complex sum = Complex.Zero;
        for (int k = 0; k < count; k++)
        {
            sum += term(k);
        }

        return sum;
    }
}
