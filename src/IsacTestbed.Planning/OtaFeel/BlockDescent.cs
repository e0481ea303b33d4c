using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Algorithm 1 with the precoder problem solved exactly: best receivers, then best precoders, until the error settles.</summary>
/// <remarks>
/// Each half step is the exact minimum over its block, so the error descends. It settles slowly: where <c>accelerate</c> is set, each
/// iteration also tries the point beyond the new one on the line from the old one, and keeps it if it is feasible and better. Mutable
/// workspace, not thread safe.
/// </remarks>
internal sealed class BlockDescent
{
    private const double LongestStep = 64;
    private readonly OtaFeelCase _case;
    private readonly AggregationKernel _kernel;
    private readonly PrecoderProblem _problem;
    private readonly ComplexMatrix[] _previous;
    private readonly ComplexMatrix[] _beyond;

    /// <summary>Creates the workspace for one case.</summary>
    public BlockDescent(OtaFeelCase problem, PulseSharing sharing)
    {
        _case = problem;
        _kernel = new AggregationKernel(problem, sharing);
        _problem = new PrecoderProblem(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        _previous = Empty();
        _beyond = Empty();
    }

    /// <summary>Descends from a start.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns, none of them zero; receives the result.</param>
    /// <param name="accelerate">Whether to extrapolate.</param>
    /// <param name="trace">Receives the error (7) after each iteration.</param>
    /// <param name="cancellationToken">Stops the descent.</param>
    /// <returns>The error (7) of the result with the best receivers.</returns>
    public double Run(ComplexMatrix[] precoders, bool accelerate, List<double> trace, CancellationToken cancellationToken)
    {
        double error = _kernel.Receive(precoders);
        double stride = 1;
        for (int iteration = 0; iteration < _case.MaxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Copy(precoders, _previous);
            _kernel.Pose(_problem);
            _problem.Solve(_case.PowerWatts, _case.RequiredPowerWatts, precoders);
            double next = _kernel.Receive(precoders);
            if (accelerate && iteration > 0)
            {
                bool better = Extrapolate(precoders, stride, ref next);
                stride = better ? Math.Min(LongestStep, 1.5 * stride) : Math.Max(0.5, 0.5 * stride);
            }

            trace.Add(next);
            double change = Math.Abs(error - next);
            error = next;
            if (change <= _case.Tolerance * error)
            {
                break;
            }
        }

        return error;
    }

    // Keeps the kernel at the point that is kept.
    private bool Extrapolate(ComplexMatrix[] precoders, double stride, ref double error)
    {
        double sum = 0;
        for (int k = 0; k < precoders.Length; k++)
        {
            ComplexMatrix beyond = _beyond[k], current = precoders[k], previous = _previous[k];
            for (int x = 0; x < beyond.Re.Length; x++)
            {
                beyond.Re[x] = current.Re[x] + (stride * (current.Re[x] - previous.Re[x]));
                beyond.Im[x] = current.Im[x] + (stride * (current.Im[x] - previous.Im[x]));
            }

            double power = beyond.SquaredFrobeniusNorm();
            if (power > _case.PowerWatts)
            {
                double scale = Math.Sqrt(_case.PowerWatts / power);
                for (int x = 0; x < beyond.Re.Length; x++)
                {
                    beyond.Re[x] *= scale;
                    beyond.Im[x] *= scale;
                }

                power = _case.PowerWatts;
            }

            sum += power;
        }

        if (sum < _case.RequiredPowerWatts)
        {
            return false;
        }

        double candidate = _kernel.Receive(_beyond);
        if (candidate < error)
        {
            error = candidate;
            Copy(_beyond, precoders);
            return true;
        }

        _ = _kernel.Receive(precoders);
        return false;
    }

    private ComplexMatrix[] Empty() =>
        [.. Enumerable.Range(0, _case.Devices).Select(_ => new ComplexMatrix(_case.DeviceAntennas, _case.Tasks))];

    private static void Copy(ComplexMatrix[] source, ComplexMatrix[] target)
    {
        for (int k = 0; k < source.Length; k++)
        {
            source[k].Re.CopyTo(target[k].Re, 0);
            source[k].Im.CopyTo(target[k].Im, 0);
        }
    }
}
