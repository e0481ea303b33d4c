using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc.Paper;

/// <summary>
/// Algorithm 2: expansion around a feasible point, Algorithm 1 on the expanded problem, rank-one recovery; repeated while it improves.
/// </summary>
/// <remarks>
/// (24) is no bound of the rate and an ADMM ends only nearly feasible, so that descent is not guaranteed as printed. Safeguards of ours:
/// what comes out is made feasible (sensing powers by the least that meet (17b), combiners by their closed form, clocks the slowest that
/// meet the latencies, shares below a millionth given up, shares moved towards the last ones until the clocks fit), and taken only if it
/// costs less; otherwise the step is shortened, and the algorithm ends when no step improves.
/// </remarks>
internal sealed class ScaAdmm
{
    private const int MaxOuter = 25;
    private const int MaxInner = 150;
    private const double OuterTolerance = 1e-4;
    private const double InnerTolerance = 1e-4;

    // Below it a user computes everything itself: where the upload allows no more, the SINR is too small for its rate to be known to the
    // digits that the latency needs.
    private const double LeastShare = 1e-6;
    private readonly Network _network;

    /// <summary>Prepares the algorithm.</summary>
    public ScaAdmm(Network network)
    {
        _network = network;
    }

    /// <summary>Runs from a feasible point.</summary>
    /// <param name="start">A point at stage Cost.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The point, its shares, and the number of outer iterations.</returns>
    public (OperatingPoint Point, double[] Shares, int Iterations) Run(OperatingPoint start, CancellationToken cancellationToken)
    {
        OperatingPoint point = start;
        double[] shares = Initial(start);
        double cost = Cost(point, shares);
        for (int outer = 1; outer <= MaxOuter; outer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AdmmUser[] users = Inner(point, shares, cost / _network.Count);
            (OperatingPoint Point, double[] Shares, double Cost)? next = Recover(point, shares, cost, users);
            if (next is not { } found)
            {
                return (point, shares, outer);
            }

            bool settled = cost - found.Cost <= OuterTolerance * cost;
            (point, shares, cost) = found;
            if (settled)
            {
                return (point, shares, outer);
            }
        }

        return (point, shares, MaxOuter);
    }

    // The middle of the allowed range, moved towards the best shares of the start until the clocks fit.
    private double[] Initial(OperatingPoint start)
    {
        double[] feasible = start.Score.Allocation!.Shares;
        double[] q = Uploads(start);
        double[] middle = [.. _network.Tasks.Select((t, k) => Math.Clamp(0.5, t.Lowest, t.HighestAt(q[k])))];
        return Fitted(start, middle, feasible) ?? feasible;
    }

    private AdmmUser[] Inner(OperatingPoint point, double[] shares, double energyUnit)
    {
        AdmmUser[] users = [.. Enumerable.Range(0, _network.Count).Select(k => new AdmmUser(_network, k, point, shares[k], energyUnit))];
        double[] unit = [.. _network.Tasks.Select(t => t.Work / t.Latency)];
        double capacity = _network.Problem.ApCyclesPerSecond;
        for (int inner = 0; inner < MaxInner; inner++)
        {
            double[] before = [.. users.Select(u => u.Share)];
            for (int k = 0; k < users.Length; k++)
            {
                users[k].UpdatePrimal(capacity / unit[k]);
            }

            // (17e): onto the simplex, in cycles per second.
            double[] clocks = [.. users.Select((u, k) => u.RemoteClock * unit[k])];
            if (clocks.Sum() > capacity)
            {
                double low = 0, high = clocks.Max();
                for (int i = 0; i < 60; i++)
                {
                    double middle = 0.5 * (low + high);
                    (low, high) = clocks.Sum(c => Math.Max(0, c - middle)) > capacity ? (middle, high) : (low, middle);
                }

                for (int k = 0; k < users.Length; k++)
                {
                    users[k].RemoteClock = Math.Max(0, clocks[k] - high) / unit[k];
                }
            }

            double change = 0, residual = 0;
            for (int k = 0; k < users.Length; k++)
            {
                users[k].UpdateDuals();
                change = Math.Max(change, Math.Abs(users[k].Share - before[k]));
                residual = Math.Max(residual, users[k].PrimalResidual);
            }

            if (change <= 0.1 * InnerTolerance && residual <= InnerTolerance)
            {
                break;
            }
        }

        return users;
    }

