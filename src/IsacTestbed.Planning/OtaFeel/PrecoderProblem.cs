using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>
/// Problem (33): the precoders that minimise the sum of tr C_k^H A_k C_k - 2 Re tr L_k^H C_k with at most P per device and at least a
/// given sum of all powers; solved exactly.
/// </summary>
/// <remarks>
/// The least cost of device k at a given power is convex in that power (a trust-region problem), so the sum of powers is one convex
/// coupling: with its multiplier mu every device solves (A_k + nu_k I) C_k = L_k with nu_k the larger of -mu and the value at which its
/// power is P. Where L_k has no part in the lowest eigenspace of A_k (the hard case), power above that of the limit costs mu per watt
/// along that eigenvector and is added there. Mutable workspace, not thread safe; allocates nothing after construction.
/// </remarks>
internal sealed class PrecoderProblem
{
    // Directions this far below the largest eigenvalue are not seen by the server at all; rounding decides their coefficients.
    private const double Blind = 1e-13;
    private readonly int _devices;
    private readonly int _antennas;
    private readonly int _tasks;
    private readonly int _stride;
    private readonly JacobiBatch _spectra;
    private readonly MatrixBatch _rotated;
    private readonly MatrixBatch _divided;
    private readonly double[] _weights;
    private readonly double[] _inverses;
    private readonly double[] _scales;
    private readonly double[] _low;
    private readonly double[] _high;

    /// <summary>Creates the workspace.</summary>
    /// <param name="devices">K.</param>
    /// <param name="antennas">M.</param>
    /// <param name="tasks">I.</param>
    public PrecoderProblem(int devices, int antennas, int tasks)
    {
        (_devices, _antennas, _tasks) = (devices, antennas, tasks);
        Quadratic = new MatrixBatch(devices, antennas, antennas);
        Linear = new MatrixBatch(devices, antennas, tasks);
        _stride = Linear.Stride;
        _spectra = new JacobiBatch(devices, antennas);
        _rotated = new MatrixBatch(devices, antennas, tasks);
        _divided = new MatrixBatch(devices, antennas, tasks);
        _weights = new double[antennas * _stride];
        _inverses = new double[antennas * _stride];
        _scales = new double[_stride];
        _low = new double[devices];
        _high = new double[devices];
    }

    /// <summary>A_k of all devices, Hermitian and positive semidefinite, M by M; only the lower triangles are read.</summary>
    public MatrixBatch Quadratic { get; }

    /// <summary>L_k of all devices, M by I.</summary>
    public MatrixBatch Linear { get; }

    /// <summary>Takes over <see cref="Quadratic"/> and <see cref="Linear"/>; precedes every solution.</summary>
    public void Pose()
    {
        _spectra.Decompose(Quadratic);
        _rotated.SetProduct(_spectra.Vectors, Linear);
        int last = (_antennas - 1) * _stride;
        for (int j = 0; j < _antennas; j++)
        {
            for (int k = 0; k < _devices; k++)
            {
                int x = (j * _stride) + k;
                bool blind = _spectra.Values[x] <= Blind * _spectra.Values[last + k];
                _spectra.Values[x] = blind ? 0 : _spectra.Values[x];
                double weight = 0;
                for (int y = _rotated.Entry(j, 0) + k; y < _rotated.Entry(j + 1, 0) && !blind; y += _stride)
                {
                    double re = _rotated.Values.Re[y], im = _rotated.Values.Im[y];
                    weight += (re * re) + (im * im);
                }

                _weights[x] = weight;
            }
        }
    }

    /// <summary>Solves the problem.</summary>
    /// <param name="powerLimit">P.</param>
    /// <param name="requiredPower">Smallest sum of powers; at most K P.</param>
    /// <param name="precoders">Receives C_k, M by I each.</param>
    public void Solve(double powerLimit, double requiredPower, MatrixBatch precoders)
    {
        double share = SplitPower(powerLimit, requiredPower);
        for (int k = 0; k < _devices; k++)
        {
            _low[k] = Math.Min(powerLimit, _low[k] + (share * (_high[k] - _low[k])));
        }

        SetPowers(_low, precoders);
    }

