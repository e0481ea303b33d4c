namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// One user's part of the Lagrangian bound: the least of cost + mu f^ap + nu x over the share a and the spectral efficiency r, where
/// x = 1 - 2^-r, the clock is W a / (tau - q a) with q = Q / (B r), and the upload costs P(r) q joules per unit of share.
/// </summary>
/// <remarks>
/// At a fixed r the function is convex in a. On r in [r1, r2] it is at least its value with P(r1), q(r2) and x(r1), since it rises with
/// each of them; that function is convex in a and bounded from below by its tangent. Branch and bound over r makes the bound tight.
/// </remarks>
internal sealed class UserBound
{
    private const int MaxSplits = 4000;
    private const int PowerCuts = 8;
    private readonly OffloadTask _task;
    private readonly UplinkLimit _limit;
    private readonly double _bitsPerHertz;
    private readonly bool _mayStay;

    /// <summary>Folds the constants.</summary>
    /// <param name="task">The user's cost.</param>
    /// <param name="limit">The user's upload.</param>
    /// <param name="bandwidth">B in hertz.</param>
    /// <param name="low">Least spectral efficiency considered; above 0 it excludes staying silent.</param>
    /// <param name="high">Largest spectral efficiency considered.</param>
    public UserBound(OffloadTask task, UplinkLimit limit, double bandwidth, double low = 0, double high = double.PositiveInfinity)
    {
        _task = task;
        _limit = limit;
        _bitsPerHertz = task.Bits / bandwidth;
        double excluded = task.Lowest > 0 ? _bitsPerHertz * task.Lowest / task.Latency : 0;
        LeastEfficiency = Math.Max(low, excluded);
        MostEfficiency = Math.Min(high, limit.Efficiency);
        _mayStay = task.Lowest <= 0 && low <= 0;
        CanUpload = _mayStay || (MostEfficiency > excluded && MostEfficiency >= LeastEfficiency);
    }

    /// <summary>
    /// Upload of the least share takes the whole latency at this spectral efficiency; a feasible point is above, if it uploads.
    /// </summary>
    public double LeastEfficiency { get; }

    /// <summary>The largest spectral efficiency considered.</summary>
    public double MostEfficiency { get; }

    /// <summary>Whether any upload at all fits: the least share can be sent at the largest rate in less than the latency.</summary>
    public bool CanUpload { get; }

    /// <summary>Cost of offloading nothing; infinite where that is not considered.</summary>
    public double StayValue => Stay().Value;

    /// <summary>The least clock of the access point that this user takes.</summary>
    public double LeastClock => _task.Lowest <= 0 ? 0 : _task.RemoteClock(_task.Lowest, _bitsPerHertz / MostEfficiency);

    /// <summary>
    /// A point where the Lagrangian is low, by search without proof, with its clock and its x; where one starts from to choose prices.
    /// </summary>
    public (double Value, double Clock, double Load) Search(double clockPrice, double loadPrice)
    {
        double low = Math.Max(LeastEfficiency, 1e-6 * MostEfficiency), high = MostEfficiency;
        (double Value, double Clock, double Load) best = Stay();
        if (!(high > 0) || _task.Highest <= 0)
        {
            return best;
        }

        // r on a grid that is dense at both ends, then golden section around the best.
        const int Cells = 16;
        double Grid(int i) => low + ((high - low) * 0.5 * (1 - Math.Cos(Math.PI * i / Cells)));
        int bestCell = Cells;
        for (int i = Cells; i > 0; i--)
        {
            (double Value, double Clock, double Load) point = At(Grid(i), clockPrice, loadPrice);
            if (point.Value < best.Value)
            {
                (best, bestCell) = (point, i);
            }
        }

        double left = Grid(bestCell - 1), right = Grid(Math.Min(Cells, bestCell + 1));
        double least = GoldenSection.Least(r => At(r, clockPrice, loadPrice).Value, left, right, 24, 1e-9 * high);
        (double Value, double Clock, double Load) refined = At(least, clockPrice, loadPrice);
        return refined.Value < best.Value ? refined : best;
    }

