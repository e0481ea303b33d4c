using System.Numerics;
using System.Runtime.CompilerServices;
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
/// along that eigenvector and is added there. A device whose power has all but vanished gets the power zero. Mutable workspace, not thread safe; allocates nothing after construction.
/// </remarks>
internal sealed class PrecoderProblem
{
    // Directions this far below the largest eigenvalue are not seen by the server at all; rounding decides their coefficients.
    private const double Blind = 1e-13;

    // A device that does not pay loses a factor of its power in every iteration, for ever. Below this share of the limit it is silent: it
    // could neither matter nor come back, and the squares of its entries would leave the range of a double.
    private const double Silent = 1e-200;
    private readonly int _devices;
    private readonly int _antennas;
    private readonly int _tasks;
    private readonly int _stride;
    private readonly JacobiBatch _spectra;
    private readonly MatrixBatch _rotated;
    private readonly MatrixBatch _divided;
    private readonly double[] _weights;
    private readonly double[] _inverses;
    private readonly double[] _powers;
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
        _powers = new double[_stride];
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
        powers.CopyTo(_powers);
        for (int lane = 0; lane < _stride; lane += Vector<double>.Count)
        {
            Invert(lane);
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

        // _powers becomes the factors that bring the squared norms to the powers.
        precoders.SquaredNorms(_powers);
        for (int k = 0; k < _devices; k++)
        {
            _powers[k] = powers[k] > 0 ? Math.Sqrt(powers[k] / _powers[k]) : 0;
        }

        precoders.Scale(_powers);
    }

    // The inverse eigenvalues of A_k + nu_k I, with nu_k from the power; zero along directions that carry nothing.
    private void Invert(int lane)
    {
        var powers = new Vector<double>(_powers, lane);
        Vector<double> shift = Shift(lane), least = new(_spectra.Values, lane);
        for (int x = lane; x < _weights.Length; x += _stride)
        {
            Vector<double> gap = new Vector<double>(_spectra.Values, x) - least + shift;
            Vector<long> carries = Carries(x, gap) & Vector.GreaterThan(powers, Vector<double>.Zero);
            Vector.ConditionalSelect(carries, Vector<double>.One / gap, Vector<double>.Zero).CopyTo(_inverses, x);
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

        return power < Silent * limit ? 0 : Math.Min(power, limit);
    }

    // The s >= 0 with the sum of w_j / (d_j - d_0 + s)^2 equal to the power; 0 where the sum stays below it even there (the hard case).
    private Vector<double> Shift(int lane)
    {
        var power = new Vector<double>(_powers, lane);
        Vector<double> total = Vector<double>.Zero, lowest = Vector<double>.Zero;
        for (int x = lane; x < _weights.Length; x += _stride)
        {
            var weight = new Vector<double>(_weights, x);
            total += weight;
            lowest += Vector.ConditionalSelect(
                Vector.LessThanOrEqual(new Vector<double>(_spectra.Values, x), new Vector<double>(_spectra.Values, lane)), weight, Vector<double>.Zero);
        }

        Vector<long> open = Vector.GreaterThan(power, Vector<double>.Zero);
        power = Vector.ConditionalSelect(open, power, Vector<double>.One);
        Vector<double> low = Vector.SquareRoot(lowest / power), high = Vector.SquareRoot(total / power), shift = low;
        if (Vector.LessThanOrEqualAny(lowest, Vector<double>.Zero))
        {
            (Vector<double> atZero, _) = PowerAndSlope(lane, Vector<double>.Zero);
            open &= Vector.GreaterThan(lowest, Vector<double>.Zero) | Vector.GreaterThan(atZero, power);
        }

        // Newton's method on the inverse root of the power, which is nearly linear, kept within the bracket. Next to the hard case the root
        // lies many decades below the upper end: the bracket is halved by the logarithm. The curvature is that of 1/s at most, so that a
        // step of 1e-10 s leaves an error of the order of 1e-20 s.
        for (int i = 0; i < 100; i++)
        {
            open &= Vector.GreaterThan(high - low, new Vector<double>(1e-15) * high);
            if (Vector.EqualsAll(open, Vector<long>.Zero))
            {
                break;
            }

            (Vector<double> value, Vector<double> slope) = PowerAndSlope(lane, shift);
            Vector<long> below = Vector.GreaterThanOrEqual(value, power);
            low = Vector.ConditionalSelect(below, shift, low);
            high = Vector.ConditionalSelect(below, high, shift);
            Vector<double> next = shift + ((value + value) * (Vector<double>.One - Vector.SquareRoot(value / power)) / slope);
            Vector<long> inside = Vector.GreaterThan(next, low) & Vector.LessThan(next, high);
            Vector<double> middle = Vector.ConditionalSelect(
                Vector.GreaterThan(low, Vector<double>.Zero), Vector.SquareRoot(low * high), new Vector<double>(0.5) * high);
            next = Vector.ConditionalSelect(inside, next, middle);
            Vector<long> settled = inside & Vector.LessThanOrEqual(Vector.Abs(next - shift), new Vector<double>(1e-10) * shift);
            shift = Vector.ConditionalSelect(open, next, shift);
            open &= ~settled;
        }

        return shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector<double> Power, Vector<double> Slope) PowerAndSlope(int lane, Vector<double> shift)
    {
        Vector<double> power = Vector<double>.Zero, slope = Vector<double>.Zero, least = new(_spectra.Values, lane);
        for (int x = lane; x < _weights.Length; x += _stride)
        {
            Vector<double> gap = new Vector<double>(_spectra.Values, x) - least + shift;
            Vector<double> inverse = Vector.ConditionalSelect(Carries(x, gap), Vector<double>.One / gap, Vector<double>.Zero);
            Vector<double> term = new Vector<double>(_weights, x) * inverse * inverse;
            power += term;
            slope -= (term + term) * inverse;
        }

        return (power, slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<long> Carries(int x, Vector<double> gap) =>
        Vector.GreaterThan(new Vector<double>(_weights, x), Vector<double>.Zero) & Vector.GreaterThan(gap, Vector<double>.Zero);
}
