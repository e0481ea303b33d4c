using IsacTestbed.Core;
using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Tests.Kernels;

public sealed class MatrixProductTests
{
    // Around the edges of tiles (14 x 32, 6 x 16) and row blocks (70, 30).
    private static readonly int[] Lengths = [0, 1, 3, 7, 14, 16, 33, 71, 129];

    // Around the inner block (256).
    private static readonly int[] InnerLengths = [0, 1, 5, 256, 257, 515];

    public static TheoryData<bool, bool, int, bool> Variants()
    {
        var variants = new TheoryData<bool, bool, int, bool>();
        foreach (bool transposeA in new[] { false, true })
        {
            foreach (bool transposeB in new[] { false, true })
            {
                variants.Add(transposeA, transposeB, 1, false);
                variants.Add(transposeA, transposeB, 3, true);
            }
        }

        return variants;
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Product_OfAwkwardSizes_EqualsTheReferenceToTheLastBit(bool transposeA, bool transposeB, int threads, bool narrow)
    {
        InstructionTier tier = narrow && MatrixProduct.BestTier == InstructionTier.Vector512 ? InstructionTier.Vector256 : MatrixProduct.BestTier;
        using var team = new WorkTeam(threads);
        var product = new MatrixProduct(team, tier);
        float[] a = TestValues.Normal(129 * 515, 1), b = TestValues.Normal(129 * 515, 2), bias = TestValues.Normal(129, 3);
        for (int size = 0; size < Lengths.Length * InnerLengths.Length * 3; size++)
        {
            // A third of the grid, spread so that every length meets every inner length.
            (int rows, int inner) = (Lengths[size % Lengths.Length], InnerLengths[size / Lengths.Length % InnerLengths.Length]);
            int columns = Lengths[((size * 2) + (size / (Lengths.Length * InnerLengths.Length))) % Lengths.Length];
            ReadOnlySpan<float> left = a.AsSpan(0, rows * inner), right = b.AsSpan(0, inner * columns);
            ReadOnlySpan<float> start = size % 2 == 0 ? bias.AsSpan(0, columns) : default;
            float[] actual = new float[rows * columns], expected = new float[rows * columns];
            Array.Fill(actual, float.NaN);
            product.Multiply(rows, columns, inner, left, transposeA, right, transposeB, start, actual);
            MatrixProductReference.Multiply(rows, columns, inner, left, transposeA, right, transposeB, start, expected);
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{rows} x {columns} x {inner} differs from the reference");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Product_OfOneRow_EqualsTheReferenceToTheLastBit(bool transposeA)
    {
        // One row takes a way of its own, four rows of b at a time.
        using var team = new WorkTeam(1);
        var product = new MatrixProduct(team);
        float[] a = TestValues.Normal(515, 1), b = TestValues.Normal(515 * 129, 2), bias = TestValues.Normal(129, 3);
        foreach (int columns in new[] { 1, 7, 8, 16, 31, 64, 129 })
        {
            foreach (int inner in new[] { 0, 1, 3, 4, 5, 257, 515 })
            {
                ReadOnlySpan<float> start = inner % 2 == 0 ? bias.AsSpan(0, columns) : default;
                float[] actual = new float[columns], expected = new float[columns];
                Array.Fill(actual, float.NaN);
                product.Multiply(1, columns, inner, a.AsSpan(0, inner), transposeA, b.AsSpan(0, inner * columns), false, start, actual);
                MatrixProductReference.Multiply(1, columns, inner, a.AsSpan(0, inner), transposeA, b.AsSpan(0, inner * columns), false, start, expected);
                Assert.True(expected.AsSpan().SequenceEqual(actual), $"{columns} x {inner} differs from the reference");
            }
        }
    }

    [Fact]
    public void Product_AgainstDoublePrecision_IsAccurateToItsLength()
    {
        const int Inner = 784;
        using var team = new WorkTeam(1);
        float[] a = TestValues.Normal(20 * Inner, 4), b = TestValues.Normal(Inner * 40, 5), c = new float[20 * 40];
        new MatrixProduct(team).Multiply(20, 40, Inner, a, false, b, false, default, c);
        for (int i = 0; i < 20; i++)
        {
            for (int j = 0; j < 40; j++)
            {
                double sum = 0, magnitude = 0;
                for (int p = 0; p < Inner; p++)
                {
                    double term = (double)a[(i * Inner) + p] * b[(p * 40) + j];
                    sum += term;
                    magnitude += Math.Abs(term);
                }

                // The forward error of a chain of n fused steps is at most n u times the sum of magnitudes, u = 2^-24.
                Assert.InRange(c[(i * 40) + j] - sum, -Inner * Math.ScaleB(magnitude, -24), Inner * Math.ScaleB(magnitude, -24));
            }
        }
    }

    [Fact]
    public void Product_WithWrongLengths_IsRefused()
    {
        using var team = new WorkTeam(1);
        var product = new MatrixProduct(team);
        float[] six = new float[6];
        float[] four = new float[4];
        Assert.Throws<ArgumentException>(() => product.Multiply(2, 2, 3, six, false, four, false, default, new float[4]));
        Assert.Throws<ArgumentException>(() => product.Multiply(2, 2, 3, six, false, new float[6], false, new float[3], new float[4]));
        Assert.Throws<ArgumentException>(() => product.Multiply(2, 2, 2, four, false, new float[4], false, default, four));
    }

    [Fact]
    public void Product_AfterWarmUp_AllocatesNothing()
    {
        using var team = new WorkTeam(2);
        var product = new MatrixProduct(team);
        float[] a = TestValues.Normal(200 * 100, 6), b = TestValues.Normal(100 * 90, 7), c = new float[200 * 90];
        void Products()
        {
            for (int i = 0; i < 5; i++)
            {
                product.Multiply(200, 90, 100, a, false, b, false, default, c);
            }
        }

        Assert.Equal(0, SteadyAllocation.Of(Products));
    }
}
