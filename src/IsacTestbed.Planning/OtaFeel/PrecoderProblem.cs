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
    private readonly JacobiWorkspace[] _spectra;
    private readonly ComplexMatrix[] _rotated;
    private readonly double[] _weights;
    private readonly double[] _low;
    private readonly double[] _high;

    /// <summary>Creates the workspace.</summary>
    /// <param name="devices">K.</param>
    /// <param name="antennas">M.</param>
    /// <param name="tasks">I.</param>
    public PrecoderProblem(int devices, int antennas, int tasks)
    {
        (_devices, _antennas, _tasks) = (devices, antennas, tasks);
        _spectra = [.. Enumerable.Range(0, devices).Select(_ => new JacobiWorkspace(antennas))];
        _rotated = [.. Enumerable.Range(0, devices).Select(_ => new ComplexMatrix(antennas, tasks))];
        _weights = new double[devices * antennas];
        _low = new double[devices];
        _high = new double[devices];
    }

    /// <summary>Sets the coefficients of one device.</summary>
    /// <param name="device">From 0.</param>
    /// <param name="quadratic">A_k, Hermitian and positive semidefinite, M by M; only its lower triangle is read.</param>
    /// <param name="linear">L_k, M by I.</param>
    public void SetDevice(int device, ComplexMatrix quadratic, ComplexMatrix linear)
    {
        JacobiWorkspace spectrum = _spectra[device];
        spectrum.Decompose(quadratic);
        ComplexMatrix rotated = _rotated[device];
        Array.Clear(rotated.Re);
        Array.Clear(rotated.Im);
        double floor = Blind * spectrum.Values[^1];
        for (int j = 0; j < _antennas; j++)
        {
            bool blind = spectrum.Values[j] <= floor;
            spectrum.Values[j] = blind ? 0 : spectrum.Values[j];
            Span<double> re = rotated.Re.AsSpan(j * _tasks, _tasks), im = rotated.Im.AsSpan(j * _tasks, _tasks);
            for (int m = 0; m < _antennas && !blind; m++)
            {
                int x = (j * _antennas) + m;
                ComplexRows.AddMultiple(
                    spectrum.Vectors.Re[x], spectrum.Vectors.Im[x], linear.Re.AsSpan(m * _tasks, _tasks), linear.Im.AsSpan(m * _tasks, _tasks), re, im);
            }

            _weights[(device * _antennas) + j] = Kernels.Dot(re, re) + Kernels.Dot(im, im);
        }
    }

    /// <summary>Solves the problem.</summary>
    /// <param name="powerLimit">P.</param>
    /// <param name="requiredPower">Smallest sum of powers; at most K P.</param>
    /// <param name="precoders">Receives C_k, K matrices of M rows and I columns.</param>
    public void Solve(double powerLimit, double requiredPower, ReadOnlySpan<ComplexMatrix> precoders)
    {
        double share = SplitPower(powerLimit, requiredPower);
        for (int k = 0; k < _devices; k++)
        {
            SetPower(k, Math.Min(powerLimit, _low[k] + (share * (_high[k] - _low[k]))), precoders[k]);
        }
    }

    /// <summary>Least cost of one device whose power is free up to the limit: the convex part of the relaxation (35).</summary>
    /// <param name="device">From 0.</param>
    /// <param name="powerLimit">P.</param>
    /// <param name="precoder">Receives C_k.</param>
    /// <returns>The power of C_k.</returns>
    public double SolveUnconstrained(int device, double powerLimit, ComplexMatrix precoder)
    {
        double power = PowerAt(device, 0, powerLimit);
        SetPower(device, power, precoder);
        return power;
    }

    /// <summary>The least costly precoder of one device at exactly the given power.</summary>
    /// <param name="device">From 0.</param>
    /// <param name="power">Squared norm of C_k.</param>
    /// <param name="precoder">Receives C_k.</param>
    public void SetPower(int device, double power, ComplexMatrix precoder)
    {
        Array.Clear(precoder.Re);
        Array.Clear(precoder.Im);
        if (!(power > 0))
        {
            return;
        }

        double[] values = _spectra[device].Values;
        ReadOnlySpan<double> weights = _weights.AsSpan(device * _antennas, _antennas);
        double shift = Shift(values, weights, power);
        double reached = 0;
        ComplexMatrix vectors = _spectra[device].Vectors, rotated = _rotated[device];
        for (int j = 0; j < _antennas; j++)
        {
            double gap = values[j] - values[0] + shift;
            if (!(weights[j] > 0) || !(gap > 0))
            {
                continue;
            }

            reached += weights[j] / (gap * gap);
            AddAlong(vectors, j, rotated.Re.AsSpan(j * _tasks, _tasks), rotated.Im.AsSpan(j * _tasks, _tasks), 1 / gap, precoder);
        }

        double missing = power - reached;
        if (missing > 1e-12 * power)
        {
            // The hard case: every direction of the lowest eigenspace costs the same, and so does every task in it.
            for (int m = 0; m < _antennas; m++)
            {
                precoder.Re[m * _tasks] += Math.Sqrt(missing) * vectors.Re[m];
                precoder.Im[m * _tasks] -= Math.Sqrt(missing) * vectors.Im[m];
            }
        }

        double scale = Math.Sqrt(power / precoder.SquaredFrobeniusNorm());
        for (int x = 0; x < precoder.Re.Length; x++)
        {
            precoder.Re[x] *= scale;
            precoder.Im[x] *= scale;
        }
    }

    // Adds the adjoint of row j of the vectors times a row of coefficients.
    private static void AddAlong(ComplexMatrix vectors, int j, ReadOnlySpan<double> re, ReadOnlySpan<double> im, double scale, ComplexMatrix target)
    {
        for (int m = 0; m < vectors.Columns; m++)
        {
            int x = (j * vectors.Columns) + m;
            ComplexRows.AddMultiple(
                scale * vectors.Re[x], -scale * vectors.Im[x], re, im, target.Re.AsSpan(m * re.Length, re.Length), target.Im.AsSpan(m * re.Length, re.Length));
        }
    }

    // Powers of all devices on both sides of the multiplier that meets the required sum, and the share of the step between them.
    private double SplitPower(double limit, double required)
    {
        double lowMultiplier = 0, highMultiplier = 0;
        for (int k = 0; k < _devices; k++)
        {
            highMultiplier = Math.Max(highMultiplier, _spectra[k].Values[0]);
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

    private double Fill(double[] powers, double multiplier, double limit)
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
        double[] values = _spectra[device].Values;
        if (multiplier > 0 && multiplier >= values[0])
        {
            return limit;
        }

        double power = 0;
        for (int j = 0; j < _antennas; j++)
        {
            double weight = _weights[(device * _antennas) + j], gap = values[j] - multiplier;
            power += weight > 0 ? weight / (gap * gap) : 0;
        }

        return Math.Min(power, limit);
    }

    // The s >= 0 with the sum of w_j / (d_j - d_0 + s)^2 equal to the power; 0 where the sum stays below it even there (the hard case).
    private static double Shift(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double power)
    {
        double total = 0, lowest = 0;
        for (int j = 0; j < values.Length; j++)
        {
            total += weights[j];
            lowest += values[j] <= values[0] ? weights[j] : 0;
        }

        double low = Math.Sqrt(lowest / power), high = Math.Sqrt(total / power);
        if (lowest <= 0)
        {
            (double atZero, _) = PowerAndSlope(values, weights, 0);
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
            (double value, double slope) = PowerAndSlope(values, weights, shift);
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

    private static (double Power, double Slope) PowerAndSlope(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double shift)
    {
        double power = 0, slope = 0;
        for (int j = 0; j < values.Length; j++)
        {
            double gap = values[j] - values[0] + shift;
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
