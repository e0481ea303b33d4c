using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>
/// Descent of the error (7) under orthogonal pulses over all precoders at once, with the best receivers at every point, by limited-memory BFGS.
/// </summary>
/// <remarks>
/// The alternation of <see cref="BlockDescent"/> settles the more slowly the further the received power is above the noise; this does not. A
/// device's precoder, together with one entry that is not transmitted, is a point on a sphere of power P: (30a) holds everywhere and
/// the search is free. (30b) is met by an augmented Lagrangian, up to what its last step leaves: an exact solution of the precoder
/// problem has to follow. Mutable workspace, not thread safe.
/// </remarks>
internal sealed class SphereDescent
{
    private const double Tolerance = 1e-6;
    private const int MostSteps = 500;
    private const int MostMultipliers = 12;
    private const double FirstPenalty = 10;
    private const double PenaltyGrowth = 4;
    private const double SlowShare = 0.25;
    private const double Negligible = 1e-9;

    // An idle entry of zero has no slope: a power below the limit could not be found from there.
    private const double LeastIdle = 0.03;

    private readonly OtaFeelCase _case;
    private readonly AggregationKernel _kernel;
    private readonly QuasiNewtonAscent _ascent;
    private readonly MatrixBatch _precoders;
    private readonly MatrixBatch _slopes;
    private readonly MatrixBatch _quadratic;
    private readonly MatrixBatch _linear;
    private readonly double[] _point;
    private readonly double[] _norms;
    private readonly double[] _radial;
    private readonly double _required;
    private double _multiplier;
    private double _penalty;

    /// <summary>Creates the workspace for one case.</summary>
    public SphereDescent(OtaFeelCase problem)
    {
        _case = problem;
        _required = problem.RequiredPowerWatts / problem.PowerWatts;
        _kernel = new AggregationKernel(problem, PulseSharing.Orthogonal);
        _precoders = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        _slopes = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        _quadratic = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.DeviceAntennas);
        _linear = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        _point = new double[(2 * _slopes.Values.Re.Length) + _slopes.Stride];
        (_norms, _radial) = (new double[_slopes.Stride], new double[_slopes.Stride]);
        _ascent = new QuasiNewtonAscent(_point.Length);
    }

    /// <summary>Forgets the price of power that earlier descents found; without it the next begins where (30b) bound the last.</summary>
    public void Forget() => (_multiplier, _penalty) = (0, 0);

    /// <summary>Descends from a start.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns within the power limit; receives the result, whose powers may add up to a little too little.</param>
    /// <param name="cancellationToken">Stops the descent.</param>
    /// <returns>The number of steps.</returns>
    public int Run(ComplexMatrix[] precoders, CancellationToken cancellationToken)
    {
        Encode(precoders);
        int steps = 0;
        double before = double.PositiveInfinity;
        for (int i = 0; i < MostMultipliers; i++)
        {
            (double value, int taken) = _ascent.Climb(Evaluate, _point, Tolerance, MostSteps, cancellationToken);
            steps += taken;
            Decode(_point);
            double shortfall = Shortfall(), multiplier = Math.Max(0, _multiplier + (_penalty * shortfall));
            if (shortfall <= Negligible * _required && (multiplier == 0 || -shortfall <= Negligible * _required))
            {
                break;
            }

            if (_penalty == 0)
            {
                _penalty = FirstPenalty * -value / (_required * _required);
            }
            else if (Math.Abs(shortfall) > SlowShare * before)
            {
                _penalty *= PenaltyGrowth;
            }

            (_multiplier, before) = (multiplier, Math.Abs(shortfall));
        }

        _precoders.CopyTo(precoders);
        return steps;
    }

    // What the sum of the decoded powers lacks, in units of P; negative where it is more than enough.
    private double Shortfall() => _required - (_precoders.Values.SquaredFrobeniusNorm() / _case.PowerWatts);

    // The error with its sign turned, less the penalty for powers that add up to too little.
    private double Evaluate(double[] point, double[] gradient)
    {
        Decode(point);
        double value = -_kernel.Receive(_precoders);
        _kernel.SetCoefficients(_quadratic, _linear);
        _slopes.SetProduct(_quadratic, _precoders);
        double pressure = 0;
        if (_penalty > 0)
        {
            pressure = Math.Max(0, _multiplier + (_penalty * Shortfall()));
            value -= ((pressure * pressure) - (_multiplier * _multiplier)) / (2 * _penalty);
        }

        int entries = _slopes.Values.Re.Length;
        SetSlopes(gradient.AsSpan(0, entries), _linear.Values.Re, _slopes.Values.Re, _precoders.Values.Re, pressure / _case.PowerWatts);
        SetSlopes(gradient.AsSpan(entries, entries), _linear.Values.Im, _slopes.Values.Im, _precoders.Values.Im, pressure / _case.PowerWatts);
        gradient.AsSpan(2 * entries).Clear();
        Project(point, gradient);
        return value;
    }

    // 2 (L - A C + pressure C), per square root of P.
    private void SetSlopes(Span<double> slopes, double[] linear, double[] product, double[] precoder, double pressure)
    {
        double scale = 2 * Math.Sqrt(_case.PowerWatts);
        for (int x = 0; x < slopes.Length; x++)
        {
            slopes[x] = scale * (linear[x] - product[x] + (pressure * precoder[x]));
        }
    }

    // Slopes at the points on the spheres become those at the points that were moved onto them.
    private void Project(double[] point, double[] gradient)
    {
        int stride = _norms.Length;
        Array.Clear(_radial);
        for (int row = 0; row < point.Length; row += stride)
        {
            for (int k = 0; k < stride; k++)
            {
                _radial[k] += point[row + k] * gradient[row + k];
            }
        }

        for (int row = 0; row < point.Length; row += stride)
        {
            for (int k = 0; k < _precoders.Count; k++)
            {
                double norm = _norms[k];
                gradient[row + k] = (gradient[row + k] - (_radial[k] * point[row + k] / (norm * norm))) / norm;
            }
        }
    }

    private void Encode(ComplexMatrix[] precoders)
    {
        _precoders.Load(precoders);
        int entries = _precoders.Values.Re.Length;
        double scale = 1 / Math.Sqrt(_case.PowerWatts);
        _precoders.SquaredNorms(_norms);
        for (int x = 0; x < entries; x++)
        {
            _point[x] = scale * _precoders.Values.Re[x];
            _point[entries + x] = scale * _precoders.Values.Im[x];
        }

        for (int k = 0; k < _precoders.Count; k++)
        {
            _point[(2 * entries) + k] = Math.Max(LeastIdle, Math.Sqrt(Math.Max(0, 1 - (scale * scale * _norms[k]))));
        }
    }

    // The lanes behind the last device stay zero.
    private void Decode(double[] point)
    {
        int entries = _precoders.Values.Re.Length, stride = _norms.Length;
        Array.Clear(_norms);
        for (int row = 0; row < point.Length; row += stride)
        {
            for (int k = 0; k < stride; k++)
            {
                _norms[k] += point[row + k] * point[row + k];
            }
        }

        double limit = Math.Sqrt(_case.PowerWatts);
        for (int k = 0; k < _precoders.Count; k++)
        {
            _norms[k] = Math.Sqrt(_norms[k]);
        }

        for (int row = 0; row < entries; row += stride)
        {
            for (int k = 0; k < _precoders.Count; k++)
            {
                double scale = limit / _norms[k];
                _precoders.Values.Re[row + k] = scale * point[row + k];
                _precoders.Values.Im[row + k] = scale * point[entries + row + k];
            }
        }
    }
}