    /// <summary>Least cost of every device by itself, its power free up to the limit: the convex part of the relaxation (35).</summary>
    /// <param name="powerLimit">P.</param>
    /// <param name="powers">Receives the powers, K values.</param>
    /// <param name="precoders">Receives C_k, M by I each.</param>
    public void SolveUnconstrained(double powerLimit, Span<double> powers, MatrixBatch precoders)
    {
        _ = Fill(powers, 0, powerLimit);
        SetPowers(powers, precoders);
    }

    /// <summary>The least costly precoder of every device at exactly the given power.</summary>
    /// <param name="powers">Squared norms of C_k, K values.</param>
    /// <param name="precoders">Receives C_k, M by I each.</param>
    public void SetPowers(ReadOnlySpan<double> powers, MatrixBatch precoders)
    {
        Array.Clear(_inverses);
        for (int k = 0; k < _devices; k++)
        {
            if (powers[k] > 0)
            {
                Invert(k, powers[k]);
            }
        }

        for (int j = 0; j < _antennas; j++)
        {
            for (int i = 0; i < _tasks; i++)
            {
                int x = j * _stride, y = _rotated.Entry(j, i);
                for (int k = 0; k < _devices; k++)
                {
                    _divided.Values.Re[y + k] = _inverses[x + k] * _rotated.Values.Re[y + k];
                    _divided.Values.Im[y + k] = _inverses[x + k] * _rotated.Values.Im[y + k];
                }
            }
        }

        precoders.SetAdjointProduct(_spectra.Vectors, _divided);
        for (int k = 0; k < _devices; k++)
        {
            AddMissing(k, powers[k], precoders);
        }

        precoders.SquaredNorms(_scales);
        for (int k = 0; k < _devices; k++)
        {
            _scales[k] = powers[k] > 0 ? Math.Sqrt(powers[k] / _scales[k]) : 0;
        }

        precoders.Scale(_scales);
    }

    // The inverse eigenvalues of A_k + nu_k I, with nu_k from the power; zero along directions that carry nothing.
    private void Invert(int device, double power)
    {
        Span<double> gaps = stackalloc double[_antennas], weights = stackalloc double[_antennas];
        for (int j = 0; j < _antennas; j++)
        {
            int x = (j * _stride) + device;
            gaps[j] = _spectra.Values[x] - _spectra.Values[device];
            weights[j] = _weights[x];
        }

        double shift = Shift(gaps, weights, power);
        for (int j = 0; j < _antennas; j++)
        {
            double gap = gaps[j] + shift;
            _inverses[(j * _stride) + device] = weights[j] > 0 && gap > 0 ? 1 / gap : 0;
        }
    }

    // The hard case: every direction of the lowest eigenspace costs the same, and so does every task in it.
    private void AddMissing(int device, double power, MatrixBatch precoders)
    {
        double missing = power;
        for (int x = device; x < _weights.Length; x += _stride)
        {
            missing -= _weights[x] * _inverses[x] * _inverses[x];
        }

        if (!(missing > 1e-12 * power))
        {
            return;
        }

        MatrixBatch vectors = _spectra.Vectors;
        for (int m = 0; m < _antennas; m++)
        {
            precoders.Values.Re[precoders.Entry(m, 0) + device] += Math.Sqrt(missing) * vectors.Values.Re[vectors.Entry(0, m) + device];
            precoders.Values.Im[precoders.Entry(m, 0) + device] -= Math.Sqrt(missing) * vectors.Values.Im[vectors.Entry(0, m) + device];
        }
    }

