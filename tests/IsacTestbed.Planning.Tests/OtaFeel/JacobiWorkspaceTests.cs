using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.OtaFeel;

/// <summary>Eigenvectors of a matrix that is followed are as good as those of one that is decomposed anew.</summary>
public sealed class JacobiWorkspaceTests
{
    private const int Order = 5;

    [Fact]
    public void Follow_MatrixThatDriftsForLong_StaysOrthonormalAndDiagonal()
    {
        var followed = new JacobiWorkspace(Order);
        var fresh = new JacobiWorkspace(Order);
        ComplexMatrix matrix = Hermitian(0);
        for (uint step = 1; step <= 2000; step++)
        {
            // Now and then something else altogether.
            matrix = step % 400 == 0 ? Hermitian(step) : Drift(matrix, Hermitian(step));
            followed.Follow(matrix);
            fresh.Decompose(matrix);
            Assert.All(followed.Values.Zip(fresh.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-11));
        }

        // Two thousand times some ten rotations, each right to the last bit or two.
        for (int i = 0; i < Order; i++)
        {
            for (int j = 0; j < Order; j++)
            {
                var image = Complex.Zero;
                var product = Complex.Zero;
                for (int a = 0; a < Order; a++)
                {
                    product += followed.Vectors[i, a] * Complex.Conjugate(followed.Vectors[j, a]);
                    for (int b = 0; b < Order; b++)
                    {
                        image += followed.Vectors[i, a] * matrix[a, b] * Complex.Conjugate(followed.Vectors[j, b]);
                    }
                }

                Assert.Equal(i == j ? 1 : 0, product.Magnitude, 1e-11);
                Assert.Equal(i == j ? Math.Abs(followed.Values[i]) : 0, image.Magnitude, 1e-10);
            }
        }
    }

    [Fact]
    public void Decompose_AfterOtherMatrices_IsWhatItIsWithoutThem()
    {
        var used = new JacobiWorkspace(Order);
        used.Follow(Hermitian(1));
        used.Follow(Hermitian(2));
        used.Decompose(Hermitian(3));
        var unused = new JacobiWorkspace(Order);
        unused.Decompose(Hermitian(3));
        Assert.Equal(unused.Values, used.Values);
        Assert.Equal(unused.Vectors.Re, used.Vectors.Re);
        Assert.Equal(unused.Vectors.Im, used.Vectors.Im);
    }

    private static ComplexMatrix Drift(ComplexMatrix matrix, ComplexMatrix by) =>
        ComplexMatrix.Create(Order, Order, (i, j) => matrix[i, j] + (0.01 * by[i, j]));

    private static ComplexMatrix Hermitian(uint number)
    {
        var random = new CounterRandom(9, RandomPurpose.Test, number, 0);
        return ComplexMatrix.Create(Order, Order, (i, j) =>
        {
            (double re, double im) = random.NormalPairAt((ulong)((Math.Max(i, j) * Order) + Math.Min(i, j)));
            return i == j ? re : new Complex(re, i > j ? im : -im);
        });
    }
}
