using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

public sealed class LinearAlgebraTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(17, 5)]
    [InlineData(33, 33)]
    public void Products_AwkwardShapes_AgreeWithPlainSums(int rows, int columns)
    {
        ComplexMatrix a = Random(rows, columns, 1);
        ComplexVector x = Column(columns, 2), y = Column(rows, 3), ax = a.Times(x), ahy = a.AdjointTimes(y);
        for (int i = 0; i < rows; i++)
        {
            Complex sum = Enumerable.Range(0, columns).Aggregate(Complex.Zero, (s, j) => s + (a[i, j] * x[j]));
            Assert.True((sum - ax[i]).Magnitude < 1e-12 * columns);
        }

        // <A x, y> = <x, A^H y>.
        Assert.True((ax.Inner(y) - x.Inner(ahy)).Magnitude < 1e-11 * rows * columns);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(9, 9)]
    [InlineData(12, 30)]
    [InlineData(40, 11)]
    public void SpectralNorm_RandomMatrix_BoundsTheTrueOneTightly(int rows, int columns)
    {
        ComplexMatrix a = Random(rows, columns, 4);
        var norm = SpectralNorm.Of(a);
        int n = Math.Min(rows, columns);
        ComplexMatrix gram = rows <= columns
            ? ComplexMatrix.Create(n, n, (i, j) => Enumerable.Range(0, columns).Aggregate(Complex.Zero, (s, k) => s + (a[i, k] * Complex.Conjugate(a[j, k]))))
            : ComplexMatrix.Create(n, n, (i, j) => Enumerable.Range(0, rows).Aggregate(Complex.Zero, (s, k) => s + (Complex.Conjugate(a[k, i]) * a[k, j])));
        double largest = HermitianEigen.Of(gram).Values.Max();
        Assert.InRange(norm.SquaredUpperBound, largest * (1 - 1e-12), largest * 1.05);
        Assert.InRange(a.Times(norm.Right).SquaredNorm(), largest * 0.95, largest * (1 + 1e-12));
        Assert.Equal(n == 1, norm.IsRankOne);
    }

    [Fact]
    public void HermitianEigen_RandomMatrix_ReassemblesIt()
    {
        ComplexMatrix root = Random(6, 6, 5);
        ComplexMatrix a = ComplexMatrix.Create(6, 6, (i, j) => root[i, j] + Complex.Conjugate(root[j, i]));
        var eigen = HermitianEigen.Of(a);
        ComplexMatrix again = eigen.WithValues(eigen.Values);
        for (int i = 0; i < 36; i++)
        {
            Assert.True((again[i / 6, i % 6] - a[i / 6, i % 6]).Magnitude < 1e-12);
        }
    }

    [Fact]
    public void Cholesky_PositiveDefinite_SolvesAndInverts()
    {
        ComplexMatrix root = Random(7, 7, 6);
        ComplexMatrix a = ComplexMatrix.Create(7, 7, (i, j) => (i == j ? 1 : 0) + Enumerable.Range(0, 7).Aggregate(Complex.Zero, (s, k) => s + (root[i, k] * Complex.Conjugate(root[j, k]))));
        CholeskyFactor factor = CholeskyFactor.TryCreate(a)!;
        ComplexVector b = Column(7, 7);
        ComplexVector residual = a.Times(ComplexVector.From(factor.Solve(b.ToArray())));
        ComplexVector other = a.Times(factor.Inverse().Times(b));
        residual.Add(-1, b);
        other.Add(-1, b);
        Assert.True(residual.SquaredNorm() < 1e-20 && other.SquaredNorm() < 1e-20);
        Assert.Null(CholeskyFactor.TryCreate(ComplexMatrix.Create(2, 2, (i, j) => i == j ? 1 : 2)));
    }

    private static ComplexVector Column(int length, uint part)
    {
        ComplexMatrix matrix = Random(length, 1, part);
        var column = new ComplexVector(length);
        for (int i = 0; i < length; i++)
        {
            column[i] = matrix[i, 0];
        }

        return column;
    }

    private static ComplexMatrix Random(int rows, int columns, uint part)
    {
        var random = new CounterRandom(2, RandomPurpose.Test, 31, part);
        return ComplexMatrix.Create(rows, columns, (i, j) =>
        {
            (double re, double im) = random.NormalPairAt((ulong)((i * columns) + j));
            return new Complex(re, im);
        });
    }
}
