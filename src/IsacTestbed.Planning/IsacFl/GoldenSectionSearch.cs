namespace IsacTestbed.Planning.IsacFl;

/// <summary>Algorithm 1 of isac-fl with Algorithm 2 inside.</summary>
/// <remarks>
/// Two things differ from the print: the tolerance is relative to the interval's upper end, since gamma ranges over decades, and a triple
/// under the minimum uplink power counts as infeasible, as (10) demands. A device without a feasible triple contributes W_k = 0, as
/// printed. The objective is not unimodal, so the result may be far from the optimum.
/// </remarks>
internal static class GoldenSectionSearch
{
    /// <summary>Width of the last interval over its upper end.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>Ends the search where the objective vanishes everywhere and the interval only shrinks towards zero.</summary>
    private const int MaxIterations = 200;

    /// <summary>Searches between the bounds (29), and where that ends without a plan, below the largest gamma that is feasible.</summary>
    /// <returns>Triples at the final gamma, the iterations of all passes, and whether the second pass was needed.</returns>
    public static (Allocation[] Allocations, int Iterations, bool Repaired) Run(
        Fleet fleet, IsacFlCase problem, CancellationToken cancellationToken)
    {
        double low = problem.SensingPowerWatts.Minimum * fleet.Devices.Min(device => device.SnrPerWattSnapshot);
        double high = fleet.Devices.Min(d => d.SensingSnr(problem.MaxSnapshots, problem.SensingPowerWatts.Maximum));
        (double gamma, int iterations) = Narrow(fleet, low, high, cancellationToken);
        if (Enumerate(fleet, gamma) is { } printed)
        {
            return (printed, iterations, false);
        }

        // (29) ignores the energy budget, so the search can end where a device has no triple. Repair its upper end and search again.
        double feasible = ExactSearch.Feasible(fleet);
        (gamma, int again) = Narrow(fleet, Math.Min(low, feasible), feasible, cancellationToken);
        Allocation[] repaired = Enumerate(fleet, Math.Min(gamma, feasible))
            ?? throw new InvalidOperationException("Every device is feasible at and below the largest feasible gamma.");
        return (repaired, iterations + again, true);
    }

    private static (double Gamma, int Iterations) Narrow(Fleet fleet, double a, double b, CancellationToken cancellationToken)
    {
        double ratio = (1 + Math.Sqrt(5)) / 2;
        int iterations = 0;
        for (; b - a > Tolerance * b && iterations < MaxIterations; iterations++)
        {
            double left = b - ((b - a) / ratio), right = a + ((b - a) / ratio);
            double[] arriving = fleet.Sum(
                2,
                (device, sums) =>
                {
                    _ = device.TryEnumerate(left, out Allocation atLeft);
                    _ = device.TryEnumerate(right, out Allocation atRight);
                    sums[0] += atLeft.Arriving;
                    sums[1] += atRight.Arriving;
                },
                cancellationToken);
            if (left * arriving[0] < right * arriving[1])
            {
                a = left;
            }
            else
            {
                b = right;
            }
        }

        return (a + ((b - a) / 2), iterations);
    }

    private static Allocation[]? Enumerate(Fleet fleet, double gamma)
    {
        var allocations = new Allocation[fleet.Devices.Count];
        for (int k = 0; k < allocations.Length; k++)
        {
            if (!fleet.Devices[k].TryEnumerate(gamma, out allocations[k]))
            {
                return null;
            }
        }

        return allocations;
    }
}
