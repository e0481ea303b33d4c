using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc.Paper;

/// <summary>Operations on the small covariances of the paper's algorithm, Hermitian matrices in the coordinates of a <see cref="BeamSpace"/>.</summary>
internal static class Covariance
{
    /// <summary>a + factor b.</summary>
    public static ComplexMatrix Plus(ComplexMatrix a, double factor, ComplexMatrix b)
    {
        var sum = new ComplexMatrix(a.Rows, a.Columns);
        for (int i = 0; i < a.Re.Length; i++)
        {
            sum.Re[i] = a.Re[i] + (factor * b.Re[i]);
            sum.Im[i] = a.Im[i] + (factor * b.Im[i]);
        }

        return sum;
    }

    /// <summary>x x^H.</summary>
    public static ComplexMatrix Outer(ComplexVector x) => ComplexMatrix.Create(x.Length, x.Length, (i, j) => x[i] * Complex.Conjugate(x[j]));

    /// <summary>factor times the identity.</summary>
    public static ComplexMatrix Identity(int size, double factor) => ComplexMatrix.Create(size, size, (i, j) => i == j ? factor : 0);

    /// <summary>The trace.</summary>
    public static double Trace(ComplexMatrix a)
    {
        double sum = 0;
        for (int i = 0; i < a.Rows; i++)
        {
            sum += a.Re[(i * a.Columns) + i];
        }

        return sum;
    }

    /// <summary>tr(A^H B) of Hermitian matrices, a real number.</summary>
    public static double Inner(ComplexMatrix a, ComplexMatrix b) => Kernels.Dot(a.Re, b.Re) + Kernels.Dot(a.Im, b.Im);

    /// <summary>The nearest matrix that is positive semidefinite with a trace of at most <paramref name="trace"/>, (63).</summary>
    public static ComplexMatrix Project(ComplexMatrix a, double trace)
    {
        var eigen = HermitianEigen.Of(a);
        double[] values = [.. eigen.Values.Select(v => Math.Max(0, v))];
        if (values.Sum() > trace)
        {
            // Onto the simplex: subtract a level from all, so that what stays positive sums to the trace.
            double[] sorted = [.. eigen.Values.OrderDescending()];
            double sum = 0, level = 0;
            for (int i = 0; i < sorted.Length; i++)
            {
                sum += sorted[i];
                double candidate = (sum - trace) / (i + 1);
                if (sorted[i] > candidate)
                {
                    level = candidate;
                }
            }

            values = [.. eigen.Values.Select(v => Math.Max(0, v - level))];
        }

        return eigen.WithValues(values);
    }

    /// <summary>The rank-one recovery: the largest eigenvalue and its eigenvector.</summary>
    public static (double Value, ComplexVector Vector) Dominant(ComplexMatrix a)
    {
        var eigen = HermitianEigen.Of(a);
        int best = Array.IndexOf(eigen.Values, eigen.Values.Max());
        var vector = new ComplexVector(a.Rows);
        for (int i = 0; i < a.Rows; i++)
        {
            vector[i] = eigen.Vectors[i, best];
        }

        return (eigen.Values[best], vector);
    }
}