    // Powers of all devices on both sides of the multiplier that meets the required sum, and the share of the step between them.
    private double SplitPower(double limit, double required)
    {
        double lowMultiplier = 0, highMultiplier = 0;
        for (int k = 0; k < _devices; k++)
        {
            highMultiplier = Math.Max(highMultiplier, _spectra.Values[k]);
        }

        double lowSum = Fill(_low, 0, limit);
        if (lowSum >= required)
        {
            return 0;
        }

        Array.Fill(_high, limit);
        double highSum = limit * _devices;
        while (highMultiplier - lowMultiplier > 1e-15 * highMultiplier && highSum - lowSum > 1e-13 * required)
        {
            double middle = 0.5 * (lowMultiplier + highMultiplier);
            if (middle <= lowMultiplier || middle >= highMultiplier)
            {
                break;
            }

            double sum = TotalAt(middle, limit);
            if (sum >= required)
            {
                (highMultiplier, highSum) = (middle, sum);
            }
            else
            {
                (lowMultiplier, lowSum) = (middle, sum);
            }
        }

        lowSum = Fill(_low, lowMultiplier, limit);

        // At the largest multiplier every device may use its whole power, even one that costs exactly that much per watt.
        highSum = highSum < limit * _devices ? Fill(_high, highMultiplier, limit) : limit * _devices;
        return highSum > lowSum ? Math.Clamp((required - lowSum) / (highSum - lowSum), 0, 1) : 1;
    }

    private double TotalAt(double multiplier, double limit)
    {
        double sum = 0;
        for (int k = 0; k < _devices; k++)
        {
            sum += PowerAt(k, multiplier, limit);
        }

        return sum;
    }

    private double Fill(Span<double> powers, double multiplier, double limit)
    {
        double sum = 0;
        for (int k = 0; k < _devices; k++)
        {
            powers[k] = PowerAt(k, multiplier, limit);
            sum += powers[k];
        }

        return sum;
    }

    // Power of the device that minimises its cost minus the multiplier times its power.
    private double PowerAt(int device, double multiplier, double limit)
    {
        double[] values = _spectra.Values;
        if (multiplier > 0 && multiplier >= values[device])
        {
            return limit;
        }

        double power = 0;
        for (int x = device; x < _weights.Length; x += _stride)
        {
            double gap = values[x] - multiplier;
            power += _weights[x] > 0 ? _weights[x] / (gap * gap) : 0;
        }

        return Math.Min(power, limit);
    }

    // The s >= 0 with the sum of w_j / (g_j + s)^2 equal to the power; 0 where the sum stays below it even there (the hard case).
    private static double Shift(ReadOnlySpan<double> gaps, ReadOnlySpan<double> weights, double power)
    {
        double total = 0, lowest = 0;
        for (int j = 0; j < gaps.Length; j++)
        {
            total += weights[j];
            lowest += gaps[j] <= 0 ? weights[j] : 0;
        }

        double low = Math.Sqrt(lowest / power), high = Math.Sqrt(total / power);
        if (lowest <= 0)
        {
            (double atZero, _) = PowerAndSlope(gaps, weights, 0);
            if (atZero <= power)
            {
                return 0;
            }
        }

        // Newton's method on the inverse root of the power, which is nearly linear, kept within the bracket. Next to the hard case the root
        // lies many decades below the upper end: the bracket is halved by the logarithm.
        double shift = low;
        for (int i = 0; i < 100 && high - low > 1e-15 * high; i++)
        {
            (double value, double slope) = PowerAndSlope(gaps, weights, shift);
            if (value >= power)
            {
                low = shift;
            }
            else
            {
                high = shift;
            }

            double next = shift + (2 * value * (1 - Math.Sqrt(value / power)) / slope);
            next = next > low && next < high ? next : low > 0 ? Math.Sqrt(low * high) : 0.5 * high;
            if (Math.Abs(next - shift) <= 1e-15 * shift)
            {
                break;
            }

            shift = next;
        }

        return shift;
    }

    private static (double Power, double Slope) PowerAndSlope(ReadOnlySpan<double> gaps, ReadOnlySpan<double> weights, double shift)
    {
        double power = 0, slope = 0;
        for (int j = 0; j < gaps.Length; j++)
        {
            double gap = gaps[j] + shift;
            if (weights[j] > 0 && gap > 0)
            {
                double term = weights[j] / (gap * gap);
                power += term;
                slope -= 2 * term / gap;
            }
        }

        return (power, slope);
    }
}
