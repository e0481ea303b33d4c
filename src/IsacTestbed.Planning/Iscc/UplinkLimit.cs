using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>What the upload of one user can at best achieve, whatever the others do: the least power for a communication SINR.</summary>
/// <remarks>
/// Alone, user k minimises |f|^2 + |u|^2 under its two SINRs. With H~_k of rank one, of gain g~ per watt, s is the sensing floor
/// gamma_th / g~; with H_k of rank one too, <see cref="TwoBeams"/> has the least power.
/// Where one of the two channels has a larger rank, this holds behind each of its combiners, and the least over all of them bounds the
/// power (<see cref="CombinerFrontier"/>); where both have, behind each pair of combiners (<see cref="BeamPairFrontier"/>). Without these the
/// sensing beam may be invisible to the combiner, and only |H_k f|^2 at least gamma sigma_1^2 remains: lambda = 1 and s + gamma / g' with
/// g' = lambda_max(H_k (I + gamma_th a a^H)^-1 H_k^H) / sigma_1^2, or g' = g where H~_k has a larger rank. That is the form for d = 1.
/// </remarks>
internal sealed class UplinkLimit
{
    // How near to the least found, over the sensing floor, the search along a frontier ends.
    private const double Settled = 0.995;
    private readonly double _gain;
    private readonly double _floor;
    private readonly double _threshold;
    private readonly double _budget;
    private readonly double _least;
    private readonly double _full;

    // What the others leave of the gain behind any combiner.
    private readonly double _most = double.PositiveInfinity;

    // Computed when first asked for; two threads would find the same.
    private double _efficiency = double.NaN;

    // The choices of combiner: of the access point's as shares of the largest gain, or of the user's own; null where none is known.
    private readonly CombinerFrontier? _uplinks;
    private readonly CombinerFrontier? _echoes;
    private readonly BeamPairFrontier? _pairs;

    // What may arrive, and the power that this asks for; null where it does not matter.
    private readonly (double Ap, double Echo) _arriving = (double.PositiveInfinity, double.PositiveInfinity);
    private readonly CappedPower? _capped;

    // What the same combiners can trade beside the others, if that was worked out.
    private readonly CombinerFrontier? _behind;
    private readonly double _wanted;
    private readonly ComplexVector _uplink;
    private readonly ComplexVector _echo;
    private readonly double _aligned;
    private readonly bool _echoIsKnown;

    /// <summary>Folds the constants.</summary>
    /// <param name="network">The case.</param>
    /// <param name="floor">Least sensing powers.</param>
    /// <param name="user">Index of the user.</param>
    /// <param name="thorough">Whether frontiers are worth the milliseconds that they take.</param>
    public UplinkLimit(Network network, SensingFloor floor, int user, bool thorough = false)
    {
        IsccCase problem = network.Problem;
        double budget = _budget = problem.MaxPowerWatts;
        _threshold = problem.SensingSinrThreshold;
        _floor = floor.PowerWatts[user];
        _gain = network.UplinkGain(user);
        _wanted = _threshold * problem.SensingNoiseWatts;
        SpectralNorm uplink = network.Uplink[user], echo = network.Echo[user];
        (_uplink, _echo, _echoIsKnown) = (uplink.Right, echo.Right, echo.IsRankOne);
        double alignment = RankOneArrivals.Alignment(uplink, echo);
        _aligned = alignment * alignment;
        HasOneCombiner = echo.IsRankOne && uplink.IsRankOne;
        if (HasOneCombiner)
        {
            _uplinks = CombinerFrontier.Point(1, Math.Min(1, SquaredInner(echo.Right, uplink.Right)));
        }
        else if (echo.IsRankOne && thorough)
        {
            _uplinks = CombinerFrontier.Of(problem.Channels[user], echo.Right);
            _gain = _uplinks.Gain(0) / problem.ApNoiseWatts;
        }
        else if (echo.IsRankOne)
        {
            _gain = SpectralNorm.Of(Discounted(problem.Channels[user], echo.Right, 1 / Math.Sqrt(1 + _threshold))).SquaredUpperBound / problem.ApNoiseWatts;
        }
        else if (uplink.IsRankOne && thorough)
        {
            _echoes = CombinerFrontier.Of(problem.SensingChannels[user], uplink.Right);
        }
        else if (!uplink.IsRankOne && thorough)
        {
            _pairs = BeamPairFrontier.Of(problem.Channels[user], problem.ApNoiseWatts, problem.SensingChannels[user], problem.SensingNoiseWatts);
        }

        Leak = problem.Channels[user].Columns == 1 ? _threshold : 0;
        _full = network.UplinkGain(user);
        ReceivedPower = _full * (Leak > 0 ? budget : Math.Max(0, budget - _floor));
    }

