namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// The cost of one user as a function of the offloaded share a, with the slowest clocks that meet the latency, which are the cheapest:
/// the local clock W (1 - a) / tau by (10), and the access point's W a / (tau - q a) by (11), with W = varpi Q cycles and q = Q / R
/// seconds of upload per unit of share.
/// </summary>
/// <remarks>
/// (14) becomes xi^u W^3 (1 - a)^3 / tau^2 and beta times (15) becomes beta xi^ap W^3 a^3 / (tau - q a)^2. Both are convex in a, the second
/// as the perspective x^3 / y^2 at a point that is affine in a; so is the clock.
/// </remarks>
internal sealed class OffloadTask
{
    // Below this share of the latency the rest of it is no time to compute in.
    private const double LeastRemainder = 1e-9;

    /// <summary>Folds the constants.</summary>
    /// <param name="user">The user.</param>
    /// <param name="lowest">Least share that the method allows.</param>
    /// <param name="highest">Largest share that the method allows.</param>
    public OffloadTask(IsccUser user, double lowest, double highest)
    {
        Bits = user.TaskBits;
        Latency = user.LatencySeconds;
        Work = user.CyclesPerBit * user.TaskBits;
        LocalWeight = user.Capacitance * Work / Latency * (Work / Latency) * Work;
        RemoteWeight = user.EnergyCostRatio * user.ApCapacitance * Work * Work * Work;
        double needed = 1 - (user.CyclesPerSecond * Latency / Work);
        LeastByClock = needed > 1e-12 ? needed : 0;
        Lowest = LeastByClock <= highest + 1e-12 ? Math.Clamp(LeastByClock, lowest, highest) : LeastByClock;
        Highest = highest;
    }

    /// <summary>Bits of the task, Q.</summary>
    public double Bits { get; }

    /// <summary>Latency, tau.</summary>
    public double Latency { get; }

    /// <summary>Cycles of the whole task, W.</summary>
    public double Work { get; }

    /// <summary>Local energy at a = 0, xi^u W^3 / tau^2.</summary>
    public double LocalWeight { get; }

    /// <summary>Factor of a^3 / (tau - q a)^2 in the cost at the access point.</summary>
    public double RemoteWeight { get; }

    /// <summary>Least share that the user's processor allows: the rest must be done locally in time.</summary>
    public double LeastByClock { get; }

    /// <summary>Least share allowed.</summary>
    public double Lowest { get; }

    /// <summary>Largest share that the method allows.</summary>
    public double Highest { get; }

    /// <summary>Largest share whose upload leaves time to compute, or less if the method allows less.</summary>
    public double HighestAt(double q) => q > 0 ? Math.Min(Highest, (1 - LeastRemainder) * Latency / q) : Highest;

    /// <summary>The access point's clock, W a / (tau - q a).</summary>
    public double RemoteClock(double share, double q) => share > 0 ? Work * share / (Latency - (q * share)) : 0;

    /// <summary>Cost e a plus local energy plus weighted energy at the access point.</summary>
    /// <param name="share">Share a, below tau / q.</param>
    /// <param name="q">Seconds of upload per unit of share.</param>
    /// <param name="e">Joules of upload per unit of share.</param>
    public double Cost(double share, double q, double e)
    {
        if (share <= 0)
        {
            return LocalWeight;
        }

        double rest = 1 - share, left = Latency - (q * share);
        return (e * share) + (LocalWeight * rest * rest * rest) + (RemoteWeight * share * (share / left) * (share / left));
    }

    /// <summary>Derivative of the cost plus <paramref name="price"/> times the clock, with respect to the share; it rises with the share.</summary>
    public double Slope(double share, double q, double e, double price) => Derivatives(share, q, e, price).First;

    /// <summary>The share in [lowest, highest] that minimises the cost plus <paramref name="price"/> times the clock.</summary>
    public double Minimise(double lowest, double highest, double q, double e, double price)
    {
        if (highest <= lowest || Slope(lowest, q, e, price) >= 0)
        {
            return lowest;
        }

        if (Slope(highest, q, e, price) <= 0)
        {
            return highest;
        }

        // Newton's method on the rising slope, by bisection where it would leave the bracket.
        double low = lowest, high = highest, share = 0.5 * (low + high);
        for (int i = 0; i < 60 && high - low > 1e-14 * high; i++)
        {
            (double first, double second) = Derivatives(share, q, e, price);
            if (first > 0)
            {
                high = share;
            }
            else
            {
                low = share;
            }

            double next = share - (first / second);
            next = next > low && next < high ? next : 0.5 * (low + high);
            if (Math.Abs(next - share) <= 1e-14 * share)
            {
                return next;
            }

            share = next;
        }

        return share;
    }

    /// <summary>Derivative of the cost plus <paramref name="price"/> times the clock with respect to q, at a given share.</summary>
    public double SlopeInQ(double share, double q, double price)
    {
        double ratio = share / (Latency - (q * share));
        return ((2 * RemoteWeight * ratio * share) + (price * Work)) * ratio * ratio;
    }

    private (double First, double Second) Derivatives(double share, double q, double e, double price)
    {
        double rest = 1 - share, left = Latency - (q * share), ratio = share / left;
        double slope = Latency / left;
        double clockFirst = Work * slope / left;
        double clockSecond = 2 * q * clockFirst / left;
        double remoteFirst = RemoteWeight * ratio * ratio * ((3 * left) + (2 * q * share)) / left;
        double remoteSecond = RemoteWeight * ratio / left * (6 + (12 * q * ratio) + (6 * q * q * ratio * ratio));
        return (
            e - (3 * LocalWeight * rest * rest) + remoteFirst + (price * clockFirst),
            (6 * LocalWeight * rest) + remoteSecond + (price * clockSecond));
    }
}
