namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Branch and bound over the users' spectral efficiencies: raises a lower bound of the cost where interference between particular users
/// decides.
/// </summary>
/// <remarks>
/// A node is a box of efficiencies and powers. In it every user sends at least what its least efficiency takes, which lowers everybody's gain
/// (<see cref="InterferenceFloor"/>) and with it the largest efficiencies; the clocks and the dimensions left by the others bound each
/// user's too. The Lagrangian bound of <see cref="CostBound"/> over what remains, at prices chosen per box, bounds the cost in the box. Of
/// a target cost, whatever part of a user's ranges cannot belong to a point below the target is cut off. So each point of the problem costs at
/// least the target or lies in a box that is still open, and the least of their bounds is one for the problem. (Of the points where a user
/// offloads nothing only those in which it sends no data are considered: to drop the data costs nothing and disturbs nobody.)
/// </remarks>
internal sealed class BoundTree
{
    private const int MaxPasses = 6;
    private const int EndCuts = 10;
    private const int MaxSplits = 40;
    private const int MaxCutRounds = 6;

    // Of the target, what a division counts that raises a half by nothing.
    private const double LeastRise = 1e-4;

    // A pass that cuts less than this off every range is the last.
    private const double WorthwhileCut = 0.05;
    private readonly Network _network;
    private readonly InterferenceFloor _interference;
    private readonly LoadCuts _cuts;
    private readonly ArrivalSplits? _splits;
    private readonly double _capacity;

    /// <summary>Prepares the tree.</summary>
    /// <param name="network">The case; its users share the band.</param>
    /// <param name="interference">What the users send into each other's receivers.</param>
    /// <param name="arrivals">Whether boxes are divided by what arrives of the users, too.</param>
    public BoundTree(Network network, InterferenceFloor interference, bool arrivals)
    {
        _network = network;
        _interference = interference;
        _capacity = network.Problem.ApCyclesPerSecond;
        _splits = arrivals ? new ArrivalSplits(network, interference) : null;
        _cuts = new LoadCuts(interference.Loads, network.Count, _capacity);
    }

    /// <summary>Raises a bound.</summary>
    /// <param name="known">A lower bound.</param>
    /// <param name="target">The tree ends when it has proven this.</param>
    /// <param name="prices">mu and nu to start from.</param>
    /// <param name="effort">How many boxes are opened at most.</param>
    /// <param name="attempt">
    /// Tries a plan near a promising box, from K data powers in watts, and answers the target from then on, no higher than before; at or
    /// below 0 the tree ends at once.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A lower bound, no less than <paramref name="known"/> and no more than the last target or it.</returns>
    public double Raise(
        double known,
        double target,
        (double Clock, double Load) prices,
        TreeEffort effort,
        Func<double[], double> attempt,
        CancellationToken cancellationToken)
    {
        int count = _network.Count;

        // Of two ways to divide a box the one that raises its bound more is taken: what was known before would hide that.
        var root = new RateBox(count, _network.Problem.MaxPowerWatts, prices.Clock, prices.Load, _splits is null ? known : 0);
        bool alive = Reduce(root, target, cancellationToken);
        for (int round = 0; round < MaxCutRounds && alive && AddSets(root); round++)
        {
            alive = Reduce(root, target, cancellationToken);
        }

        var open = new PriorityQueue<RateBox, double>();
        if (alive)
        {
            open.Enqueue(root, root.Bound);
        }

        int nextAttempt = 1;
        for (int nodes = 1; open.TryPeek(out RateBox? box, out double least) && least < target;)
        {
            if (effort.IsSpent(nodes, least, target))
            {
                break;
            }

            if (nodes >= nextAttempt)
            {
                nextAttempt = nodes + Math.Max(2, nodes / 2);
                if (Suggest(box) is { } powers)
                {
                    target = Math.Min(target, attempt(powers));
                }

                if (target <= known)
                {
                    return known;
                }
            }

            open.Dequeue();
            nodes += 2;
            foreach (RateBox half in Divide(box, target, cancellationToken))
            {
                open.Enqueue(half, half.Bound);
            }
        }

        return Math.Max(known, open.TryPeek(out _, out double remaining) ? Math.Min(remaining, target) : target);
    }

    private bool AddSets(RateBox box) =>
        _interference.Raise(box.Low, box.Sent) is { } limits
        && Users(box, limits) is { } users
        && _cuts.Add(box, users, limits);

