using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;
using MathNet.Numerics.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class AggregationKernelTests
{
    /// <summary>Fewer streams than antennas of the server, more, and as many; more tasks than antennas under a common pulse.</summary>
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 2, 3, 12, 2 },
        { 7, 3, 12, 2 },
        { 4, 2, 8, 2 },
        { 15, 4, 16, 2 },
        { 1, 1, 1, 1 },
        { 3, 5, 4, 6 },
        { 5, 2, 17, 3 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ReceiveAndPose_OrthogonalPulses_AgreeWithTheFormulas(int devices, int antennas, int server, int tasks) =>
        Compare(devices, antennas, server, tasks, PulseSharing.Orthogonal);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ReceiveAndPose_CommonPulse_AgreeWithTheFormulas(int devices, int antennas, int server, int tasks) =>
        Compare(devices, antennas, server, tasks, PulseSharing.Common);

    private static void Compare(int devices, int antennas, int server, int tasks, PulseSharing sharing)
    {
        OtaFeelCase problem = RandomCases.Draw(31, devices, antennas, server, tasks, devices) with { NoiseVariance = 0.05 };
        ComplexMatrix[] precoders = StartingPoints.Create(problem, 2);
        var batch = new MatrixBatch(devices, antennas, tasks);
        batch.Load(precoders);
        var kernel = new AggregationKernel(problem, sharing);
        var posed = new PrecoderProblem(devices, antennas, tasks);

        double error = kernel.Receive(batch);
        kernel.Pose(posed);

        // (32) and (33) as they stand, with dense inverses.
        Matrix<Complex>[] channels = [.. problem.Channels.Select(Convert)], sent = [.. precoders.Select(Convert)];
        Matrix<Complex>[] weights = [.. problem.Weights.Select(row => Matrix<Complex>.Build.DenseOfDiagonalArray([.. row.Select(w => new Complex(w, 0))]))];
        Matrix<Complex>[] received = [.. channels.Zip(sent, (h, c) => h * c)];
        Matrix<Complex> covariance = problem.NoiseVariance * Matrix<Complex>.Build.DenseIdentity(server);
        foreach (Matrix<Complex> stream in received)
        {
            covariance += stream * stream.ConjugateTranspose();
        }

        Matrix<Complex> inverse = covariance.Inverse();
        Matrix<Complex>[] filters = [.. received.Zip(weights, (y, w) => inverse * y * w)];
        Matrix<Complex> sum = filters.Aggregate((a, b) => a + b);
        Matrix<Complex> square = sharing == PulseSharing.Common
            ? sum * sum.ConjugateTranspose()
            : filters.Select(x => x * x.ConjugateTranspose()).Aggregate((a, b) => a + b);
        filters = sharing == PulseSharing.Common ? [.. filters.Select(_ => sum)] : filters;
        double energy = problem.Weights.Sum(row => row.Sum(w => w * w));
        double expected = energy - Enumerable.Range(0, devices).Sum(k => (weights[k] * received[k].ConjugateTranspose() * filters[k]).Trace().Real);

        // The condition of S is below 1e5 here, and the error may cancel against the energy of the weights.
        const double accuracy = 1e-10;
        Assert.Equal(expected, error, accuracy * energy);
        Near(filters, kernel.Filters, accuracy);
        Near([.. channels.Select(h => h.ConjugateTranspose() * square * h)], posed.Quadratic, accuracy);
        Near([.. Enumerable.Range(0, devices).Select(k => channels[k].ConjugateTranspose() * filters[k] * weights[k])], posed.Linear, accuracy);
    }

    private static void Near(Matrix<Complex>[] expected, MatrixBatch actual, double accuracy)
    {
        ComplexMatrix[] matrices = [.. expected.Select(m => new ComplexMatrix(m.RowCount, m.ColumnCount))];
        actual.CopyTo(matrices);
        double scale = expected.Max(m => m.FrobeniusNorm());
        Assert.All(expected.Zip(matrices), pair => Assert.True((pair.First - Convert(pair.Second)).FrobeniusNorm() <= accuracy * scale));
    }

    private static Matrix<Complex> Convert(ComplexMatrix matrix) =>
        Matrix<Complex>.Build.Dense(matrix.Rows, matrix.Columns, (i, j) => matrix[i, j]);
}
