using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>
/// Descent of the error (7) under a common pulse over the receivers, with the best precoders (33) at every point, by limited-memory BFGS.
/// </summary>
/// <remarks>
/// Where noise is faint the precoders have to answer every change of the receivers exactly, or the error is steep in nearly all directions; the
/// alternation creeps along its valley. Solved for at every point they are no unknowns any more, and the limits (30a) and (30b) hold. The
/// gradient is that with the precoders held, since they are optimal. With orthogonal pulses there are receivers for every
/// device, and <see cref="SphereDescent"/> gets further.
/// Mutable workspace, not thread safe.
/// </remarks>
internal sealed class ReceiverDescent
{
    private const double Tolerance = 1e-6;
    private const int MostSteps = 1000;
    private readonly OtaFeelCase _case;
    private readonly AggregationKernel _kernel;
    private readonly PrecoderProblem _problem;
    private readonly QuasiNewtonAscent _ascent;
    private readonly MatrixBatch _precoders;
    private readonly ComplexMatrix _receivers;
    private readonly ComplexMatrix _slopes;
    private readonly double[] _point;
    private readonly double _required;
    private double _unit;

    /// <summary>Creates the workspace for one case.</summary>
    public ReceiverDescent(OtaFeelCase problem)
    {
        _case = problem;
        _required = problem.RequiredPowerWatts;
        _kernel = new AggregationKernel(problem, PulseSharing.Common);
        _problem = new PrecoderProblem(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        _precoders = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        _receivers = new ComplexMatrix(problem.ServerAntennas, problem.Tasks);
        _slopes = new ComplexMatrix(problem.ServerAntennas, problem.Tasks);
        _point = new double[2 * _receivers.Re.Length];
        _ascent = new QuasiNewtonAscent(_point.Length);
    }

    /// <summary>Descends from the best receivers of some precoders.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns; receives the result.</param>
    /// <param name="cancellationToken">Stops the descent.</param>
    /// <returns>The number of steps.</returns>
    public int Run(ComplexMatrix[] precoders, CancellationToken cancellationToken)
    {
        _precoders.Load(precoders);
        _ = _kernel.Receive(_precoders);
        _kernel.CopyReceivers(_receivers);
        _unit = Math.Sqrt(_receivers.SquaredFrobeniusNorm());
        if (!(_unit > 0) || !double.IsFinite(_unit))
        {
            return 0;
        }

        for (int x = 0; x < _receivers.Re.Length; x++)
        {
            _point[x] = _receivers.Re[x] / _unit;
            _point[_receivers.Re.Length + x] = _receivers.Im[x] / _unit;
        }

        (_, int steps) = _ascent.Climb(Evaluate, _point, Tolerance, MostSteps, cancellationToken);
        _ = Evaluate(_point, new double[_point.Length]);
        _precoders.CopyTo(precoders);
        return steps;
    }

    private double Evaluate(double[] point, double[] gradient)
    {
        int entries = _receivers.Re.Length;
        for (int x = 0; x < entries; x++)
        {
            _receivers.Re[x] = _unit * point[x];
            _receivers.Im[x] = _unit * point[entries + x];
        }

        _kernel.Use(_receivers);
        _kernel.Pose(_problem);
        _problem.Solve(_case.PowerWatts, _required, _precoders);
        double error = _kernel.Evaluate(_precoders, _slopes);
        for (int x = 0; x < entries; x++)
        {
            gradient[x] = -2 * _unit * _slopes.Re[x];
            gradient[entries + x] = -2 * _unit * _slopes.Im[x];
        }

        return -error;
    }
}
