using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Algorithm 1 as printed: receivers (32), the relaxation (35), and the projection C_k = sqrt(alpha_k) C_k / |C_k|.</summary>
/// <remarks>
/// (35) leaves alpha_k open wherever it exceeds |C_k|^2: here they are the smallest that meet (35b), raised together from |C_k|^2 and cut
/// at P. The projection is 0/0 for a device with C_k = 0; such a device is given the direction that costs least. Neither the projection
/// nor this keeps the error from rising.
/// </remarks>
internal static class LiteralAlgorithm
{
    /// <summary>Runs the algorithm.</summary>
    /// <param name="problem">The case; feasible.</param>
    /// <param name="precoders">The start, K matrices of M rows and I columns; receives the last iterate.</param>
    /// <param name="trace">Receives the error (7) after each iteration.</param>
    /// <param name="cancellationToken">Stops the algorithm.</param>
    public static void Run(OtaFeelCase problem, ComplexMatrix[] precoders, List<double> trace, CancellationToken cancellationToken)
    {
        var kernel = new AggregationKernel(problem, PulseSharing.Orthogonal);
        var marginal = new PrecoderProblem(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        var batch = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        var spare = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        double[] powers = new double[problem.Devices];
        batch.Load(precoders);
        double error = kernel.Receive(batch);
        for (int iteration = 0; iteration < problem.MaxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            kernel.Pose(marginal);
            marginal.SolveUnconstrained(problem.PowerWatts, powers, batch);
            double raise = Raise(powers, problem.PowerWatts, problem.RequiredPowerWatts);
            if (raise > 0)
            {
                Project(batch, powers, [.. powers.Select(power => Math.Min(problem.PowerWatts, power + raise))], marginal, spare);
            }

            double next = kernel.Receive(batch);
            trace.Add(next);
            double change = Math.Abs(error - next);
            error = next;
            if (change <= problem.Tolerance * error)
            {
                break;
            }
        }

        batch.CopyTo(precoders);
    }

    private static void Project(MatrixBatch precoders, double[] powers, double[] alphas, PrecoderProblem marginal, MatrixBatch spare)
    {
        double[] scales = new double[precoders.Stride];
        for (int k = 0; k < powers.Length; k++)
        {
            scales[k] = powers[k] > 0 ? Math.Sqrt(alphas[k] / powers[k]) : 0;
        }

        precoders.Scale(scales);
        if (powers.Any(power => !(power > 0)))
        {
            marginal.SetPowers([.. alphas.Zip(powers, (alpha, power) => power > 0 ? 0 : alpha)], spare);
            precoders.Add(spare);
        }
    }

    // The common r >= 0 with the sum of min(P, power + r) equal to the required sum.
    private static double Raise(double[] powers, double limit, double required)
    {
        double[] room = [.. powers.Select(power => limit - power).Order()];
        double missing = required - powers.Sum(), reached = 0;
        if (missing <= 0)
        {
            return 0;
        }

        for (int k = 0; k < room.Length; k++)
        {
            double full = (room.Length - k) * (room[k] - reached);
            if (full >= missing)
            {
                return reached + (missing / (room.Length - k));
            }

            missing -= full;
            reached = room[k];
        }

        return limit;
    }
}
