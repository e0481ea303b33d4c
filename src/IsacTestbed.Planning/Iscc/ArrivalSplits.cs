namespace IsacTestbed.Planning.Iscc;

/// <summary>Finds where in a box what arrives of a user is best divided.</summary>
/// <remarks>
/// Of a user whose channels have both rank one the others notice nothing but what arrives along two directions. Less of it costs the user power
/// of its own (<see cref="CappedPower"/>), more of it costs the others theirs. Unless it is divided, a bound lets the user have it both
/// ways. The best place is where both cost the same.
/// </remarks>
/// <param name="network">The case.</param>
/// <param name="interference">What the users send into each other's receivers.</param>
internal sealed class ArrivalSplits(Network network, InterferenceFloor interference)
{
    private const int Bisections = 7;

    // Of the power budget, what does not matter to anybody.
    private const double Faintest = 1e-9;

    // Times the budget, what more power than there is counts.
    private const double Excess = 4;

    // A range is not divided below this width.
    private const double Narrowest = 1.01;

    /// <summary>The best of all users and receivers; null if none can be divided.</summary>
    /// <param name="box">The box.</param>
    /// <param name="limits">Each user's upload beside the others.</param>
    /// <param name="users">The users' parts.</param>
    public ArrivalSplit? Best(RateBox box, UplinkLimit[] limits, UserBound[] users)
    {
        int count = limits.Length;
        var typical = new (double Efficiency, double Seconds)[count];
        for (int k = 0; k < count; k++)
        {
            typical[k] = users[k].Typical(box.ClockPrice, box.LoadPrice(k));
        }

        ArrivalSplit? best = null;
        for (int k = 0; k < count; k++)
        {
            foreach (bool atAp in limits[k].HasOneCombiner ? (bool[])[true, false] : [])
            {
                if (At(box, limits, typical, k, atAp) is { } split && split.Gain > (best?.Gain ?? 0))
                {
                    best = split;
                }
            }
        }

        return best;
    }

    private ArrivalSplit? At(RateBox box, UplinkLimit[] limits, (double Efficiency, double Seconds)[] typical, int user, bool atAp)
    {
        BeamPowers sent = box.Sent;
        double low = Math.Max(Faintest * network.Problem.MaxPowerWatts, interference.Received(atAp, user, sent));
        double high = Math.Min(sent.Budget[user], (atAp ? sent.AtAp : sent.AtUsers).Most[user]);
        ArrivalSplit? best = null;
        for (int i = 0; i < Bisections && high > Narrowest * low; i++)
        {
            double middle = Math.Sqrt(low * high);
            double own = Own(limits[user], typical[user], atAp ? (middle, sent.AtUsers.Most[user]) : (sent.AtAp.Most[user], middle));
            double others = Others(box, limits, typical, user, atAp, middle), gain = Math.Min(own, others);
            best = gain > (best?.Gain ?? 0) ? new ArrivalSplit(user, atAp, middle, gain) : best;
            (low, high) = own > others ? (middle, high) : (low, middle);
        }

        return best;
    }

    private static double Own(UplinkLimit limit, (double Efficiency, double Seconds) typical, (double Ap, double Echo) arriving)
    {
        double power = limit.Arriving(arriving).LeastPower(typical.Efficiency);
        return Cost(power, limit.LeastPower(typical.Efficiency), typical.Seconds, limit.Budget);
    }

    // Of everyone, the user included: what it makes the others send comes back to it.
    private double Others(RateBox box, UplinkLimit[] limits, (double Efficiency, double Seconds)[] typical, int user, bool atAp, double arriving)
    {
        BeamPowers sent = box.Sent.Copy();
        (atAp ? sent.AtAp : sent.AtUsers).Least[user] = arriving;
        return interference.Raise(box.Low, sent) is { } raised
            ? raised.Select((limit, k) => Cost(limit.LeastPower(typical[k].Efficiency), limits[k].LeastPower(typical[k].Efficiency), typical[k].Seconds, limit.Budget)).Sum()
            : double.PositiveInfinity;
    }

    // Power costs nothing without an upload, unless there is not enough of it. Above the budget an upload can still be slower.
    private static double Cost(double power, double before, double seconds, double budget) =>
        seconds > 0 ? Math.Max(0, Math.Min(power, Excess * budget) - before) * seconds : power > budget * (1 + 1e-9) ? double.PositiveInfinity : 0;
}