    private (OperatingPoint Point, double[] Shares, double Cost)? Recover(OperatingPoint point, double[] shares, double cost, AdmmUser[] users)
    {
        int count = users.Length;
        double budget = _network.Problem.MaxPowerWatts;
        var directions = new ComplexVector[2 * count];
        double[] data = new double[count], wanted = [.. users.Select(u => u.Share)];
        for (int k = 0; k < count; k++)
        {
            (double dataPower, ComplexVector dataBeam) = Covariance.Dominant(users[k].Data);
            (double sensingPower, ComplexVector sensingBeam) = Covariance.Dominant(users[k].Sensing);
            data[k] = Math.Max(dataPower * budget, 1e-9 * budget);
            directions[k] = dataPower > 1e-9 ? users[k].Space.Vector(dataBeam) : point.Beams.Directions[k];
            directions[count + k] = sensingPower > 1e-12 ? users[k].Space.Vector(sensingBeam) : point.Beams.Directions[count + k];
        }

        // Beams and shares together by ever shorter steps, then the shares alone, then the beams alone.
        foreach ((bool beams, bool moveShares) in ((bool, bool)[])[(true, true), (false, true), (true, false)])
        {
            double step = 1;
            for (int halving = 0; halving < 5; halving++, step *= 0.4)
            {
                OperatingPoint? trial = beams ? Moved(point, directions, data, step) : point;
                double[] mixed = moveShares ? [.. wanted.Select((w, k) => shares[k] + (step * (w - shares[k])))] : shares;
                if (trial is not null && Fitted(trial, mixed, shares) is { } fitted && Cost(trial, fitted) is double reached && reached < cost)
                {
                    return (trial, fitted, reached);
                }
            }
        }

        return null;
    }

    // Directions and the logarithms of the powers on the way to the recovered ones.
    private OperatingPoint? Moved(OperatingPoint point, ComplexVector[] directions, double[] data, double step)
    {
        int count = data.Length;
        var beams = new BeamSet(_network, [.. directions.Select((d, i) => BeamRefinement.Between(point.Beams.Directions[i], d, step))]);
        double[] powers = [.. data.Select((p, k) => point.Power[k] * Math.Pow(p / point.Power[k], step))];
        return OperatingPoint.TryCreate(beams, powers, point.Power.AsSpan(count));
    }

    // Shares within what the uploads allow, moved from the wanted ones towards others until the clocks fit.
    private double[]? Fitted(OperatingPoint point, double[] wanted, double[] towards)
    {
        double[] q = Uploads(point);
        for (double step = 0; step <= 1.0001; step += 0.125)
        {
            double[] mixed = [.. wanted.Select((w, k) => w + (step * (towards[k] - w)))];
            bool fits = true;
            double clock = 0;
            for (int k = 0; k < mixed.Length; k++)
            {
                OffloadTask task = _network.Tasks[k];
                fits &= task.Lowest <= task.HighestAt(q[k]);
                mixed[k] = Math.Clamp(mixed[k], task.Lowest, Math.Max(task.Lowest, task.HighestAt(q[k])));
                mixed[k] = mixed[k] < LeastShare ? task.Lowest : mixed[k];
                clock += task.RemoteClock(mixed[k], q[k]);
            }

            if (fits && clock <= _network.Problem.ApCyclesPerSecond)
            {
                return mixed;
            }
        }

        return null;
    }

    private double Cost(OperatingPoint point, double[] shares)
    {
        double[] q = Uploads(point);
        double sum = 0;
        for (int k = 0; k < shares.Length; k++)
        {
            sum += _network.Tasks[k].Cost(shares[k], q[k], (point.Power[k] + point.Power[shares.Length + k]) * q[k]);
        }

        return sum;
    }

    private double[] Uploads(OperatingPoint point) =>
        [.. _network.Tasks.Select((t, k) => t.Bits / Score.Rate(_network, k, point.Ap.Sinr(k)))];
}
