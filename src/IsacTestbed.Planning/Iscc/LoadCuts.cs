namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Sets of users of which the access point separates only so much: the sum of x = gamma / (1 + gamma) over each is at most its D. Their
/// prices nu, and the price mu of the processor.
/// </summary>
/// <param name="interference">Bounds the sums.</param>
/// <param name="count">Number of users; the first set is that of all.</param>
/// <param name="capacity">C^ap.</param>
internal sealed class LoadCuts(InterferenceFloor interference, int count, double capacity)
{
    // Points per user at which prices are tried.
    private const int Samples = 16;

    // An excess of a set's load that is worth a price.
    private const double Worthwhile = 0.02;
    private readonly List<bool[]> _sets = [[.. Enumerable.Repeat(true, count)]];

    /// <summary>Whether each user belongs, for each set.</summary>
    public IReadOnlyList<bool[]> Sets => _sets;

    /// <summary>What the prices of a box take from its bound: mu C^ap plus the sum of nu D.</summary>
    public double Paid(RateBox box) =>
        (box.ClockPrice * capacity) + box.CutPrices.Zip(box.Dimensions, (price, dimensions) => price * dimensions).Sum();

    /// <summary>
    /// mu and nu for a box: nu by bisection on sampled points, mu by steps that keep the best. Any prices give a valid bound.
    /// </summary>
    /// <param name="box">The box, with its D; receives the prices.</param>
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

            (double value, double clocks, double[] found) = ChooseCutPrices(points, box.Dimensions, cutPrices);
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
        (double Value, double Clock, double Load)[][] points, double[] dimensions, double[] prices)
    {
        double[] total = new double[count];
        for (int c = 0; c < prices.Length; c++)
        {
            AddPrice(total, c, prices[c]);
        }

        for (int round = 0; round < (prices.Length > 1 ? 3 : 1); round++)
        {
            for (int c = 0; c < prices.Length; c++)
            {
                AddPrice(total, c, -prices[c]);
                double low = 0, high = 0;
                if (LoadAt(points, total, c, 0) > dimensions[c])
                {
                    high = prices[c] > 0 ? 1.3 * prices[c] : 1e-3 * Math.Abs(points[0][0].Value);
                    for (int i = 0; i < 40 && LoadAt(points, total, c, high) > dimensions[c]; i++)
                    {
                        (low, high) = (high, 3 * high);
                    }

                    for (int i = 0; i < 12 && high - low > 1e-3 * high; i++)
                    {
                        double middle = 0.5 * (low + high);
                        (low, high) = LoadAt(points, total, c, middle) > dimensions[c] ? (middle, high) : (low, middle);
                    }
                }

                prices[c] = high;
                AddPrice(total, c, high);
            }
        }

        double value = 0, clock = 0;
        double[] attained = new double[count];
        for (int c = 0; c < prices.Length; c++)
        {
            value -= prices[c] * dimensions[c];
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

    private void AddPrice(double[] total, int cut, double price)
    {
        for (int k = 0; k < total.Length; k++)
        {
            total[k] += _sets[cut][k] ? price : 0;
        }
    }

    private double LoadAt((double Value, double Clock, double Load)[][] points, double[] total, int cut, double price)
    {
        double load = 0;
        for (int k = 0; k < total.Length; k++)
        {
            load += _sets[cut][k] ? points[k][Least(points[k], total[k] + price)].Load : 0;
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
            double price = Price(box, k);
            load[k] = 0.5 * (points[Least(points, price * 1.02)].Load + points[Least(points, price * 0.98)].Load);
        }

        bool added = false;
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

            if (worst is not null && !_sets.Exists(c => c.SequenceEqual(worst)))
            {
                _sets.Add(worst);
                added = true;
            }
        }

        box.CutPrices = [.. box.CutPrices, .. new double[_sets.Count - box.CutPrices.Length]];
        return added;

        double Excess(bool[] members)
        {
            double sum = -interference.Dimensions(members, box.Sent, limits);
            for (int k = 0; k < count; k++)
            {
                sum += members[k] ? load[k] : 0;
            }

            return sum;
        }
    }

    /// <summary>What a user pays for its x: the prices of all sets it belongs to.</summary>
    public double Price(RateBox box, int user)
    {
        double price = 0;
        for (int c = 0; c < box.CutPrices.Length; c++)
        {
            price += _sets[c][user] ? box.CutPrices[c] : 0;
        }

        return price;
    }
}
