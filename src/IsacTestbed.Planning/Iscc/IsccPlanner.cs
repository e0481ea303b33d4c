using IsacTestbed.Core;

namespace IsacTestbed.Planning.Iscc;

/// <summary>Planner of iscc: beams, combiners, offloaded shares and clocks that minimise the energy cost (17a).</summary>
/// <remarks>Immutable and thread safe. One case gives one answer, bit for bit.</remarks>
public sealed class IsccPlanner : IPlanner
{
    internal const string FamilyName = "iscc";
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the planner.</summary>
    /// <param name="timeProvider">Clock by which solving time is measured.</param>
    public IsccPlanner(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
    }

    /// <inheritdoc/>
    public string Family => FamilyName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Methods => IsccMethods.All;

    /// <inheritdoc/>
    public IReadOnlyList<string> CaseKeys => IsccCase.Keys;

    /// <inheritdoc/>
    public PlannerAnswer Solve(ConfigurationObject caseObject, string method, CancellationToken cancellationToken)
    {
        IsccAnswer answer = Solve(IsccCase.Read(caseObject), method, cancellationToken);
        return new PlannerAnswer(Family, method, answer.Feasible, answer.Reasons, answer.ToJson());
    }

    /// <summary>Solves a case.</summary>
    /// <param name="problem">The case, as valid as <see cref="IsccCase.Read"/> would accept it.</param>
    /// <param name="method">One of <see cref="IsccMethods"/>.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    /// <exception cref="ArgumentException">The method is unknown.</exception>
    /// <exception cref="ArithmeticException">The plan found fails its check, or its numbers leave double precision.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IsccAnswer Solve(IsccCase problem, string method, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (!IsccMethods.All.Contains(method))
        {
            throw new ArgumentException($"found method {method}; it must be one of {string.Join(", ", IsccMethods.All)}", nameof(method));
        }

