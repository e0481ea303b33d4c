using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>Planner of vfl-beamforming: beamformers of a multi-cell network that sense and communicate, for the weighted sum of rates (10).</summary>
/// <remarks>Immutable and thread safe. One case, and one checkpoint where the method needs one, give one answer, bit for bit.</remarks>
public sealed class VflBeamformingPlanner : IPlanner
{
    internal const string FamilyName = "vfl-beamforming";
    private static readonly double[] FairSharpness = [1, 4, 16, 64];
    private readonly TimeProvider _timeProvider;
    private readonly string? _modelFile;

    /// <summary>Creates the planner.</summary>
    /// <param name="timeProvider">Clock by which solving time is measured.</param>
    /// <param name="modelFile">Checkpoint for the learned methods; null if there is none. Read when a learned method is asked for.</param>
    public VflBeamformingPlanner(TimeProvider timeProvider, string? modelFile = null)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
        _modelFile = modelFile;
    }

    /// <inheritdoc/>
    public string Family => FamilyName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Methods => VflBeamformingMethods.All;

    /// <inheritdoc/>
    public IReadOnlyList<string> LearnedMethods => VflBeamformingMethods.Learned;

    /// <inheritdoc/>
    public IReadOnlyList<string> CaseKeys => VflBeamformingCase.Keys;

    /// <inheritdoc/>
    public PlannerAnswer Solve(ConfigurationObject caseObject, string method, CancellationToken cancellationToken)
    {
        var problem = VflBeamformingCase.Read(caseObject);
        VflBeamformingAnswer answer = VflBeamformingMethods.Learned.Contains(method)
            ? Run(problem, method, ReadPolicy(method))
            : Solve(problem, method, cancellationToken);
        return new PlannerAnswer(Family, method, true, [], answer.ToJson());
    }

    /// <summary>Solves a case by a method that needs no checkpoint.</summary>
    /// <param name="problem">The case, as valid as <see cref="VflBeamformingCase.Read"/> would accept it.</param>
    /// <param name="method">One of <see cref="VflBeamformingMethods"/> that is not learned.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    /// <exception cref="ArgumentException">The method is unknown or learned.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public VflBeamformingAnswer Solve(VflBeamformingCase problem, string method, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        long start = _timeProvider.GetTimestamp();
        StationLinks[] links = StationLinks.Of(problem);
        VflBeamformingAnswer answer = method switch
        {
            VflBeamformingMethods.Gradient => Bounded(links, Search(problem, method, links, [RateUtility.Paper(problem.Rho)], cancellationToken), problem.Rho),
            VflBeamformingMethods.Fair => Search(
                problem, method, links, [.. FairSharpness.Select(s => RateUtility.Fair(links, problem.Rho, s))], cancellationToken),
            VflBeamformingMethods.Discriminating => Search(problem, method, links, [RateUtility.Discriminating(links, problem.Rho)], cancellationToken),
            VflBeamformingMethods.Wmmse => Wmmse(problem, links, cancellationToken),
            VflBeamformingMethods.Mrt => Closed(problem, method, ClosedFormBeams.MaximumRatio(links)),
            VflBeamformingMethods.Imt => Closed(problem, method, ClosedFormBeams.InterferenceMinimising(links)),
            VflBeamformingMethods.Cbf => Closed(problem, method, ClosedFormBeams.Conjugate(links)),
            _ => throw new ArgumentException(
                $"found method {method}; it must be one of {string.Join(", ", VflBeamformingMethods.All.Except(VflBeamformingMethods.Learned))}", nameof(method)),
        };
        return answer with { SolveTime = _timeProvider.GetElapsedTime(start) };
    }

    /// <summary>Runs trained networks on a case: each base station's on its own channels.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="method">The method by which the networks were trained.</param>
    /// <param name="policy">The networks.</param>
    /// <exception cref="ConfigurationException">The networks were trained otherwise or for other sizes.</exception>
    public VflBeamformingAnswer Run(VflBeamformingCase problem, string method, BeamPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(policy);
        policy.RequireFit(method, problem.Cells, problem.Users, problem.Targets, problem.Antennas);
        long start = _timeProvider.GetTimestamp();
        (BeamSet beams, bool within) = policy.Decide(StationLinks.Of(problem), problem.Rho);
        TimeSpan elapsed = _timeProvider.GetElapsedTime(start);
        return new VflBeamformingAnswer(method, VflBeamformingPlan.Create(problem, beams), 0, elapsed) { WithinTraining = within };
    }

    private static VflBeamformingAnswer Closed(VflBeamformingCase problem, string method, BeamSet beams) =>
        new(method, VflBeamformingPlan.Create(problem, beams), 0, TimeSpan.Zero);

    private static VflBeamformingAnswer Wmmse(VflBeamformingCase problem, StationLinks[] links, CancellationToken cancellationToken)
    {
        var converged = ConvergedWmmse.Run(links, cancellationToken);
        return new VflBeamformingAnswer(VflBeamformingMethods.Wmmse, VflBeamformingPlan.Create(problem, converged.Beams), converged.Iterations, TimeSpan.Zero);
    }

    private static VflBeamformingAnswer Search(
        VflBeamformingCase problem, string method, StationLinks[] links, RateUtility[] utility, CancellationToken cancellationToken)
    {
        var found = MultiStartSearch.Run(links, utility, cancellationToken);
        return new VflBeamformingAnswer(method, VflBeamformingPlan.Create(problem, found.Beams), found.Steps, TimeSpan.Zero) { StartValues = found.StartValues };
    }

    private static VflBeamformingAnswer Bounded(StationLinks[] links, VflBeamformingAnswer answer, double rho) =>
        answer with { UpperBound = RateBound.Compute(links, rho) };

    private BeamPolicy ReadPolicy(string method) => _modelFile is { } file
        ? BeamPolicy.Read(file)
        : throw new ConfigurationException(
            "--model", string.Empty, $"found nothing; method {method} needs a trained checkpoint, train one with: isac train {method}");
}
