namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Sets of users of which the access point separates only so much (<see cref="UplinkLoads"/>), each one a cut: a linear constraint on the
/// users' x = gamma / (1 + gamma). Their prices nu, and the price mu of the processor.
/// </summary>
/// <param name="uplink">Bounds the sums.</param>
/// <param name="count">Number of users; the first set is that of all.</param>
/// <param name="capacity">C^ap.</param>
internal sealed class LoadCuts(UplinkLoads uplink, int count, double capacity)
{
    // Points per user at which prices are tried.
    private const int Samples = 16;

    // An excess of a set's load that is worth a price.
    private const double Worthwhile = 0.005;

    // Improvements of what noise costs while sets are looked for, and of those that are kept.
    private const int Turns = 3;
    private const int FinalTurns = 24;
    private readonly List<(bool[] Members, double[] Noise)> _cuts = [([.. Enumerable.Repeat(true, count)], new double[count])];

    /// <summary>The cuts in a box.</summary>
    /// <param name="box">The box.</param>
    /// <param name="limits">Each user's upload beside the others.</param>
    public LoadLimit[] In(RateBox box, UplinkLimit[] limits) => [.. _cuts.Select(c => uplink.Limit(c.Members, c.Noise, box.Sent, limits))];

    /// <summary>What the prices of a box take from its bound: mu C^ap plus the sum of nu D.</summary>
    public double Paid(RateBox box) =>
        (box.ClockPrice * capacity) + box.CutPrices.Zip(box.Loads, (price, limit) => price * limit.Dimensions).Sum();

    /// <summary>
    /// mu and nu for a box: nu by bisection on sampled points, mu by steps that keep the best. Any prices give a valid bound.
    /// </summary>
    /// <param name="box">The box, with its cuts; receives the prices.</param>
    /// <param name="users">The users' parts.</param>
    /// <returns>The value of each user's best sampled point at these prices.</returns>
    public double[] ChoosePrices(RateBox box, UserBound[] users)
    {
        double best = double.NegativeInfinity, clockPrice = box.ClockPrice, low = 0, high = double.PositiveInfinity;
        double[] attained = new double[users.Length];
        double[] cutPrices = [.. box.CutPrices];
        for (int step = 0; step < 4; step++)
        {
            var points = new (double Value, double Clock, double Load)[users.Length][];
            for (int k = 0; k < users.Length; k++)
            {
                points[k] = users[k].Sample(Samples, clockPrice);
            }

            (double value, double clocks, double[] found) = ChooseCutPrices(points, box.Loads, cutPrices);
            value -= clockPrice * capacity;
            if (value > best)
            {
                (best, attained) = (value, found);
                box.ClockPrice = clockPrice;
                cutPrices.CopyTo(box.CutPrices, 0);
            }

            double excess = clocks - capacity;
            if (Math.Abs(excess) < 1e-3 * capacity || (excess < 0 && clockPrice <= 0))
            {
                break;
            }

            (low, high) = excess > 0 ? (clockPrice, high) : (low, clockPrice);
            double scale = Math.Max(clockPrice, 1e-3 * Math.Abs(value) / capacity);
            clockPrice = double.IsFinite(high) ? (step == 0 ? 0.8 : 0.5) * (low + high) : 1.5 * scale;
        }

        return attained;
    }