        long start = _timeProvider.GetTimestamp();
        IsccAnswer answer = Solve(NetworkFor(problem, method), method, cancellationToken);
        return answer with { SolveTime = _timeProvider.GetElapsedTime(start) };
    }

    /// <summary>Which users meet all their constraints under a method: all of them if it has a plan, or as many as a search finds; for (58).</summary>
    /// <param name="problem">The case, as valid as <see cref="IsccCase.Read"/> would accept it.</param>
    /// <param name="method">One of <see cref="IsccMethods"/>.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static IReadOnlyList<bool> Served(IsccCase problem, string method, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return ServedUsers.Of(NetworkFor(problem, method), cancellationToken);
    }

    private static Network NetworkFor(IsccCase problem, string method) => method switch
    {
        IsccMethods.FullLocal => Network.Shared(problem, 0, 0),
        IsccMethods.FullOffload => Network.Shared(problem, 1, 1),
        IsccMethods.HalfOffload => Network.Shared(problem, 0.5, 0.5),
        IsccMethods.TotalEnergy => Network.Shared(problem).WithEqualCosts(),
        IsccMethods.Ofdma => Network.Divided(problem),
        _ => Network.Shared(problem),
    };

    private static IsccAnswer Solve(Network network, string method, CancellationToken cancellationToken)
    {
        var floor = SensingFloor.Of(network);
        if (floor.Reasons.Count > 0)
        {
            return Impossible(method, floor.Reasons, 0, proven: true);
        }

        var bound = new CostBound(network, floor);
        if (bound.Reasons.Count > 0)
        {
            return Impossible(method, bound.Reasons, 0, proven: true);
        }

        return method == IsccMethods.Refined
            ? Refine(network, floor, bound, cancellationToken)
            : Follow(network, floor, method, cancellationToken);
    }

    private static IsccAnswer Refine(Network network, SensingFloor floor, CostBound bound, CancellationToken cancellationToken)
    {
        double? lowerBound = null;
        double Bound(OperatingPoint point) => lowerBound ??= bound.Compute(point.Score.Allocation!.ClockPrice, 1e-4, cancellationToken);
        var refinement = new BeamRefinement(network, floor);
        (OperatingPoint Point, int Rounds)? found = refinement.Run(Bound, cancellationToken);
        if (found is null && Crowded(network, IsccMethods.Refined) is { } crowded)
        {
            return crowded;
        }

        var proof = new GapSearch(network, floor, refinement);
        OperatingPoint? point = found?.Point;
        if (point is not { Score.Stage: ScoreStage.Cost })
        {
            point = proof.FindFeasible(point, out IReadOnlyList<string> reasons, cancellationToken);
            if (reasons.Count > 0)
            {
                return Impossible(IsccMethods.Refined, reasons, found?.Rounds ?? 0, proven: true);
            }
        }

        if (point is not { Score.Stage: ScoreStage.Cost })
        {
            return Impossible(IsccMethods.Refined, Unfinished(point), found?.Rounds ?? 0, proven: false);
        }

        (point, double least) = proof.Close(point, Bound(point), cancellationToken);
        return Checked(IsccMethods.Refined, point, point.Score.Allocation!.Shares, found?.Rounds ?? 0) with { LowerBound = least };
    }

    private static IsccAnswer Follow(Network network, SensingFloor floor, string method, CancellationToken cancellationToken)
    {
        OperatingPoint? start = new BeamRefinement(network, floor).FindFeasible(cancellationToken);
        if (start is null && Crowded(network, method) is { } crowded)
        {
            return crowded;
        }

        if (start is not { Score.Stage: ScoreStage.Cost })
        {
            return Impossible(method, Unfinished(start), 0, proven: false);
        }

        (OperatingPoint point, double[] shares, int iterations) = new Paper.ScaAdmm(network).Run(start, cancellationToken);
        return Checked(method, point, shares, iterations);
    }

    private static IsccAnswer Checked(string method, OperatingPoint point, double[] shares, int iterations)
    {
        IsccPlan plan = PlanAssembly.From(point, shares);
        var check = PlanCheck.Of(point.Beams.Network.Problem, plan);
        return check.Violations.Count == 0
            ? new IsccAnswer(method, plan, check, [], iterations, TimeSpan.Zero)
            : throw new ArithmeticException($"The plan of {method} fails its check: {string.Join("; ", check.Violations)}");
    }

    // Where no sensing beams were found: the answer if there are provably none.
    private static IsccAnswer? Crowded(Network network, string method) =>
        !network.Orthogonal && SensingCapacity.Reasons(network) is { Count: > 0 } reasons ? Impossible(method, reasons, 0, proven: true) : null;

    private static IsccAnswer Impossible(string method, IReadOnlyList<string> reasons, int rounds, bool proven) =>
        new(method, null, null, reasons, rounds, TimeSpan.Zero) { InfeasibilityProven = proven };

    private static IReadOnlyList<string> Unfinished(OperatingPoint? point)
    {
        if (point is null)
        {
            return ["all users: no sensing beams were found that meet the sensing SINR (17b) of all users within maxPowerWatts"];
        }

        Network network = point.Beams.Network;
        if (point.Score.Stage == ScoreStage.Clock)
        {
            double needed = point.Score.Value, has = network.Problem.ApCyclesPerSecond;
            return [FormattableString.Invariant($"all users: the best uploads found leave the access point (17e) {needed:G4} cycles/s to compute the least shares, {needed - has:G4} above apCyclesPerSecond {has:G4}")];
        }

        return
        [
            .. Enumerable.Range(0, network.Count).Select(k => (k, Seconds: network.Tasks[k].Lowest * network.Tasks[k].Bits / Score.Rate(network, k, point.Ap.Sinr(k)), network.Tasks[k].Latency))
                .Where(x => x.Seconds >= x.Latency * (1 - 1e-9))
                .Select(x => FormattableString.Invariant($"user {x.k}: the offloading latency (18c) is exceeded by the best upload found: {network.Tasks[x.k].Lowest:P1} of the task takes {x.Seconds:G4} s, {x.Seconds - x.Latency:G4} s above latencySeconds {x.Latency:G4}")),
        ];
    }
}