    /// <summary>Where the Lagrangian is low, by search without proof: the spectral efficiency and the seconds of upload; the least and 0 if by silence.</summary>
    /// <param name="clockPrice">mu, at least 0.</param>
    /// <param name="loadPrice">nu, at least 0.</param>
    public (double Efficiency, double Seconds) Typical(double clockPrice, double loadPrice)
    {
        double load = Search(clockPrice, loadPrice).Load;
        if (!(load > 0))
        {
            return (LeastEfficiency, 0);
        }

        double efficiency = -Math.Log2(1 - load), q = _bitsPerHertz / efficiency;
        return (efficiency, q * _task.Minimise(_task.Lowest, _task.HighestAt(q), q, _limit.LeastPower(efficiency) * q, clockPrice));
    }

    /// <summary>
    /// A point per step over the considered range at one clock price, with its clock and its x; the last is staying silent, where that is
    /// allowed.
    /// </summary>
    /// <param name="steps">Number of points besides the last.</param>
    /// <param name="clockPrice">mu, at least 0.</param>
    public (double Value, double Clock, double Load)[] Sample(int steps, double clockPrice)
    {
        var points = new (double Value, double Clock, double Load)[steps + 1];
        for (int i = 0; i < steps; i++)
        {
            double efficiency = LeastEfficiency + ((MostEfficiency - LeastEfficiency) * 0.5 * (1 - Math.Cos(Math.PI * (i + 1) / steps)));
            points[i] = efficiency > 0 && _task.Highest > 0 ? At(efficiency, clockPrice, 0) : Stay();
        }

        points[steps] = Stay();
        return points;
    }

    /// <summary>
    /// How much the cost varies over a range of spectral efficiencies: from its lower end to its upper end, no more than silence costs.
    /// </summary>
    public double Spread(double low, double high, double clockPrice) => high > low && high > 0
        ? Math.Abs(Math.Min(low > 0 ? At(low, clockPrice, 0).Value : StayValue, 1e3 * _task.LocalWeight) - At(high, clockPrice, 0).Value)
        : 0;

    /// <summary>How much the cost varies over a range of powers; 0 where the user may stay silent, since then power is free.</summary>
    public double PowerSpread(double low, double high, double clockPrice, double least, double most) =>
        _mayStay || !(high > 0) || !(most > least) ? 0 : Below(low, high, clockPrice, 0, most) - Below(low, high, clockPrice, 0, least);

    /// <summary>A proven lower bound of the Lagrangian over the user's feasible set; infinite if that is empty.</summary>
    /// <param name="clockPrice">mu, at least 0.</param>
    /// <param name="loadPrice">nu, at least 0.</param>
    /// <param name="tolerance">How far, at most, below the least value it may be.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public double Prove(double clockPrice, double loadPrice, double tolerance, CancellationToken cancellationToken) =>
        Divide(clockPrice, loadPrice, tolerance, MaxSplits, Search(clockPrice, loadPrice).Value, cancellationToken).Least;

