using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Algorithm 1 with the precoder problem solved exactly: best receivers, then best precoders, until the error settles.</summary>
/// <remarks>
/// Each half step is the exact minimum over its block, so the error descends, but it settles slowly. Where <c>accelerate</c> is set, each
/// iteration also tries a point further on and keeps it only if it has the smaller error: the error descends all the same, and the
/// fixed points are those of the plain iteration. The point is that of <see cref="AndersonMixing"/>, which is fast in a valley; past a saddle,
/// to which mixing would lead back, it lies on the line of the last step. Each of the two is used until it fails. Mutable workspace, not
/// thread safe.
/// </remarks>
internal sealed class BlockDescent
{
    private const int Depth = 10;
    private const double FirstStride = 2;
    private const double LongestStride = 1000;
    private readonly OtaFeelCase _case;
    private readonly PrecoderProblem _problem;
    private readonly AndersonMixing _mixing;
    private readonly ComplexMatrix[] _proposed;
    private readonly double[] _powers;
    private readonly double[] _point;
    private readonly double[] _image;
    private readonly double[] _proposal;
    private AggregationKernel _kernel;
    private AggregationKernel _spare;

    /// <summary>Creates the workspace for one case.</summary>
    public BlockDescent(OtaFeelCase problem, PulseSharing sharing)
    {
        _case = problem;
        _kernel = new AggregationKernel(problem, sharing);
        _spare = new AggregationKernel(problem, sharing);
        _problem = new PrecoderProblem(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        int length = 2 * problem.Devices * problem.DeviceAntennas * problem.Tasks;
        _mixing = new AndersonMixing(length, Depth);
        _proposed = [.. Enumerable.Range(0, problem.Devices).Select(_ => new ComplexMatrix(problem.DeviceAntennas, problem.Tasks))];
        _powers = new double[problem.Devices];
        (_point, _image, _proposal) = (new double[length], new double[length], new double[length]);
    }

    /// <summary>Descends from a start.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns, none of them zero; receives the result.</param>
    /// <param name="accelerate">Whether to try points further on.</param>
    /// <param name="trace">Receives the error (7) after each iteration.</param>
    /// <param name="cancellationToken">Stops the descent.</param>
    /// <returns>The error (7) of the result with the best receivers.</returns>
    public double Run(ComplexMatrix[] precoders, bool accelerate, List<double> trace, CancellationToken cancellationToken)
    {
        _mixing.Restart();
        bool mixing = true;
        double stride = FirstStride;
        double error = _kernel.Receive(precoders);
        for (int iteration = 0; iteration < _case.MaxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Flatten(precoders, _point);
            _kernel.Pose(_problem);
            _problem.Solve(_case.PowerWatts, _case.RequiredPowerWatts, precoders);
            double next = _kernel.Receive(precoders);
            Flatten(precoders, _image);
            if (accelerate && Propose(mixing, stride))
            {
                bool better = TakeIfBetter(precoders, ref next);
                stride = mixing ? stride : better ? Math.Min(LongestStride, 2 * stride) : Math.Max(1, 0.25 * stride);
                if (!better)
                {
                    _mixing.Restart();
                    mixing = !mixing;
                }
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

    private bool Propose(bool mixing, double stride)
    {
        bool any = _mixing.Propose(_point, _image, _proposal);
        if (!mixing)
        {
            for (int i = 0; i < _proposal.Length; i++)
            {
                _proposal[i] = _image[i] + (stride * (_image[i] - _point[i]));
            }
        }

        return any || !mixing;
    }

    // The kernel stays at the point that is kept.
    private bool TakeIfBetter(ComplexMatrix[] precoders, ref double error)
    {
        Unflatten(_proposal, _proposed);
        if (!Retract())
        {
            return false;
        }

        double candidate = _spare.Receive(_proposed);
        if (candidate >= error)
        {
            return false;
        }

        error = candidate;
        (_kernel, _spare) = (_spare, _kernel);
        Flatten(_proposed, _proposal);
        Unflatten(_proposal, precoders);
        return true;
    }

    // Back to the limits: powers above P are cut, and if the sum is too small, those below P are raised in proportion.
    private bool Retract()
    {
        double limit = _case.PowerWatts, required = _case.RequiredPowerWatts, sum = 0;
        for (int k = 0; k < _powers.Length; k++)
        {
            _powers[k] = _proposed[k].SquaredFrobeniusNorm();
            sum += SetPower(k, Math.Min(limit, _powers[k]));
        }

        for (int pass = 0; pass < _powers.Length && sum < required; pass++)
        {
            double full = _powers.Where(power => power >= limit).Sum();
            if (full >= sum)
            {
                return false;
            }

            double raise = (required - full) / (sum - full);
            sum = 0;
            for (int k = 0; k < _powers.Length; k++)
            {
                sum += SetPower(k, _powers[k] >= limit ? _powers[k] : Math.Min(limit, _powers[k] * raise));
            }
        }

        return sum >= required;
    }

    private double SetPower(int device, double power)
    {
        double before = _powers[device];
        if (power != before && before > 0)
        {
            ComplexMatrix precoder = _proposed[device];
            double scale = Math.Sqrt(power / before);
            for (int x = 0; x < precoder.Re.Length; x++)
            {
                precoder.Re[x] *= scale;
                precoder.Im[x] *= scale;
            }

            _powers[device] = power;
        }

        return _powers[device];
    }

    private static void Flatten(ComplexMatrix[] source, double[] target)
    {
        int next = 0;
        foreach (ComplexMatrix matrix in source)
        {
            matrix.Re.CopyTo(target, next);
            matrix.Im.CopyTo(target, next + matrix.Re.Length);
            next += 2 * matrix.Re.Length;
        }
    }

    private static void Unflatten(double[] source, ComplexMatrix[] target)
    {
        int next = 0;
        foreach (ComplexMatrix matrix in target)
        {
            Array.Copy(source, next, matrix.Re, 0, matrix.Re.Length);
            Array.Copy(source, next + matrix.Re.Length, matrix.Im, 0, matrix.Im.Length);
            next += 2 * matrix.Re.Length;
        }
    }
}