    // Rounds of bisection in one price at a time.
    private (double Value, double Clock, double[] Attained) ChooseCutPrices(
        (double Value, double Clock, double Load)[][] points, LoadLimit[] cuts, double[] prices)
    {
        double[] total = new double[count];
        for (int c = 0; c < prices.Length; c++)
        {
            AddPrice(total, cuts[c], prices[c]);
        }

        for (int round = 0; round < (prices.Length > 1 ? 3 : 1); round++)
        {
            for (int c = 0; c < prices.Length; c++)
            {
                AddPrice(total, cuts[c], -prices[c]);
                double low = 0, high = 0;
                if (LoadAt(points, total, cuts[c], 0) > cuts[c].Dimensions)
                {
                    high = prices[c] > 0 ? 1.3 * prices[c] : 1e-3 * Math.Abs(points[0][0].Value);
                    for (int i = 0; i < 40 && LoadAt(points, total, cuts[c], high) > cuts[c].Dimensions; i++)
                    {
                        (low, high) = (high, 3 * high);
                    }

                    for (int i = 0; i < 12 && high - low > 1e-3 * high; i++)
                    {
                        double middle = 0.5 * (low + high);
                        (low, high) = LoadAt(points, total, cuts[c], middle) > cuts[c].Dimensions ? (middle, high) : (low, middle);
                    }
                }

                prices[c] = high;
                AddPrice(total, cuts[c], high);
            }
        }

        double value = 0, clock = 0;
        double[] attained = new double[count];
        for (int c = 0; c < prices.Length; c++)
        {
            value -= prices[c] * cuts[c].Dimensions;
        }

        for (int k = 0; k < count; k++)
        {
            int best = Least(points[k], total[k]);
            attained[k] = points[k][best].Value + (total[k] * points[k][best].Load);
            value += attained[k];
            clock += points[k][best].Clock;
        }

        return (value, clock, attained);
    }

    private static void AddPrice(double[] total, LoadLimit cut, double price)
    {
        for (int k = 0; k < total.Length; k++)
        {
            total[k] += cut.Weights[k] * price;
        }
    }

    private static double LoadAt((double Value, double Clock, double Load)[][] points, double[] total, LoadLimit cut, double price)
    {
        double load = 0;
        for (int k = 0; k < total.Length; k++)
        {
            double weight = cut.Weights[k];
            load += weight > 0 ? weight * points[k][Least(points[k], total[k] + (weight * price))].Load : 0;
        }

        return load;
    }

    private static int Least((double Value, double Clock, double Load)[] points, double price)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        for (int i = 0; i < points.Length; i++)
        {
            double candidate = points[i].Value + (price * points[i].Load);
            (best, least) = candidate < least ? (i, candidate) : (best, least);
        }

        return best;
    }

    /// <summary>
    /// Adds sets of users whose loads at the prices of a box exceed what the access point separates; false if none was found.
    /// </summary>
    /// <param name="box">The box; receives prices of 0 for the new sets.</param>
    /// <param name="users">The users' parts.</param>
    /// <param name="limits">Each user's upload beside the others.</param>
    public bool Add(RateBox box, UserBound[] users, UplinkLimit[] limits)
    {
        double[] load = new double[count];
        for (int k = 0; k < count; k++)
        {
            (double Value, double Clock, double Load)[] points = users[k].Sample(Samples, box.ClockPrice);
            double price = box.LoadPrice(k);
            load[k] = 0.5 * (points[Least(points, price * 1.02)].Load + points[Least(points, price * 0.98)].Load);
        }

        List<bool[]> found = [];
        for (int seed = 0; seed < count; seed++)
        {
            bool[] members = new bool[count];
            members[seed] = true;
            bool[]? worst = null;
            double most = Worthwhile;
            for (int size = 2; size <= count; size++)
            {
                (int next, double excess) = (-1, double.NegativeInfinity);
                for (int k = 0; k < count; k++)
                {
                    if (!members[k])
                    {
                        members[k] = true;
                        double candidate = Excess(members);
                        (next, excess) = candidate > excess ? (k, candidate) : (next, excess);
                        members[k] = false;
                    }
                }

                members[next] = true;
                if (excess > most)
                {
                    (worst, most) = ([.. members], excess);
                }
            }

            if (worst is not null && !found.Exists(c => c.SequenceEqual(worst)))
            {
                found.Add(worst);
                _cuts.Add((worst, uplink.Tightest(worst, load, box.Sent, limits, FinalTurns).Noise));
            }
        }

        box.CutPrices = [.. box.CutPrices, .. new double[_cuts.Count - box.CutPrices.Length]];
        return found.Count > 0;

        double Excess(bool[] members)
        {
            LoadLimit limit = uplink.Tightest(members, load, box.Sent, limits, Turns).Limit;
            return limit.Weights.Zip(load, (weight, x) => weight * x).Sum() - limit.Dimensions;
        }
    }
}