    // What is left of a box in halves, by ranges of the users' own or by what arrives of one of them, whichever raises the bound more.
    private RateBox[] Divide(RateBox box, double target, CancellationToken cancellationToken)
    {
        (RateBox Lower, RateBox Upper)[] pairs = box.Arrival is { } arrival ? [Split(box), arrival.Of(box)] : [Split(box)];
        RateBox[] halves = [.. pairs.SelectMany(p => (RateBox[])[p.Lower, p.Upper])];
        bool[] alive = new bool[halves.Length];

        // Each half is a computation of its own: the result does not depend on threads. With the token a cancellation stays one.
        _ = Parallel.For(
            0,
            halves.Length,
            new ParallelOptions { CancellationToken = cancellationToken },
            i => alive[i] = Reduce(halves[i], target, cancellationToken));
        int best = Enumerable.Range(0, pairs.Length).MaxBy(p => Rise(2 * p) * Rise((2 * p) + 1));
        return [.. halves.Where((_, i) => i / 2 == best && alive[i])];

        double Rise(int half) => (alive[half] ? halves[half].Bound : target) - box.Bound + (LeastRise * target);
    }

    // In the middle of the range over which the cost varies most: of a user's efficiency, or of its power.
    private static (RateBox Lower, RateBox Upper) Split(RateBox box)
    {
        RateBox lower = box.Copy(), upper = box.Copy();
        double rate = box.Spread.Max(), power = box.PowerSpread.Max();
        if (power > rate)
        {
            int user = Array.IndexOf(box.PowerSpread, power);
            double middle = 0.5 * (box.Sent.Power[user] + box.Sent.Budget[user]);
            lower.Sent.Budget[user] = middle;
            upper.Sent.Power[user] = middle;
        }
        else
        {
            int user = Array.IndexOf(box.Spread, rate);
            double middle = Middle(box.Low[user], box.High[user]);
            lower.High[user] = middle;
            upper.Low[user] = middle;
        }

        return (lower, upper);
    }

    // Where x = 1 - 2^-r is in the middle.
    private static double Middle(double low, double high) =>
        -Math.Log2(0.5 * (Math.Exp(-low * Math.Log(2)) + Math.Exp(-high * Math.Log(2))));

    // Data powers with which, as far as the bound sees, the users upload at rates inside the box.
    private double[]? Suggest(RateBox box)
    {
        int count = _network.Count;
        for (double depth = 1; depth > 0.05; depth *= 0.5)
        {
            double[] wanted = [.. box.Low.Select((low, k) => low + (depth * (Middle(low, box.High[k]) - low)))];
            var sent = new BeamPowers(count, _network.Problem.MaxPowerWatts);
            if (_interference.Raise(wanted, sent) is { } limits)
            {
                double faintest = 1e-9 * _network.Problem.MaxPowerWatts;
                return [.. limits.Select((l, k) => Math.Max(Math.Max(faintest, sent.Data[k]), l.LeastPower(wanted[k]) - l.LeastPower(0)))];
            }
        }

        return null;
    }

    // Shrinks a box and bounds it; false if it holds no point below the target.
    private bool Reduce(RateBox box, double target, CancellationToken cancellationToken)
    {
        int count = _network.Count;
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_interference.Raise(box.Low, box.Sent) is not { } limits
                || Users(box, limits) is not { } users
                || !FitTogether(box, users, limits))
            {
                return false;
            }

            // What was cut off may have left nothing.
            if (Users(box, limits) is not { } within)
            {
                return false;
            }

            users = within;
            double[] attained = _cuts.ChoosePrices(box, users);
            double tolerance = 2e-4 * target / count;
            double bound = -_cuts.Paid(box), rounding = -bound;
            double[] least = new double[count];
            var cells = new PriorityQueue<(double Low, double High), double>?[count];
            for (int k = 0; k < count; k++)
            {
                (least[k], cells[k]) = users[k].Divide(
                    box.ClockPrice, box.LoadPrice(k), tolerance, MaxSplits, attained[k], cancellationToken);
                bound += least[k];
                rounding += Math.Abs(least[k]);
            }

            bound -= 1e-13 * rounding;

            box.Bound = Math.Max(box.Bound, bound);
            if (box.Bound >= target)
            {
                return false;
            }

            double cut = 0;
            for (int k = 0; k < count; k++)
            {
                (double Clock, double Load) prices = (box.ClockPrice, box.LoadPrice(k));
                double allowed = target - (bound - least[k]);
                double most = users[k].MostPower(cells[k], prices.Clock, prices.Load, allowed, box.Sent.Budget[k]);
                cut = Math.Max(cut, Math.Max(1 - (most / box.Sent.Budget[k]), Shave(box, k, users[k], cells[k], prices, allowed)));
                box.Sent.Budget[k] = most;
            }

