namespace IsacTestbed.Planning.Iscc;

/// <summary>The best shares and clocks for given uploads: a convex problem with one coupling constraint, sum of f^ap at most C^ap.</summary>
/// <param name="Shares">Offloaded share per user.</param>
/// <param name="ClockPrice">Multiplier of the coupling constraint, in cost per cycle per second; 0 where it does not bind.</param>
/// <param name="Clock">Sum of the access point's clocks.</param>
/// <param name="Cost">The objective (17a).</param>
internal sealed record ResourceAllocation(double[] Shares, double ClockPrice, double Clock, double Cost)
{
    /// <summary>Solves; null if some upload takes too long, or the least clocks exceed the capacity.</summary>
    /// <param name="tasks">The users.</param>
    /// <param name="q">Seconds of upload per unit of share, one per user; infinite where there is no link.</param>
    /// <param name="e">Joules of upload per unit of share, one per user.</param>
    /// <param name="capacity">C^ap.</param>
    public static ResourceAllocation? TrySolve(IReadOnlyList<OffloadTask> tasks, double[] q, double[] e, double capacity)
    {
        for (int k = 0; k < tasks.Count; k++)
        {
            if (tasks[k].Lowest > tasks[k].HighestAt(q[k]))
            {
                return null;
            }
        }

        double[] shares = new double[tasks.Count];
        double clock = Fill(tasks, q, e, 0, shares);
        if (clock <= capacity)
        {
            return new ResourceAllocation(shares, 0, clock, CostOf(tasks, q, e, shares));
        }

        if (LeastClock(tasks, q) > capacity)
        {
            return null;
        }

        // The clock falls with the price. A price scale to start from: what the last cycle saves.
        double high = tasks.Max(t => (3 * t.LocalWeight) + (3 * t.RemoteWeight / (t.Latency * t.Latency))) * tasks.Max(t => t.Latency / t.Work) * 1e-3, low = 0;
        high = high > 0 ? high : 1;
        double[] trial = new double[tasks.Count];
        while (Fill(tasks, q, e, high, shares) > capacity && high < 1e300)
        {
            (low, high) = (high, 8 * high);
        }

        for (int i = 0; i < 100 && high - low > 1e-13 * high; i++)
        {
            double middle = low > 0 && high > 2 * low ? Math.Sqrt(low * high) : 0.5 * (low + high);
            double used = Fill(tasks, q, e, middle, trial);
            if (used > capacity)
            {
                low = middle;
            }
            else
            {
                high = middle;
                (shares, trial) = (trial, shares);
                if (used >= capacity * (1 - 1e-11))
                {
                    break;
                }
            }
        }

        return new ResourceAllocation(shares, high, Clocks(tasks, q, shares), CostOf(tasks, q, e, shares));
    }

    /// <summary>The clocks that the least shares need; infinite if some upload takes too long.</summary>
    public static double LeastClock(IReadOnlyList<OffloadTask> tasks, double[] q)
    {
        double sum = 0;
        for (int k = 0; k < tasks.Count; k++)
        {
            sum += tasks[k].Lowest > tasks[k].HighestAt(q[k]) ? double.PositiveInfinity : tasks[k].RemoteClock(tasks[k].Lowest, q[k]);
        }

        return sum;
    }

    private static double Fill(IReadOnlyList<OffloadTask> tasks, double[] q, double[] e, double price, double[] shares)
    {
        double clock = 0;
        for (int k = 0; k < tasks.Count; k++)
        {
            double highest = tasks[k].HighestAt(q[k]);
            shares[k] = double.IsFinite(q[k]) ? tasks[k].Minimise(tasks[k].Lowest, highest, q[k], e[k], price) : tasks[k].Lowest;
            clock += tasks[k].RemoteClock(shares[k], q[k]);
        }

        return clock;
    }

    private static double Clocks(IReadOnlyList<OffloadTask> tasks, double[] q, double[] shares) =>
        tasks.Select((t, k) => t.RemoteClock(shares[k], q[k])).Sum();

    private static double CostOf(IReadOnlyList<OffloadTask> tasks, double[] q, double[] e, double[] shares) =>
        tasks.Select((t, k) => t.Cost(shares[k], q[k], e[k])).Sum();
}
