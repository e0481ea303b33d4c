using IsacTestbed.Core;

namespace IsacTestbed.Planning.IsacFl;

/// <summary>Planner of isac-fl: sensing power, snapshots and uplink power per device that minimise the convergence bound (25).</summary>
/// <remarks>Immutable and thread safe. One case gives one answer, bit for bit, whatever the number of threads.</remarks>
public sealed class IsacFlPlanner : IPlanner
{
    internal const string FamilyName = "isac-fl";
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the planner.</summary>
    /// <param name="timeProvider">Clock by which solving time is measured.</param>
    public IsacFlPlanner(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
    }

    /// <inheritdoc/>
    public string Family => FamilyName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Methods => IsacFlMethods.All;

    /// <inheritdoc/>
    public IReadOnlyList<string> CaseKeys => IsacFlCase.Keys;

    /// <inheritdoc/>
    public PlannerAnswer Solve(ConfigurationObject caseObject, string method, CancellationToken cancellationToken)
    {
        IsacFlAnswer answer = Solve(IsacFlCase.Read(caseObject), method, cancellationToken);
        return new PlannerAnswer(Family, method, answer.Feasible, answer.Reasons, answer.ToJson());
    }

    /// <summary>Solves a case.</summary>
    /// <param name="problem">The case, as valid as <see cref="IsacFlCase.Read"/> would accept it.</param>
    /// <param name="method">One of <see cref="IsacFlMethods"/>.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    /// <exception cref="ArgumentException">The method is unknown, or the case has no device.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IsacFlAnswer Solve(IsacFlCase problem, string method, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (!IsacFlMethods.All.Contains(method))
        {
            throw new ArgumentException($"found method {method}; it must be one of {string.Join(", ", IsacFlMethods.All)}", nameof(method));
        }

        if (problem.Devices.Count == 0)
        {
            throw new ArgumentException("A case has at least one device.", nameof(problem));
        }

        long start = _timeProvider.GetTimestamp();
        var fleet = new Fleet(problem);
        IsacFlAnswer answer = fleet.LargestSensingSnr < 0
            ? new IsacFlAnswer(method, [], fleet.Infeasibilities(), 0, TimeSpan.Zero)
            : SolveFeasible(fleet, problem, method, cancellationToken);
        return answer with { SolveTime = _timeProvider.GetElapsedTime(start) };
    }

    private static IsacFlAnswer SolveFeasible(Fleet fleet, IsacFlCase problem, string method, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case IsacFlMethods.Exact:
                (double gamma, double upperBound, int splits) = ExactSearch.Run(fleet, cancellationToken);
                Allocation[] optimum = fleet.Solve(gamma) ?? throw new InvalidOperationException("The optimum is feasible by construction.");
                IsacFlAnswer exact = Answer(fleet, method, optimum, splits);
                return exact with { UpperBound = Math.Max(upperBound, exact.Objective) };

            case IsacFlMethods.GoldenSection:
                (Allocation[] printed, int iterations, bool repaired) = GoldenSectionSearch.Run(fleet, problem, cancellationToken);
                return Answer(fleet, method, printed, iterations) with { BoundsRepaired = repaired };

            default:
                (Allocation[] allocations, IReadOnlyList<string> reasons) = Baseline.Allocate(fleet, problem, method, cancellationToken);
                return reasons.Count == 0
                    ? Answer(fleet, method, allocations, 1)
                    : new IsacFlAnswer(method, [], reasons, 1, TimeSpan.Zero);
        }
    }

    private static IsacFlAnswer Answer(Fleet fleet, string method, Allocation[] allocations, int iterations)
    {
        DevicePlan[] devices =
        [
            .. fleet.Devices.Zip(
                allocations,
                (device, a) => new DevicePlan(
                    device.Id,
                    a.Snapshots,
                    a.SensingPower,
                    a.UplinkPower,
                    a.Samples,
                    device.SensingSnr(a.Snapshots, a.SensingPower),
                    a.Success)),
        ];
        return new IsacFlAnswer(method, devices, [], iterations, TimeSpan.Zero);
    }
}
