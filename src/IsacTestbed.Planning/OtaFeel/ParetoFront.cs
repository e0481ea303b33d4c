using System.Runtime.ExceptionServices;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The trade-off between aggregation and sensing error, traced by the epsilon-constraint method.</summary>
/// <param name="Method">The method used.</param>
/// <param name="Points">One point per feasible limit, in the order of the limits.</param>
/// <remarks>
/// With equal weights full power is best for both errors, and the front is one point: it needs unequal weights and more streams than the
/// server has antennas.
/// </remarks>
public sealed record ParetoFront(string Method, IReadOnlyList<ParetoPoint> Points)
{
    private const int MostSweeps = 10;
    private const double WorthKeeping = 1e-5;

    // Of the power of all devices: what a limit asks for that is none.
    private const double NoPower = 1e-9;

    /// <summary>Computes the front.</summary>
    /// <param name="problem">The case; its own limit is not used.</param>
    /// <param name="limits">Values of epsilon_0, each above zero, in ascending or descending order; infeasible ones are left out.</param>
    /// <param name="method">
    /// One of <see cref="OtaFeelMethods"/>. With <see cref="OtaFeelMethods.Refined"/> plans of neighbouring limits are starts for each other, too.
    /// </param>
    /// <param name="solved">Hears of each point when its limit was solved by itself, one at a time but in any order; null for nobody.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    /// <exception cref="ArgumentException">The method is unknown.</exception>
    /// <exception cref="ConfigurationException">The numbers of the case leave the range of a double.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ParetoFront Compute(
        OtaFeelCase problem, IReadOnlyList<double> limits, string method, Action<ParetoPoint>? solved = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(limits);
        var planner = new OtaFeelPlanner(TimeProvider.System);
        var found = new ParetoPoint?[limits.Count];
        var hearing = new Lock();
        try
        {
            _ = Parallel.For(0, found.Length, new ParallelOptions { CancellationToken = cancellationToken }, Solve);
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        List<ParetoPoint> points = [.. found.OfType<ParetoPoint>()];
        if (method == OtaFeelMethods.Refined)
        {
            Exchange(problem, points, cancellationToken);
        }

        return new ParetoFront(method, points);

        void Solve(int i)
        {
            OtaFeelAnswer answer = planner.Solve(problem with { SensingErrorLimit = limits[i] }, method, cancellationToken);
            if (answer.Plan is { } plan)
            {
                found[i] = new ParetoPoint(limits[i], plan, answer.LowerBound);
                lock (hearing)
                {
                    solved?.Invoke(found[i]!);
                }
            }
        }
    }

    /// <summary>
    /// Limits evenly spaced by the logarithm from the smallest that full power reaches to the one above which (30b) does not matter: the CRB_L of the
    /// method's plan without a limit. One limit where that plan takes all power.
    /// </summary>
    /// <param name="problem">The case; its own limit is not used.</param>
    /// <param name="count">Number of limits, at least 2.</param>
    /// <param name="method">One of <see cref="OtaFeelMethods"/>.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    public static IReadOnlyList<double> BindingLimits(OtaFeelCase problem, int count, string method, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        double available = problem.Devices * problem.PowerWatts;

        // A hair above the smallest limit, which rounding could put out of reach.
        double smallest = problem.CrbLowerBound(available) * (1 + 1e-12);
        OtaFeelCase free = problem with { SensingErrorLimit = problem.CrbLowerBound(NoPower * available) };
        double ratio = new OtaFeelPlanner(TimeProvider.System).Solve(free, method, cancellationToken).Plan!.CrbLowerBound / smallest;
        return ratio > 1 + WorthKeeping ? [.. Enumerable.Range(0, count).Select(i => smallest * Math.Pow(ratio, i / (count - 1.0)))] : [smallest];
    }

    /// <summary>The front as one JSON object; a point has the precoders of its plan, whose receivers follow by (32).</summary>
    public string ToJson() => JsonText.Object(writer =>
    {
        writer.WriteString("planner", OtaFeelPlanner.FamilyName);
        writer.WriteString("method", Method);
        writer.WriteStartArray("points");
        foreach (ParetoPoint point in Points)
        {
            writer.WriteStartObject();
            writer.WriteFigure("sensingErrorLimit", point.Limit);
            writer.WriteFigure("mse", point.Plan.Mse);
            writer.WriteFigure("crbLowerBound", point.Plan.CrbLowerBound);
            writer.WriteFigure("powerWatts", point.Plan.PowerWatts);
            if (point.LowerBound is { } bound && point.RelativeGap is { } gap)
            {
                writer.WriteFigure("lowerBound", bound);
                writer.WriteFigure("relativeGap", gap);
            }

            writer.WriteCompact("precoders", compact => compact.WriteMatrices(point.Plan.Precoders));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    // A plan nearly suits the limits beside its own: as their start it shows choices of devices that theirs have missed.
    private static void Exchange(OtaFeelCase problem, List<ParetoPoint> points, CancellationToken cancellationToken)
    {
        bool improved = points.Count > 1;
        for (int sweep = 0; improved && sweep < MostSweeps; sweep++)
        {
            improved = false;
            for (int step = 0; step < points.Count; step++)
            {
                int at = sweep % 2 == 0 ? step : points.Count - 1 - step;
                for (int beside = Math.Max(0, at - 1); beside <= Math.Min(points.Count - 1, at + 1); beside++)
                {
                    if (beside != at && Descended(problem, points[at], points[beside].Plan, cancellationToken) is { } better)
                    {
                        (points[at], improved) = (better, true);
                    }
                }
            }
        }
    }

    private static ParetoPoint? Descended(OtaFeelCase problem, ParetoPoint point, OtaFeelPlan from, CancellationToken cancellationToken)
    {
        OtaFeelCase limited = problem with { SensingErrorLimit = point.Limit };
        var descent = new RefinedDescent(limited, PulseSharing.Orthogonal);
        foreach (bool alternateFirst in (bool[])[true, false])
        {
            ComplexMatrix[] start = [.. from.Precoders.Select(precoder => precoder.Times(1))];
            _ = descent.Run(start, alternateFirst, cancellationToken);
        }

        if (!(descent.Error < point.Plan.Mse * (1 - WorthKeeping)))
        {
            return null;
        }

        var plan = OtaFeelPlan.Create(limited, from.Pulses, descent.Precoders!);
        return point with { Plan = plan, LowerBound = point.LowerBound is { } bound ? plan.AtMostMse(bound) : null };
    }
}