            if (cut < WorthwhileCut || pass == MaxPasses - 1)
            {
                for (int k = 0; k < count; k++)
                {
                    box.Spread[k] = users[k].Spread(box.Low[k], box.High[k], box.ClockPrice) + (1e-9 * (box.High[k] - box.Low[k]));
                    box.Sent.Power[k] = Math.Max(box.Sent.Power[k], limits[k].LeastPower(box.Low[k]));
                    box.PowerSpread[k] = users[k].PowerSpread(box.Low[k], box.High[k], box.ClockPrice, box.Sent.Power[k], box.Sent.Budget[k]);
                }

                box.Arrival = _splits?.Best(box, limits, users);

                break;
            }
        }

        return true;
    }

    private UserBound[]? Users(RateBox box, UplinkLimit[] limits)
    {
        var users = new UserBound[limits.Length];
        for (int k = 0; k < users.Length; k++)
        {
            users[k] = new UserBound(_network.Tasks[k], limits[k], _network.Bandwidth[k], box.Low[k], box.High[k]);
            if (!users[k].CanUpload)
            {
                return null;
            }

            (box.Low[k], box.High[k]) = (users[k].LeastEfficiency, users[k].MostEfficiency);
        }

        return users;
    }

    // What the others leave of the processor and of the dimensions bounds each user's efficiency from below and from above.
    private bool FitTogether(RateBox box, UserBound[] users, UplinkLimit[] limits)
    {
        double clocks = users.Sum(u => u.LeastClock);
        if (clocks > _capacity * (1 + 1e-9))
        {
            return false;
        }

        box.Loads = _cuts.In(box, limits);
        foreach (LoadLimit limit in box.Loads)
        {
            double load = 0;
            for (int k = 0; k < users.Length; k++)
            {
                load += limit.Weights[k] * LoadLimit.Load(box.Low[k]);
            }

            double most = limit.Dimensions * (1 + 1e-9);
            if (load > most)
            {
                return false;
            }

            for (int k = 0; k < users.Length; k++)
            {
                double weight = limit.Weights[k], share = weight > 0 ? (most - (load - (weight * LoadLimit.Load(users[k].LeastEfficiency)))) / weight : 1;
                if (share < 1)
                {
                    box.High[k] = Math.Max(box.Low[k], Math.Min(box.High[k], -Math.Log2(1 - share) * (1 + 1e-9)));
                }
            }
        }

        for (int k = 0; k < users.Length; k++)
        {
            OffloadTask task = _network.Tasks[k];
            if (task.Lowest > 0)
            {
                double clock = (_capacity * (1 + 1e-9)) - (clocks - users[k].LeastClock);
                double seconds = task.Latency - (task.Work * task.Lowest / clock);
                double efficiency = seconds > 0 ? task.Bits * task.Lowest / (_network.Bandwidth[k] * seconds) : double.PositiveInfinity;
                if (efficiency * (1 - 1e-9) > box.High[k])
                {
                    return false;
                }

                box.Low[k] = Math.Max(box.Low[k], efficiency * (1 - 1e-9));
            }
        }

        return true;
    }

    // Cuts off the ends of a user's range whose bounds exceed what the user may cost; answers the share that went.
    private static double Shave(
        RateBox box,
        int k,
        UserBound user,
        PriorityQueue<(double Low, double High), double>? cells,
        (double Clock, double Load) prices,
        double allowed)
    {
        double width = box.High[k] - box.Low[k];
        box.Spread[k] = 0;
        if (cells is null || !(width > 0))
        {
            return 0;
        }

        (double From, double To) first = (double.PositiveInfinity, 0), last = (0, double.NegativeInfinity);
        foreach (((double from, double to), double below) in cells.UnorderedItems)
        {
            if (below < allowed)
            {
                first = from < first.From ? (from, to) : first;
                last = to > last.To ? (from, to) : last;
            }
        }

        if (!(first.From < last.To))
        {
            // Only silence is left, if anything.
            box.High[k] = box.Low[k];
            return 1;
        }

        // The outermost cells that remain, halved towards where the bound is low enough. Whoever may stay silent keeps 0.
        double low = first.From, high = last.To, end = first.To;
        for (int i = 0; i < EndCuts && user.StayValue >= allowed; i++)
        {
            double middle = low > 0 && end > 2 * low ? Math.Sqrt(low * end) : 0.5 * (low + end);
            (low, end) = user.Below(low, middle, prices.Clock, prices.Load) >= allowed ? (middle, end) : (low, middle);
        }

        end = last.From;
        for (int i = 0; i < EndCuts / 2; i++)
        {
            double middle = 0.5 * (Math.Max(low, end) + high);
            (high, end) = user.Below(middle, high, prices.Clock, prices.Load) >= allowed ? (middle, end) : (high, middle);
        }

        low = user.StayValue < allowed ? box.Low[k] : low;
        (box.Low[k], box.High[k]) = (low, high);
        return 1 - ((high - low) / width);
    }
}
