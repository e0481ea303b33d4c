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
    private readonly MatrixBatch _precoders;
    private readonly MatrixBatch _proposed;
    private readonly double[] _powers;
    private readonly double[] _scales;
    private readonly double[] _point;
    private readonly double[] _image;
    private readonly double[] _proposal;
    private readonly double _required;
    private AggregationKernel _kernel;
    private AggregationKernel _spare;

    /// <summary>Creates the workspace for one case.</summary>
    public BlockDescent(OtaFeelCase problem, PulseSharing sharing)
    {
        _case = problem;
        _required = problem.RequiredPowerWatts;
        _kernel = new AggregationKernel(problem, sharing);
        _spare = new AggregationKernel(problem, sharing);
        _problem = new PrecoderProblem(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        _precoders = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        _proposed = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        (_powers, _scales) = (new double[_proposed.Stride], new double[_proposed.Stride]);
        int length = _proposed.Values.Re.Length + _proposed.Values.Im.Length;
        _mixing = new AndersonMixing(length, Depth);
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
        _precoders.Load(precoders);
        double error = Descend(accelerate, trace, cancellationToken);
        _precoders.CopyTo(precoders);
        return error;
    }

    private double Descend(bool accelerate, List<double> trace, CancellationToken cancellationToken)
    {
        _mixing.Restart();
        bool mixing = true;
        double stride = FirstStride;
        double error = _kernel.Receive(_precoders);
        for (int iteration = 0; iteration < _case.MaxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Flatten(_precoders, _point);
            _kernel.Pose(_problem);
            _problem.Solve(_case.PowerWatts, _required, _precoders);
            double next = _kernel.Receive(_precoders);
            Flatten(_precoders, _image);
            if (accelerate && Propose(mixing, stride))
            {
                bool better = TakeIfBetter(ref next);
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
    private bool TakeIfBetter(ref double error)
    {
        Unflatten(_proposal, _proposed);
        if (!Retract())
        {
            return false;
        }

        double candidate = _spare.Receive(_proposed);
        if (!(candidate < error))
        {
            return false;
        }

        error = candidate;
        (_kernel, _spare) = (_spare, _kernel);
        _precoders.CopyFrom(_proposed);
        return true;
    }

    // Back to the limits: powers above P are cut, and if the sum is too small, those below P are raised in proportion.
    private bool Retract()
    {
        double limit = _case.PowerWatts;
        _proposed.SquaredNorms(_powers);
        for (int k = 0; k < _scales.Length; k++)
        {
            double power = Math.Min(limit, _powers[k]);
            _scales[k] = power < _powers[k] ? Math.Sqrt(power / _powers[k]) : 1;
            _powers[k] = power;
        }

        for (int pass = 0; pass < _case.Devices && _powers.Sum() < _required; pass++)
        {
            double full = _powers.Where(power => power >= limit).Sum(), rest = _powers.Sum() - full;
            if (!(rest > 0))
            {
                return false;
            }

            double raise = (_required - full) / rest;
            for (int k = 0; k < _powers.Length; k++)
            {
                double power = _powers[k] >= limit ? _powers[k] : Math.Min(limit, _powers[k] * raise);
                _scales[k] *= _powers[k] > 0 ? Math.Sqrt(power / _powers[k]) : 1;
                _powers[k] = power;
            }
        }

        _proposed.Scale(_scales);
        return _powers.Sum() >= _required;
    }

    private static void Flatten(MatrixBatch source, double[] target)
    {
        source.Values.Re.CopyTo(target, 0);
        source.Values.Im.CopyTo(target, source.Values.Re.Length);
    }

    private static void Unflatten(double[] source, MatrixBatch target)
    {
        Array.Copy(source, target.Values.Re, target.Values.Re.Length);
        Array.Copy(source, target.Values.Re.Length, target.Values.Im, 0, target.Values.Im.Length);
    }
}
