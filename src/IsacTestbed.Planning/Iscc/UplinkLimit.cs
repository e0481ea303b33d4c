using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>What the upload of one user can at best achieve, whatever the others do: the least power for a communication SINR.</summary>
/// <remarks>
/// Alone, user k minimises |f|^2 + |u|^2 under its two SINRs. With H~_k of rank one, along the unit vector a and of gain g~ per watt, (8)
/// demands |a^H u|^2 at least s + gamma_th |a^H f|^2, where s is the sensing floor. With H_k of rank one too, along b and of gain g, (7)
/// demands |b^H f|^2 at least gamma (1 / g + |b^H u|^2). For multipliers lambda, nu of the two with
/// I + lambda gamma_th a a^H - nu b b^H and I - lambda a a^H + nu gamma b b^H positive semidefinite, lambda s + nu gamma / g is a lower
/// bound of the power by weak duality; the largest such pair solves lambda (1 + nu gamma d) = 1 + nu gamma and
/// nu (1 + lambda gamma_th d) = 1 + lambda gamma_th with d = 1 - |a^H b|^2, a quadratic equation.
/// Otherwise the sensing beam may be invisible to the combiner, and only |H_k f|^2 at least gamma sigma_1^2 remains: lambda = 1 and
/// s + gamma / g' with g' = lambda_max(H_k (I + gamma_th a a^H)^-1 H_k^H) / sigma_1^2, or g' = g where H~_k has a larger rank.
/// Where H~_k has a larger rank and H_k rank one, the first form holds behind each combiner of the echo, and the least over all of them
/// bounds the power (<see cref="EchoFrontier"/>).
/// </remarks>
internal sealed class UplinkLimit
{
    private const double Margin = 1 - 1e-9;
    private readonly double _gain;
    private readonly double _floor;
    private readonly double _threshold;
    private readonly double _budget;
    private readonly double _full;

    // Computed when first asked for; two threads would find the same.
    private double _efficiency = double.NaN;

    // 1 - |a^H b|^2; not a number where the form without the sensing beam's leakage holds.
    private readonly double _separation;

    // Sensing floor and separation for every choice of the echo's combiner; null where one does.
    private readonly (double Floor, double Separation)[]? _frontier;

    /// <summary>Folds the constants.</summary>
    /// <param name="network">The case.</param>
    /// <param name="floor">Least sensing powers.</param>
    /// <param name="user">Index of the user.</param>
    public UplinkLimit(Network network, SensingFloor floor, int user)
    {
        IsccCase problem = network.Problem;
        double budget = _budget = problem.MaxPowerWatts;
        _threshold = problem.SensingSinrThreshold;
        _floor = floor.PowerWatts[user];
        _gain = network.UplinkGain(user);
        _separation = double.NaN;
        if (network.Echo[user].IsRankOne && network.Uplink[user].IsRankOne)
        {
            System.Numerics.Complex inner = network.Echo[user].Right.Inner(network.Uplink[user].Right);
            _separation = Math.Max(0, 1 - (inner.Real * inner.Real) - (inner.Imaginary * inner.Imaginary));
        }
        else if (network.Echo[user].IsRankOne)
        {
            _gain = SpectralNorm.Of(Discounted(problem.Channels[user], network.Echo[user].Right, 1 / Math.Sqrt(1 + _threshold))).SquaredUpperBound / problem.ApNoiseWatts;
        }
        else if (network.Uplink[user].IsRankOne && EchoFrontier.Of(problem.SensingChannels[user], network.Uplink[user].Right) is { } pairs)
        {
            _frontier = [.. pairs.Select(p => (_threshold * problem.SensingNoiseWatts / p.Gain, Math.Max(0, 1 - (p.Aligned / p.Gain))))];
        }

        Leak = problem.Channels[user].Columns == 1 ? _threshold : 0;
        _full = network.UplinkGain(user);
        ReceivedPower = _full * (Leak > 0 ? budget : Math.Max(0, budget - _floor));
    }

