using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Planner of ota-feel: precoders and receivers with the least aggregation error under a limit of the sensing error bound.</summary>
/// <remarks>Immutable and thread safe. One case gives one answer, bit for bit.</remarks>
public sealed class OtaFeelPlanner : IPlanner
{
    internal const string FamilyName = "ota-feel";
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the planner.</summary>
    /// <param name="timeProvider">Clock by which solving time is measured.</param>
    public OtaFeelPlanner(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
    }

    /// <inheritdoc/>
    public string Family => FamilyName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Methods => OtaFeelMethods.All;

    /// <inheritdoc/>
    public IReadOnlyList<string> CaseKeys => OtaFeelCase.Keys;

    /// <inheritdoc/>
    public PlannerAnswer Solve(ConfigurationObject caseObject, string method, CancellationToken cancellationToken)
    {
        OtaFeelAnswer answer = Solve(OtaFeelCase.Read(caseObject), method, cancellationToken);
        return new PlannerAnswer(Family, method, answer.Feasible, answer.Reasons, answer.ToJson());
    }

    /// <summary>Solves a case.</summary>
    /// <param name="problem">The case, as valid as <see cref="OtaFeelCase.Read"/> would accept it.</param>
    /// <param name="method">One of <see cref="OtaFeelMethods"/>.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    /// <exception cref="ArgumentException">The method is unknown, or there are no orthogonal pulses of the wanted family and length.</exception>
    /// <exception cref="ConfigurationException">The numbers of the case leave the range of a double, and so does the error.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public OtaFeelAnswer Solve(OtaFeelCase problem, string method, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (!OtaFeelMethods.All.Contains(method))
        {
            throw new ArgumentException($"found method {method}; it must be one of {string.Join(", ", OtaFeelMethods.All)}", nameof(method));
        }

        long start = _timeProvider.GetTimestamp();
        var pulses = PulseSet.Orthogonal(problem.Pulses, problem.Devices, problem.PulseLength);
        OtaFeelAnswer answer = Infeasibility(problem) is { } reason
            ? new OtaFeelAnswer(method, null, [reason], [], 0, TimeSpan.Zero)
            : SolveFeasible(problem, pulses, method, cancellationToken);
        return answer with { SolveTime = _timeProvider.GetElapsedTime(start) };
    }

    /// <summary>Algorithm 1 with the precoder problem solved exactly and no acceleration: what the paper's alternation does by itself.</summary>
    /// <param name="problem">The case; feasible.</param>
    /// <param name="cancellationToken">Stops the descent.</param>
    /// <returns>The error (7) after each iteration.</returns>
    public static IReadOnlyList<double> PlainTrace(OtaFeelCase problem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var trace = new List<double>();
        _ = new BlockDescent(problem, PulseSharing.Orthogonal).Run(StartingPoints.Create(problem, 0), accelerate: false, trace, cancellationToken);
        return trace;
    }

    /// <summary>What a case deserves whose numbers are too large or too small to be squared and divided by each other.</summary>
    internal static ConfigurationException OutOfRange() => new(
        "ota-feel case", string.Empty, "the error is not finite: channels, powerWatts, noiseVariance and weights leave the range of a double; scale their units");

    // (30a) and (30b) conflict exactly when all devices at full power do not suffice; everything else can always be met.
    private static string? Infeasibility(OtaFeelCase problem)
    {
        double available = problem.Devices * problem.PowerWatts, required = problem.RequiredPowerWatts;
        return available < required
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"sensingErrorLimit {problem.SensingErrorLimit:G6} needs a sum of {required:G6} W over all devices, {required - available:G3} W more than {problem.Devices} devices at {problem.PowerWatts:G6} W have; they reach {problem.CrbLowerBound(available):G6}")
            : null;
    }

    private static OtaFeelAnswer SolveFeasible(OtaFeelCase problem, PulseSet pulses, string method, CancellationToken cancellationToken)
    {
        var trace = new List<double>();
        ComplexMatrix[] precoders = StartingPoints.Create(problem, 0);
        switch (method)
        {
            case OtaFeelMethods.Descent:
                _ = new BlockDescent(problem, PulseSharing.Orthogonal).Run(precoders, accelerate: true, trace, cancellationToken);
                return Answer(problem, pulses, method, precoders, trace, trace.Count);

            case OtaFeelMethods.Literal:
                LiteralAlgorithm.Run(problem, precoders, trace, cancellationToken);
                return Answer(problem, pulses, method, precoders, trace, trace.Count);

            default:
                MultiStart best = MultiStart.Run(problem, PulseSharing.Orthogonal, cancellationToken);
                OtaFeelAnswer refined = Answer(problem, pulses, method, best.Precoders, best.Trace, best.Iterations);
                double bound = AggregationBound.Compute(problem, best.Precoders, cancellationToken);
                return refined with { LowerBound = refined.Plan!.AtMostMse(bound), StartErrors = best.Errors };
        }
    }

    private static OtaFeelAnswer Answer(
        OtaFeelCase problem, PulseSet pulses, string method, ComplexMatrix[] precoders, IReadOnlyList<double> trace, int iterations)
    {
        var plan = OtaFeelPlan.Create(problem, pulses, precoders);
        return double.IsFinite(plan.Mse) && double.IsFinite(plan.CrbLowerBound)
            ? new OtaFeelAnswer(method, plan, [], trace, iterations, TimeSpan.Zero)
            : throw OutOfRange();
    }
}
