namespace IsacTestbed.Planning.IsacFl;

/// <summary>Certified global maximum of gamma W(gamma), (28), by branch and bound over gamma.</summary>
/// <remarks>
/// <para>
/// Only gammas at which every device is feasible are searched. W does not increase with gamma, so the objective is at most b W(a) on
/// [a, b]; that bound closes only linearly with the width. A tighter one: for fixed L, ln(D q) is concave in gamma, and the best L does
/// not decrease with gamma (x and gamma are substitutes in (32)). So on [a, b] each W_k lies under the exponential tangents at a and at b,
/// with the flattest (steepest) slope among L(a) .. L(b), and an exponential lies under its chord. The chords add up over the devices to
/// one line from a and one from b; gamma times the lower of the two is maximised in closed form. Away from jumps the bound closes
/// quadratically.
/// </para>
/// </remarks>
internal static class ExactSearch
{
    /// <summary>Intervals into which one interval is split.</summary>
    private const int Ways = 8;

    /// <summary>Relative gap at which the search stops: half of the promised 1e-6.</summary>
    private const double TargetGap = 5e-7;

    /// <summary>Splits after which the search gives up closing the gap and reports the one it reached.</summary>
    private const int MaxSplits = 200_000;

    /// <summary>Below this, products underflow and a bound would lose its meaning.</summary>
    private const double SmallestNormal = 1e-290;

    /// <summary>Covers rounding in sums and exponentials.</summary>
    private const double Rounding = 1 + 1e-11;

