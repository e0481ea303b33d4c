using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The trade-off between aggregation and sensing error, traced by the epsilon-constraint method.</summary>
/// <param name="Limits">epsilon_0 of each point, as given.</param>
/// <param name="Points">One point per feasible limit, in the order of the limits.</param>
/// <remarks>
/// With equal weights full power is best for both errors, and the front is one point: it needs unequal weights and more streams than the
/// server has antennas.
/// </remarks>
public sealed record ParetoFront(IReadOnlyList<double> Limits, IReadOnlyList<ParetoPoint> Points)
{
    /// <summary>Computes the front.</summary>
    /// <param name="problem">The case; its own limit is not used.</param>
    /// <param name="limits">Values of epsilon_0, each above zero; infeasible ones are left out of the points.</param>
    /// <param name="method">One of <see cref="OtaFeelMethods"/>.</param>
    /// <param name="scene">Where the true bound is wanted: the scene; else null.</param>
    /// <param name="target">The place of the target at which the true bound is taken.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    public static ParetoFront Compute(
        OtaFeelCase problem,
        IReadOnlyList<double> limits,
        string method,
        SensingScene? scene = null,
        Location target = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(limits);
        var planner = new OtaFeelPlanner(TimeProvider.System);
        var points = new List<ParetoPoint>();
        foreach (double limit in limits)
        {
            OtaFeelAnswer answer = planner.Solve(problem with { SensingErrorLimit = limit }, method, cancellationToken);
            if (answer.Plan is { } plan)
            {
                double? bound = scene is null
                    ? null
                    : FisherInformation.Of(scene, target, plan.Precoders, problem.PulseLength, problem.SensingNoise).CramerRaoBound();
                points.Add(new ParetoPoint(limit, plan.Mse, plan.CrbLowerBound, bound, answer.LowerBound));
            }
        }

        return new ParetoFront(limits, points);
    }

    /// <summary>Limits between what full power reaches and what a share of it reaches, evenly spaced by the logarithm.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="count">Number of limits, at least 2.</param>
    /// <param name="leastShare">Smallest share of the full power of all devices, above 0 and below 1.</param>
    public static double[] EvenLimits(OtaFeelCase problem, int count, double leastShare)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (!(leastShare is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(leastShare), leastShare, "The share is above 0 and below 1.");
        }

        // A hair above the smallest limit, which rounding could put out of reach.
        double smallest = problem.CrbLowerBound(problem.Devices * problem.PowerWatts) * (1 + 1e-12);
        return [.. Enumerable.Range(0, count).Select(i => smallest * Math.Pow(leastShare, -i / (count - 1.0)))];
    }
}