    private UplinkLimit(UplinkLimit alone, double gainShare, double floor)
    {
        (_threshold, _budget, _separation, Leak) = (alone._threshold, alone._budget, alone._separation, alone.Leak);
        (_full, _frontier) = (alone._full, alone._frontier);
        ReceivedPower = _full * (Leak > 0 ? _budget : Math.Max(0, _budget - floor));
        _gain = alone._gain * Math.Min(1, gainShare);
        _floor = floor;
    }

    /// <summary>Largest spectral efficiency in bit/s/Hz.</summary>
    public double Efficiency => double.IsNaN(_efficiency) ? _efficiency = LargestEfficiency(_budget) : _efficiency;

    /// <summary>
    /// Share of the degrees of freedom that sensing takes with it per share of data: gamma_th with one transmit antenna, where both beams
    /// look alike to every combiner and (8) demands |u|^2 above gamma_th |f|^2; else 0.
    /// </summary>
    public double Leak { get; }

    /// <summary>Most received power in units of the noise: of the data, and with one transmit antenna of both beams.</summary>
    public double ReceivedPower { get; }

    /// <summary>The same user beside others, who leave it a part of its gain and raise its sensing floor; the forms hold with these.</summary>
    /// <param name="gainShare">The part, at most 1; below 1 only where H_k has rank one.</param>
    /// <param name="floor">s in watts.</param>
    public UplinkLimit Beside(double gainShare, double floor) => new(this, gainShare, floor);

    /// <summary>Least transmit power in watts at a spectral efficiency; infinite where there is none.</summary>
    public double LeastPower(double efficiency)
    {
        double sinr = Math.Exp(efficiency * Math.Log(2)) - 1;
        if (!(_gain > 0))
        {
            return sinr > 0 ? double.PositiveInfinity : _floor;
        }

        if (_frontier is not null)
        {
            double least = double.PositiveInfinity;
            foreach ((double floor, double separation) in _frontier)
            {
                // The floors rise along the edge.
                if (Margin * (floor + (sinr / _gain)) >= least)
                {
                    break;
                }

                least = Math.Min(least, Shared(sinr, Math.Max(_floor, floor), separation));
            }

            return least;
        }

        return double.IsNaN(_separation) ? Margin * (_floor + (sinr / _gain)) : Shared(sinr, _floor, _separation);
    }

    private double Shared(double sinr, double floor, double d)
    {
        double square = _threshold * d * (1 + sinr), linear = 1 + (sinr * d) - (_threshold * d) - (_threshold * sinr);
        double root = Math.Sqrt((linear * linear) + (4 * square * (1 + sinr)));

        // The positive root, in the form without cancellation.
        double lambda = linear > 0 ? 2 * (1 + sinr) / (linear + root) : square > 0 ? (root - linear) / (2 * square) : double.PositiveInfinity;
        double nu = (1 + (lambda * _threshold)) / (1 + (lambda * _threshold * d));
        return double.IsFinite(lambda) ? Margin * ((lambda * floor) + (nu * sinr / _gain)) : double.PositiveInfinity;
    }

    // The smallest found efficiency that takes more than the budget.
    private double LargestEfficiency(double budget)
    {
        double low = 0, high = Math.Log2(1 + (_gain * budget)) * (1 + 1e-12);
        for (int i = 0; i < 60 && high - low > 1e-9 * high; i++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = LeastPower(middle) > budget ? (low, middle) : (middle, high);
        }

        return high;
    }

    // H (I + gamma a a^H)^(-1/2) = H - (1 - factor) (H a) a^H.
    private static ComplexMatrix Discounted(ComplexMatrix channel, ComplexVector direction, double factor)
    {
        ComplexVector image = channel.Times(direction);
        var result = new ComplexMatrix(channel.Rows, channel.Columns);
        for (int i = 0; i < channel.Rows; i++)
        {
            System.Numerics.Complex scale = (1 - factor) * image[i];
            for (int j = 0; j < channel.Columns; j++)
            {
                result[i, j] = channel[i, j] - (scale * System.Numerics.Complex.Conjugate(direction[j]));
            }
        }

        return result;
    }
}