    /// <summary>Searches; the fleet must be feasible.</summary>
    /// <returns>The best gamma found, an upper bound of gamma W(gamma) over all feasible plans, and the number of splits.</returns>
    public static (double SensingSnr, double UpperBound, int Iterations) Run(Fleet fleet, CancellationToken cancellationToken)
    {
        double top = Feasible(fleet);
        double ceiling = Arriving(fleet, 0, cancellationToken);
        double best = top, bestValue = top * Arriving(fleet, top, cancellationToken);

        // (top, LargestSensingSnr] is narrower than rounding; W there is at most W(top).
        double settled = bestValue / top * Math.Max(top, fleet.LargestSensingSnr) * Rounding;
        if (!(ceiling > 0))
        {
            return (top, 0, 0);
        }

        // Below bestValue / W(0) no gamma can win. Where W(top) is close to nothing, descend until that leaves a moderate range.
        double floor = bestValue / ceiling;
        for (double probe = top / 2; probe > floor && probe > SmallestNormal; probe /= 2)
        {
            double value = probe * Arriving(fleet, probe, cancellationToken);
            if (value > bestValue)
            {
                (best, bestValue) = (probe, value);
            }

            floor = bestValue / ceiling;
        }

        floor = Math.Max(floor, SmallestNormal);
        settled = Math.Max(settled, floor * ceiling);
        var open = new PriorityQueue<(double A, double B), double>();
        open.Enqueue((floor, top), -top * ceiling);
        int splits = 0;
        double bound = settled;
        while (open.TryDequeue(out (double A, double B) interval, out double negatedBound))
        {
            if (-negatedBound <= bestValue / (1 - TargetGap) || splits == MaxSplits)
            {
                bound = Math.Max(bound, -negatedBound);
                break;
            }

            splits++;
            double[] points = Points(interval.A, interval.B);
            if (points.Length < 2)
            {
                bound = Math.Max(bound, -negatedBound);
                continue;
            }

            (double[] values, double[] bounds) = Evaluate(fleet, points, cancellationToken);
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] > bestValue)
                {
                    (best, bestValue) = (points[i], values[i]);
                }
            }

            for (int i = 0; i < bounds.Length; i++)
            {
                double childBound = Math.Min(bounds[i], -negatedBound);
                if (childBound > bestValue)
                {
                    open.Enqueue((points[i], points[i + 1]), -childBound);
                }
            }
        }

        return (best, Math.Max(bound, bestValue), splits);
    }

    /// <summary>gamma W(gamma) at ascending points, and an upper bound of it on each interval between neighbours.</summary>
    internal static (double[] Values, double[] Bounds) Evaluate(Fleet fleet, double[] points, CancellationToken cancellationToken)
    {
        double[] sums = fleet.Sum((4 * points.Length) - 3, (device, target) => Accumulate(device, points, target), cancellationToken);
        int children = points.Length - 1;
        var bounds = new double[children];
        for (int i = 0; i < children; i++)
        {
            int line = points.Length + i;
            bounds[i] = Rounding * Bound(
                points[i], points[i + 1], sums[i], sums[line], sums[line + children], sums[line + (2 * children)]);
        }

        return ([.. points.Select((point, i) => point * sums[i])], bounds);
    }

    /// <summary>
    /// Upper bound of gamma W(gamma) on [a, b], where W lies under the line from (a, <paramref name="atA"/>) to
    /// (b, <paramref name="fromA"/>) and under the line from (a, <paramref name="fromB"/>) to (b, <paramref name="atB"/>).
    /// </summary>
    internal static double Bound(double a, double b, double atA, double fromA, double fromB, double atB)
    {
        double width = b - a;
        double slopeA = (fromA - atA) / width, slopeB = (atB - fromB) / width;

        // The lines cross where the line from a, lower at a, meets the line from b, lower at b.
        double crossing = fromB > atA && slopeA > slopeB ? a + ((fromB - atA) / (slopeA - slopeB)) : fromB > atA ? b : a;
        crossing = Math.Clamp(crossing, a, b);
        double left = Parabola(a, crossing, atA - (slopeA * a), slopeA);
        double right = Parabola(crossing, b, fromB - (slopeB * a), slopeB);
        return Math.Min(b * atA, Math.Max(left, right));
    }

    /// <summary>Maximum of gamma (c + m gamma) over [low, high].</summary>
    private static double Parabola(double low, double high, double constant, double slope)
    {
        double value = Math.Max(low * (constant + (slope * low)), high * (constant + (slope * high)));
        double vertex = -constant / (2 * slope);
        return slope < 0 && vertex > low && vertex < high ? Math.Max(value, vertex * constant / 2) : value;
    }

    /// <summary>
    /// Adds W_k at each point; then, per interval, the left line's value at the right end; then the right line's values at the left ends;
    /// then those at the right ends.
    /// </summary>
    private static void Accumulate(DeviceModel device, double[] points, double[] sums)
    {
        int children = points.Length - 1;
        _ = device.TrySolve(points[0], out Allocation left);
        sums[0] += left.Arriving;
        for (int i = 0; i < children; i++)
        {
            double a = points[i], b = points[i + 1];
            _ = device.TrySolve(b, out Allocation right);
            sums[i + 1] += right.Arriving;
            int fewest = Math.Min(left.Snapshots, right.Snapshots), most = Math.Max(left.Snapshots, right.Snapshots);
            double slope = device.LogSlope(a, most, fromBelow: false);
            double leftAtB = slope < 0 ? left.Arriving * Math.Exp(slope * (b - a)) : left.Arriving;
            (double rightAtA, double rightAtB) = (left.Arriving, leftAtB);

            // A tangent at b bounds every L of the interval only if all of them are feasible there: one that dropped out was above W_k(b).
            // Where it is missing, or so steep that it says nothing, the device's left chord takes its place in the right line.
            if (right.Arriving > SmallestNormal && (fewest == most || device.TryAllocate(b, fewest, out _)))
            {
                double tangent = right.Arriving * Math.Exp(-device.LogSlope(b, fewest, fromBelow: true) * (b - a));
                if (tangent < 4 * left.Arriving)
                {
                    (rightAtA, rightAtB) = (tangent, right.Arriving);
                }
            }

            int line = points.Length + i;
            sums[line] += leftAtB;
            sums[line + children] += rightAtA;
            sums[line + (2 * children)] += rightAtB;
            left = right;
        }
    }

    private static double[] Points(double a, double b)
    {
        if (b - a <= b * 1e-15 * Ways)
        {
            return [];
        }

        var points = new double[Ways + 1];
        double ratio = b / a;
        for (int i = 1; i < Ways; i++)
        {
            points[i] = ratio < 1.5 ? a + ((b - a) * i / Ways) : a * Math.Pow(ratio, (double)i / Ways);
        }

        points[0] = a;
        points[Ways] = b;
        return points;
    }

    /// <summary>The largest gamma that is feasible in floating point: at most a few roundings below the one computed.</summary>
    internal static double Feasible(Fleet fleet)
    {
        double top = fleet.LargestSensingSnr;
        for (double step = 1e-16; !fleet.Devices.All(device => device.TryAllocate(top, device.MaxSnapshots, out _)); step *= 2)
        {
            top *= 1 - step;
        }

        return top;
    }

    private static double Arriving(Fleet fleet, double sensingSnr, CancellationToken cancellationToken) =>
        fleet.Sum(
            1,
            (device, sums) =>
            {
                _ = device.TrySolve(sensingSnr, out Allocation allocation);
                sums[0] += allocation.Arriving;
            },
            cancellationToken)[0];
}
