using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;
using MathNet.Numerics.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class PrecoderProblemTests
{
    /// <summary>
    /// Sufficient for the global optimum: with nu_k from C_k, (A_k + nu_k I) C_k = L_k, A_k + nu_k I is positive semidefinite, nu_k + mu is
    /// not negative and zero where the power is below P, and mu is zero unless the sum is tight.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Solve_RandomAndHardCases_MeetsTheConditionsOfTheGlobalOptimum(int kind)
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Test, 5, (uint)kind);
            int devices = 1 + random.IntegerAt(900, 6), antennas = 1 + random.IntegerAt(901, 6), tasks = 1 + random.IntegerAt(902, 4);
            double limit = Math.Exp(4 * (random.UniformAt(903) - 0.5)), required = devices * limit * random.UniformAt(904);
            var problem = new PrecoderProblem(devices, antennas, tasks);
            var quadratics = new Matrix<Complex>[devices];
            var linears = new Matrix<Complex>[devices];
            for (int k = 0; k < devices; k++)
            {
                ulong index = (ulong)(1000 * (k + 1));
                Complex Draw()
                {
                    (double re, double im) = random.NormalPairAt(index++);
                    return new Complex(re, im);
                }

                int rank = kind == 1 ? Math.Max(1, antennas - 1) : antennas;
                Matrix<Complex> root = Matrix<Complex>.Build.Dense(antennas, rank, (_, _) => Draw());
                quadratics[k] = root * root.ConjugateTranspose();
                linears[k] = kind switch
                {
                    // As the receivers give it: within the range of A_k.
                    0 or 1 => root * Matrix<Complex>.Build.Dense(rank, tasks, (_, _) => Draw()),

                    // The hard case: no part along the lowest eigenvector.
                    2 => WithoutLowest(quadratics[k], Matrix<Complex>.Build.Dense(antennas, tasks, (_, _) => Draw())),

                    // Every other device has no weight.
                    _ => Matrix<Complex>.Build.Dense(antennas, tasks, (_, _) => k % 2 == 0 ? Complex.Zero : Draw()),
                };
            }

            problem.Quadratic.Load([.. quadratics.Select(Convert)]);
            problem.Linear.Load([.. linears.Select(Convert)]);
            problem.Pose();
            var precoders = new MatrixBatch(devices, antennas, tasks);
            problem.Solve(limit, required, precoders);
            ComplexMatrix[] solution = [.. Enumerable.Range(0, devices).Select(_ => new ComplexMatrix(antennas, tasks))];
            precoders.CopyTo(solution);

            Check(quadratics, linears, [.. solution.Select(Convert)], limit, required);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void JacobiWorkspace_RandomMatrices_AgreesWithMathNet(int order)
    {
        for (uint trial = 0; trial < 10; trial++)
        {
            var random = new CounterRandom(3, RandomPurpose.Test, trial, (uint)order);
            Matrix<Complex> root = Matrix<Complex>.Build.Dense(order, order, (i, j) =>
            {
                (double re, double im) = random.NormalPairAt((ulong)((i * order) + j));
                return new Complex(re, im);
            });
            Matrix<Complex> matrix = root + root.ConjugateTranspose();
            var eigen = new JacobiWorkspace(order);

            eigen.Decompose(Convert(matrix));

            // A few units in the last place times the norm.
            double[] expected = [.. matrix.Evd(Symmetricity.Hermitian).EigenValues.Select(v => v.Real).Order()];
            Assert.All(expected.Zip(eigen.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * order));
            Matrix<Complex> vectors = Convert(eigen.Vectors);
            Matrix<Complex> diagonal = vectors * matrix * vectors.ConjugateTranspose();
            Assert.True((diagonal - Matrix<Complex>.Build.DenseOfDiagonalArray([.. eigen.Values.Select(v => new Complex(v, 0))])).FrobeniusNorm() < 1e-12 * order);
        }
    }

    private static void Check(Matrix<Complex>[] quadratics, Matrix<Complex>[] linears, Matrix<Complex>[] solution, double limit, double required)
    {
        double[] powers = [.. solution.Select(c => c.FrobeniusNorm() * c.FrobeniusNorm())];
        Assert.All(powers, p => Assert.True(p <= limit * (1 + 1e-12)));
        Assert.True(powers.Sum() >= required * (1 - 1e-10));

        // Inner devices (below P, not zero) tell mu.
        double? multiplier = null;
        var shifts = new double[solution.Length];
        for (int k = 0; k < solution.Length; k++)
        {
            double scale = quadratics[k].FrobeniusNorm();
            if (powers[k] <= 1e-20 * limit)
            {
                Assert.True(linears[k].FrobeniusNorm() <= 1e-9 * scale);
                continue;
            }

            Matrix<Complex> residual = linears[k] - (quadratics[k] * solution[k]);
            shifts[k] = (solution[k].ConjugateTranspose() * residual).Trace().Real / powers[k];
            double miss = (residual - (shifts[k] * solution[k])).FrobeniusNorm() / (linears[k].FrobeniusNorm() + (scale * Math.Sqrt(powers[k])));
            Assert.True(miss <= 1e-7, $"not stationary: {miss}, power {powers[k]} of {limit}, shift {shifts[k]}, {quadratics[k].RowCount} antennas");
            double lowest = quadratics[k].Evd(Symmetricity.Hermitian).EigenValues.Min(v => v.Real);
            Assert.True(lowest + shifts[k] >= -1e-7 * scale, $"not a minimum: {lowest} + {shifts[k]}");
            if (powers[k] < limit * (1 - 1e-9))
            {
                multiplier ??= -shifts[k];
                Assert.Equal(multiplier.Value, -shifts[k], 1e-6 * scale);
            }
        }

        double mu = multiplier ?? Math.Max(0, shifts.Max(s => -s));
        Assert.True(mu >= -1e-7 * quadratics.Max(a => a.FrobeniusNorm()));
        for (int k = 0; k < solution.Length; k++)
        {
            Assert.True(powers[k] <= 1e-20 * limit || shifts[k] + mu >= -1e-6 * quadratics[k].FrobeniusNorm());
        }

        if (mu > 1e-6 * quadratics.Max(a => a.FrobeniusNorm()) && multiplier is not null)
        {
            Assert.Equal(required, powers.Sum(), 1e-9 * required);
        }
    }

    private static Matrix<Complex> WithoutLowest(Matrix<Complex> quadratic, Matrix<Complex> linear)
    {
        if (quadratic.RowCount == 1)
        {
            return linear * Complex.Zero;
        }

        var evd = quadratic.Evd(Symmetricity.Hermitian);
        int lowest = evd.EigenValues.Select((v, j) => (v.Real, j)).Min().j;
        MathNet.Numerics.LinearAlgebra.Vector<Complex> vector = evd.EigenVectors.Column(lowest);
        return linear - (vector.ToColumnMatrix() * (vector.ToColumnMatrix().ConjugateTranspose() * linear));
    }

    private static ComplexMatrix Convert(Matrix<Complex> matrix) => ComplexMatrix.Create(matrix.RowCount, matrix.ColumnCount, (i, j) => matrix[i, j]);

    private static Matrix<Complex> Convert(ComplexMatrix matrix) =>
        Matrix<Complex>.Build.Dense(matrix.Rows, matrix.Columns, (i, j) => matrix[i, j]);
}