    /// <summary>
    /// The same, with the cells of spectral efficiency and their bounds that prove it; staying silent counts to the cell from 0.
    /// </summary>
    /// <param name="clockPrice">mu, at least 0.</param>
    /// <param name="loadPrice">nu, at least 0.</param>
    /// <param name="tolerance">How far, at most, below the least value it may be.</param>
    /// <param name="maxSplits">How many cells are divided at most.</param>
    /// <param name="attained">Value of some point, where the search for the least one begins.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public (double Least, PriorityQueue<(double Low, double High), double>? Cells) Divide(
        double clockPrice, double loadPrice, double tolerance, int maxSplits, double attained, CancellationToken cancellationToken)
    {
        double upper = Stay().Value;
        if (!CanUpload || _task.Lowest > _task.Highest)
        {
            return (double.PositiveInfinity, null);
        }

        if (!(MostEfficiency > 0) || _task.Highest <= 0)
        {
            return (upper, null);
        }

        upper = Math.Min(upper, attained);
        var open = new PriorityQueue<(double Low, double High), double>();
        void Push(double low, double high) => open.Enqueue((low, high), Below(low, high, clockPrice, loadPrice));

        // The best point is mostly at one of the ends: cells that shrink towards the upper one keep the work small.
        double start = LeastEfficiency, end = MostEfficiency;
        double previous = start;
        for (int i = 1; i <= 12; i++)
        {
            double next = i == 12 ? end : end - ((end - start) * Math.Pow(0.4, i));
            Push(previous, next);
            previous = next;
        }

        for (int splits = 0; splits < maxSplits; splits++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            open.TryPeek(out (double Low, double High) cell, out double below);
            if (below >= upper - tolerance)
            {
                break;
            }

            open.Dequeue();
            double middle = 0.5 * (cell.Low + cell.High);
            Push(cell.Low, middle);
            Push(middle, cell.High);
            upper = Math.Min(upper, At(middle, clockPrice, loadPrice).Value);
        }

        open.TryPeek(out _, out double least);
        return (Math.Min(least, upper), open);
    }

    // Nothing is offloaded: no upload, no clock, no load.
    private (double Value, double Clock, double Load) Stay() =>
        _mayStay ? (_task.LocalWeight, 0, 0) : (double.PositiveInfinity, 0, 0);

    private (double Value, double Clock, double Load) At(double efficiency, double clockPrice, double loadPrice)
    {
        double q = _bitsPerHertz / efficiency, highest = _task.HighestAt(q);
        if (highest < _task.Lowest)
        {
            return (double.PositiveInfinity, 0, 0);
        }

        double e = _limit.LeastPower(efficiency) * q, load = LoadLimit.Load(efficiency);
        double share = _task.Minimise(_task.Lowest, highest, q, e, clockPrice);
        double clock = _task.RemoteClock(share, q);
        return (_task.Cost(share, q, e) + (clockPrice * clock) + (loadPrice * load), clock, load);
    }

    /// <summary>The most power in watts of the user's points whose Lagrangian is below a value; no more than a budget.</summary>
    /// <param name="cells">From <see cref="Divide"/>; all others are above.</param>
    /// <param name="clockPrice">mu, at least 0.</param>
    /// <param name="loadPrice">nu, at least 0.</param>
    /// <param name="allowed">The value.</param>
    /// <param name="budget">The budget in watts.</param>
    public double MostPower(
        PriorityQueue<(double Low, double High), double>? cells, double clockPrice, double loadPrice, double allowed, double budget)
    {
        if (cells is null || StayValue < allowed)
        {
            return budget;
        }

        double most = 0;
        foreach (((double low, double high), double below) in cells.UnorderedItems)
        {
            if (below >= allowed || Below(low, high, clockPrice, loadPrice, most) >= allowed)
            {
                continue;
            }

            if (Below(low, high, clockPrice, loadPrice, budget) < allowed)
            {
                return budget;
            }

            double end = budget;
            for (int i = 0; i < PowerCuts; i++)
            {
                double middle = 0.5 * (most + end);
                (most, end) = Below(low, high, clockPrice, loadPrice, middle) < allowed ? (middle, end) : (most, middle);
            }

            most = end;
        }

        return most > 0 ? most : budget;
    }

    /// <summary>A lower bound of the Lagrangian over a cell of spectral efficiencies, staying silent not included.</summary>
    /// <param name="low">Lower end of the cell.</param>
    /// <param name="high">Upper end of the cell.</param>
    /// <param name="clockPrice">mu, at least 0.</param>
    /// <param name="loadPrice">nu, at least 0.</param>
    /// <param name="power">In watts, how much the user sends at least.</param>
    public double Below(double low, double high, double clockPrice, double loadPrice, double power = 0)
    {
        double q = _bitsPerHertz / high, highest = _task.HighestAt(q);
        if (highest < _task.Lowest)
        {
            return double.PositiveInfinity;
        }

        double e = Math.Max(power, _limit.LeastPower(low)) * q;
        double share = _task.Minimise(_task.Lowest, highest, q, e, clockPrice);
        double value = _task.Cost(share, q, e) + (clockPrice * _task.RemoteClock(share, q));
        double slope = _task.Slope(share, q, e, clockPrice);
        double end = Math.Min(_task.Highest, _task.Latency / q);
        double tangent = Math.Min(slope * (end - share), slope * (_task.Lowest - share));
        return (value + Math.Min(0, tangent) + (loadPrice * LoadLimit.Load(low))) * (1 - 1e-12);
    }
}