    private UplinkLimit(UplinkLimit alone, double most, double floor, (double Least, double Most) power, (double Ap, double Echo) arriving)
    {
        double budget = power.Most;
        _least = power.Least;
        (_threshold, _budget, _wanted, Leak, _full) = (alone._threshold, budget, alone._wanted, alone.Leak, alone._full);
        (_uplinks, _echoes, _pairs, _uplink, _echo) = (alone._uplinks, alone._echoes, alone._pairs, alone._uplink, alone._echo);
        (_aligned, _echoIsKnown) = (alone._aligned, alone._echoIsKnown);
        ReceivedPower = _full * (Leak > 0 ? _budget : Math.Max(0, _budget - floor));
        _gain = alone._gain;
        _most = most;
        _floor = floor;
        _arriving = arriving;
        HasOneCombiner = alone.HasOneCombiner;
        if (HasOneCombiner && Math.Min(arriving.Ap, arriving.Echo) < budget)
        {
            _capped = new CappedPower(Alone, arriving.Ap, arriving.Echo, budget);
        }
    }

    private UplinkLimit(UplinkLimit beside, CombinerFrontier frontier)
        : this(beside, beside._most, beside._floor, (beside._least, beside._budget), beside._arriving)
    {
        _behind = frontier;
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

    /// <summary>The most power of both beams in watts that is considered.</summary>
    public double Budget => _budget;

    /// <summary>Least power of the sensing beam in watts, whatever the data.</summary>
    public double Floor => _floor;

    /// <summary>Most power of the data in watts.</summary>
    public double MostData => Math.Max(0, _budget - _floor) / (1 + Leak);

    /// <summary>What the sensing beam takes beside the data where the uplink has rank one.</summary>
    /// <param name="sensing">Least power of the sensing beam along the dominant direction of the echo, in watts; used where the echo has a larger rank.</param>
    public SensingLeak BesideData(double sensing) =>
        _echoIsKnown ? new SensingLeak(_aligned, _floor, _threshold, _budget) : new SensingLeak(_aligned, sensing, 0, _budget);

    /// <summary>The same user beside others, who limit its gain and raise its sensing floor; the forms hold with these.</summary>
    /// <param name="most">The largest gain per watt that they leave behind any combiner.</param>
    /// <param name="floor">s in watts.</param>
    /// <param name="power">The least and the most power of both beams in watts that is considered.</param>
    /// <param name="arriving">The most that may arrive of both at the access point and at the echo receivers, in watts along the directions; counts only with <see cref="HasOneCombiner"/>.</param>
    public UplinkLimit Beside(double most, double floor, (double Least, double Most) power, (double Ap, double Echo) arriving) => new(this, most, floor, power, arriving);

    /// <summary>The same user, whatever it sends at least, where no more of it may arrive.</summary>
    /// <param name="arriving">See <see cref="Beside"/>.</param>
    public UplinkLimit Arriving((double Ap, double Echo) arriving) => new(this, _most, _floor, (0, _budget), arriving);

    /// <summary>Whether both channels have rank one, so that all that others hear of the user is what arrives along their directions.</summary>
    public bool HasOneCombiner { get; }

    /// <summary>Which combiners the least power is the least over.</summary>
    public CombinerChoice Choice => _uplinks is { Count: > 2 } ? CombinerChoice.Uplink : _echoes is not null ? CombinerChoice.Echo : CombinerChoice.None;

    /// <summary>The same user where these combiners can trade no more than that beside the others.</summary>
    /// <param name="frontier">Of the receiver that <see cref="Choice"/> names, per watt and in units of the noise.</param>
    public UplinkLimit Behind(CombinerFrontier frontier) => new(this, frontier);

    /// <summary>Least transmit power in watts at a spectral efficiency; infinite where there is none.</summary>
    public double LeastPower(double efficiency) => Math.Max(_least, LeastNeeded(efficiency));

    private double LeastNeeded(double efficiency)
    {
        double sinr = Math.Exp(efficiency * Math.Log(2)) - 1;
        if (!(_gain > 0))
        {
            return sinr > 0 ? double.PositiveInfinity : _floor;
        }

        if (_pairs is not null)
        {
            return Together(sinr, _pairs);
        }

        if ((_uplinks ?? _echoes) is not { } frontier)
        {
            return Shared(sinr, _gain, _floor, 1);
        }

        double least = _capped?.Least(sinr) ?? (frontier.Count == 2 ? Within(sinr, frontier, 0, 1) : Search(sinr, frontier).Least);
        return _behind is null ? least : Math.Max(least, Search(sinr, _behind).Least);
    }

    /// <summary>
    /// The beams that attain the least power alone: unit directions of the data and of sensing, and the power of the data in watts; null where
    /// the bound knows none: both channels have larger ranks, or frontiers were not made.
    /// </summary>
    /// <param name="efficiency">Spectral efficiency, above 0 and at most <see cref="Efficiency"/>.</param>
    public (ComplexVector Data, ComplexVector Sensing, double DataPower)? Beams(double efficiency)
    {
        if ((_uplinks ?? _echoes) is not { } frontier)
        {
            return null;
        }

        double sinr = Math.Exp(efficiency * Math.Log(2)) - 1;
        int piece = Search(sinr, frontier).Piece;
        ComplexVector? through = frontier.Through(piece);
        ComplexVector uplink = frontier == _uplinks && through is not null ? through : _uplink;
        ComplexVector echo = frontier == _echoes && through is not null ? through : _echo;
        double gain = frontier == _uplinks ? _gain * (frontier.Gain(piece) / frontier.Gain(0)) : _gain;
        double floor = frontier == _echoes ? Math.Max(_floor, _wanted / frontier.Gain(piece)) : _floor;
        (double lambda, double nu) = TwoBeams.Multipliers(sinr, _threshold, Math.Max(1e-9, 1 - (frontier.Aligned(piece + 1) / frontier.Gain(piece))));

        // In the null spaces of the two matrices that the multipliers leave positive semidefinite.
        ComplexVector data = uplink.Clone(), sensing = echo.Clone();
        data.Add(-echo.Inner(uplink) * (lambda * _threshold / (1 + (lambda * _threshold))), echo);
        sensing.Add(-uplink.Inner(echo) * (nu * sinr / (1 + (nu * sinr))), uplink);
        if (!data.Normalise() || !sensing.Normalise())
        {
            return null;
        }

        // Both SINRs are met with equality.
        double leak = sinr * SquaredInner(uplink, sensing) / SquaredInner(echo, sensing);
        double power = ((sinr / gain) + (leak * floor)) / (SquaredInner(uplink, data) - (leak * _threshold * SquaredInner(echo, data)));
        return (data, sensing, power > 0 && power < _budget ? power : _budget);
    }

    // The least over the pieces of the edge, halved until they are single ones or hardly better than one that is known; the better half
    // first.
    private (double Least, int Piece) Search(double sinr, CombinerFrontier frontier)
    {
        double least = double.PositiveInfinity, attained = double.PositiveInfinity;
        int piece = 0;
        var open = new Stack<(int First, int Last, double Value)>();
        open.Push((0, frontier.Count - 1, Within(sinr, frontier, 0, frontier.Count - 1)));
        while (open.TryPop(out (int First, int Last, double Value) range))
        {
            bool single = range.Last - range.First == 1;
            if (single || range.Value - _floor >= Settled * (attained - _floor))
            {
                least = Math.Min(least, range.Value);
                (attained, piece) = single && range.Value < attained ? (range.Value, range.First) : (attained, piece);
                continue;
            }

            int middle = (range.First + range.Last) / 2;
            double left = Within(sinr, frontier, range.First, middle), right = Within(sinr, frontier, middle, range.Last);
            if (left < right)
            {
                open.Push((middle, range.Last, right));
                open.Push((range.First, middle, left));
            }
            else
            {
                open.Push((range.First, middle, left));
                open.Push((middle, range.Last, right));
            }
        }

        return (least, piece);
    }

    // The least over the ranges of the overlap: multipliers for the lower end, the gains' trade for the upper one.
    private double Together(double sinr, BeamPairFrontier pairs)
    {
        double least = double.PositiveInfinity;
        for (int cell = 0; cell < BeamPairFrontier.Count; cell++)
        {
            (double lambda, double nu) = TwoBeams.Multipliers(sinr, _threshold, 1 - BeamPairFrontier.SquaredOverlap(cell));
            double floors = (lambda * _floor) + (nu * sinr / Math.Min(_gain, _most));
            if (floors >= least)
            {
                // Multipliers rise with the overlap.
                break;
            }

            least = Math.Min(least, Math.Max(floors, pairs.Least(cell, nu * sinr, lambda * _threshold)));
        }

        return TwoBeams.Margin * least;
    }

    // Behind the only combiner that both channels of rank one leave.
    private TwoBeams Alone => new(_threshold, Math.Min(_gain, _most), _floor, Math.Max(0, 1 - (_uplinks!.Aligned(1) / _uplinks.Gain(0))));

    private double Within(double sinr, CombinerFrontier frontier, int first, int last)
    {
        double gain = frontier.Gain(first), separation = Math.Max(0, 1 - (frontier.Aligned(last) / gain));
        if (frontier == _behind)
        {
            return _echoes is null ? Shared(sinr, gain, _floor, separation) : Shared(sinr, _gain, Math.Max(_floor, _threshold / gain), separation);
        }

        return frontier == _uplinks
            ? Shared(sinr, _gain * (gain / frontier.Gain(0)), _floor, separation)
            : Shared(sinr, _gain, Math.Max(_floor, _wanted / gain), separation);
    }

    private double Shared(double sinr, double gain, double floor, double d) => new TwoBeams(_threshold, Math.Min(gain, _most), floor, d).Least(sinr);

    private static double SquaredInner(ComplexVector left, ComplexVector right)
    {
        System.Numerics.Complex inner = left.Inner(right);
        return (inner.Real * inner.Real) + (inner.Imaginary * inner.Imaginary);
    }

    // The smallest found efficiency that takes more than the budget.
    private double LargestEfficiency(double budget)
    {
        double low = 0, high = Math.Log2(1 + (Math.Min(_gain, _most) * budget)) * (1 + 1e-12);
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
