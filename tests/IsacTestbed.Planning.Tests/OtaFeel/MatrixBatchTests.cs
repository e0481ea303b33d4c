using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class MatrixBatchTests
{
    public static TheoryData<int> Counts => [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Products_AnyNumberOfMatrices_AgreeWithPlainSums(int count)
    {
        ComplexMatrix[] a = Draw(count, 5, 3, 1), b = Draw(count, 3, 2, 2), c = Draw(count, 5, 2, 3);

        ComplexMatrix[] products = Result(5, 2, count, batch => batch.SetProduct(Batch(a), Batch(b)));
        ComplexMatrix[] adjoints = Result(3, 2, count, batch => batch.SetAdjointProduct(Batch(a), Batch(c)));

        for (int k = 0; k < count; k++)
        {
            // Sums of five products of values of the order of one: a few units in the last place.
            Near(Times(a[k], b[k]), products[k], 1e-13);
            Near(Times(Adjoint(a[k]), c[k]), adjoints[k], 1e-13);
        }
    }

    [Fact]
    public void Products_ShapesThatDoNotFit_AreRefused()
    {
        var product = new MatrixBatch(3, 2, 2);

        Assert.Throws<ArgumentException>(() => product.SetProduct(new MatrixBatch(3, 2, 4), new MatrixBatch(3, 5, 2)));
        Assert.Throws<ArgumentException>(() => product.SetProduct(new MatrixBatch(2, 2, 4), new MatrixBatch(3, 4, 2)));
        Assert.Throws<ArgumentException>(() => product.SetAdjointProduct(new MatrixBatch(3, 2, 4), new MatrixBatch(3, 4, 2)));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void ScaleAndNorms_AnyNumberOfMatrices_AreThoseOfEachMatrix(int count)
    {
        ComplexMatrix[] a = Draw(count, 4, 3, 4);
        MatrixBatch batch = Batch(a);
        double[] factors = new double[batch.Stride], norms = new double[batch.Stride];
        for (int k = 0; k < count; k++)
        {
            factors[k] = k - 1.5;
        }

        batch.SquaredNorms(norms);
        batch.Scale(factors);

        var scaled = new ComplexMatrix[count];
        for (int k = 0; k < count; k++)
        {
            Assert.Equal(a[k].SquaredFrobeniusNorm(), norms[k], 1e-13 * norms[k]);
            scaled[k] = new ComplexMatrix(4, 3);
        }

        batch.CopyTo(scaled);
        for (int k = 0; k < count; k++)
        {
            Near(ComplexMatrix.Create(4, 3, (i, j) => factors[k] * a[k][i, j]), scaled[k], 0);
        }

        // Behind the last matrix there is nothing, so that sums over all lanes are sums over the matrices.
        Assert.All(norms[count..], norm => Assert.Equal(0, norm));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void JacobiBatch_MatricesOfEveryKind_AgreesWithTheOneByOneRotations(int count)
    {
        const int order = 5;
        ComplexMatrix[] matrices = [.. Draw(count, order, order, 5).Select((m, k) => Hermitian(m, k % 5))];
        var batch = new JacobiBatch(count, order);

        batch.Decompose(Batch(matrices));

        var vectors = Enumerable.Range(0, count).Select(_ => new ComplexMatrix(order, order)).ToArray();
        batch.Vectors.CopyTo(vectors);
        for (int k = 0; k < count; k++)
        {
            var alone = new JacobiWorkspace(order);
            alone.Decompose(matrices[k]);
            double norm = Math.Sqrt(matrices[k].SquaredFrobeniusNorm());
            double[] values = [.. Enumerable.Range(0, order).Select(j => batch.Values[(j * batch.Vectors.Stride) + k])];

            // Twenty or so rotations per sweep, each with a rounding error of 1e-16 of the norm.
            Assert.All(alone.Values.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-13 * norm));
            ComplexMatrix diagonal = Times(Times(vectors[k], matrices[k]), Adjoint(vectors[k]));
            Near(ComplexMatrix.Create(order, order, (i, j) => i == j ? values[i] : 0), diagonal, 1e-13 * norm);
            Near(ComplexMatrix.Create(order, order, (i, j) => i == j ? 1 : 0), Times(vectors[k], Adjoint(vectors[k])), 1e-13);
        }
    }

    [Fact]
    public void JacobiBatch_OneMatrixAmongDifferentNeighbours_GivesTheSameBits()
    {
        const int order = 4;
        ComplexMatrix matrix = Hermitian(Draw(1, order, order, 6)[0], 0);
        double[][] results =
        [
            .. Enumerable.Range(0, 5).Select(kind =>
            {
                // The neighbours need no sweep, several, or more of them.
                ComplexMatrix[] matrices = [.. Draw(7, order, order, 7).Select(m => Hermitian(m, kind))];
                matrices[2] = matrix;
                var batch = new JacobiBatch(7, order);
                batch.Decompose(Batch(matrices));
                ComplexMatrix[] vectors = [.. matrices.Select(_ => new ComplexMatrix(order, order))];
                batch.Vectors.CopyTo(vectors);
                return (double[])[.. Enumerable.Range(0, order).Select(j => batch.Values[(j * batch.Vectors.Stride) + 2]), .. vectors[2].Re, .. vectors[2].Im];
            }),
        ];

        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 7)]
    [InlineData(5, 16)]
    [InlineData(6, 17)]
    [InlineData(7, 31)]
    [InlineData(8, 64)]
    [InlineData(9, 100)]
    public void CombinationAndGram_AwkwardLengths_AgreeWithPlainSums(int rows, int width)
    {
        ComplexMatrix matrix = Draw(1, rows, width, 8)[0], start = Draw(1, 1, width, 9)[0], coefficients = Draw(1, 1, rows, 10)[0];
        var target = ComplexMatrix.Create(1, width, (_, j) => start[0, j]);
        var products = new ComplexMatrix(rows, rows);

        ComplexRows.AddCombination(-2, coefficients.Re, coefficients.Im, matrix.Re, matrix.Im, target.Re, target.Im);
        ComplexRows.Gram(matrix, products);

        ComplexMatrix sum = Times(coefficients, matrix);
        Near(ComplexMatrix.Create(1, width, (_, j) => start[0, j] - (2 * sum[0, j])), target, 1e-13);
        ComplexMatrix gram = Times(matrix, Adjoint(matrix));
        Near(ComplexMatrix.Create(rows, rows, (i, j) => j >= i ? gram[i, j] : 0), products, 1e-13 * width);
    }

    [Fact]
    public void AddCombination_MatrixShorterThanItsRows_IsRefused()
    {
        double[] two = new double[2], rows = new double[7], target = new double[4];

        Assert.Throws<ArgumentOutOfRangeException>(() => ComplexRows.AddCombination(1, two, two, rows, rows, target, target));
    }

    private static ComplexMatrix[] Result(int rows, int columns, int count, Action<MatrixBatch> compute)
    {
        var batch = new MatrixBatch(count, rows, columns);
        compute(batch);
        ComplexMatrix[] result = [.. Enumerable.Range(0, count).Select(_ => new ComplexMatrix(rows, columns))];
        batch.CopyTo(result);
        return result;
    }

    private static MatrixBatch Batch(ComplexMatrix[] matrices)
    {
        var batch = new MatrixBatch(matrices.Length, matrices[0].Rows, matrices[0].Columns);
        batch.Load(matrices);
        return batch;
    }

    // 0: full; 1: zero; 2: diagonal; 3: of rank one; 4: two equal eigenvalues next to a tiny one.
    private static ComplexMatrix Hermitian(ComplexMatrix drawn, int kind)
    {
        int n = drawn.Rows;
        return kind switch
        {
            0 => ComplexMatrix.Create(n, n, (i, j) => drawn[i, j] + Complex.Conjugate(drawn[j, i])),
            1 => new ComplexMatrix(n, n),
            2 => ComplexMatrix.Create(n, n, (i, j) => i == j ? drawn[i, i].Real : 0),
            3 => ComplexMatrix.Create(n, n, (i, j) => drawn[0, i] * Complex.Conjugate(drawn[0, j])),
            _ => ComplexMatrix.Create(n, n, (i, j) => (i == j ? (i < 2 ? 3 : 1e-9) : 0) + (1e-12 * (drawn[i, j] + Complex.Conjugate(drawn[j, i])))),
        };
    }

    private static ComplexMatrix[] Draw(int count, int rows, int columns, uint which)
    {
        var random = new CounterRandom(11, RandomPurpose.Test, which);
        ulong index = 0;
        return
        [
            .. Enumerable.Range(0, count).Select(_ => ComplexMatrix.Create(rows, columns, (_, _) =>
            {
                (double re, double im) = random.NormalPairAt(index++);
                return new Complex(re, im);
            })),
        ];
    }

    private static ComplexMatrix Times(ComplexMatrix a, ComplexMatrix b) => ComplexMatrix.Create(
        a.Rows, b.Columns, (i, j) => Enumerable.Range(0, a.Columns).Aggregate(Complex.Zero, (sum, p) => sum + (a[i, p] * b[p, j])));

    private static ComplexMatrix Adjoint(ComplexMatrix a) => ComplexMatrix.Create(a.Columns, a.Rows, (i, j) => Complex.Conjugate(a[j, i]));

    private static void Near(ComplexMatrix expected, ComplexMatrix actual, double tolerance)
    {
        for (int i = 0; i < expected.Rows; i++)
        {
            for (int j = 0; j < expected.Columns; j++)
            {
                Assert.True((expected[i, j] - actual[i, j]).Magnitude <= tolerance, $"({i}, {j}): {actual[i, j]} instead of {expected[i, j]}");
            }
        }
    }
}
