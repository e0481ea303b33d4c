using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Planning;

/// <summary>All planner families, and the rule that tells which family a case file belongs to.</summary>
/// <remarks>Immutable and thread safe.</remarks>
public sealed class PlannerCatalog
{
    /// <summary>Creates the catalog of all families.</summary>
    /// <param name="timeProvider">Clock by which solving time is measured.</param>
    /// <param name="modelFile">Trained checkpoint for methods that need one; null if there is none.</param>
    public PlannerCatalog(TimeProvider timeProvider, string? modelFile = null)
        : this(
        [
            new IsacFlPlanner(timeProvider), new IsccPlanner(timeProvider), new OtaFeelPlanner(timeProvider),
            new VflBeamformingPlanner(timeProvider, modelFile),
        ])
    {
    }

    /// <summary>Creates a catalog of the given planners.</summary>
    internal PlannerCatalog(IReadOnlyList<IPlanner> planners)
    {
        Planners = planners;
    }

    /// <summary>One planner per family.</summary>
    public IReadOnlyList<IPlanner> Planners { get; }

    /// <summary>Recognises the family of a case by its top-level keys: the family that knows most of them.</summary>
    /// <param name="caseObject">The root of the case file.</param>
    /// <exception cref="ConfigurationException">No family, or more than one, fits the keys.</exception>
    public IPlanner Detect(ConfigurationObject caseObject)
    {
        var keys = caseObject.Keys.ToHashSet(StringComparer.Ordinal);
        var scored = Planners.Select(planner => (Planner: planner, Score: planner.CaseKeys.Count(keys.Contains))).ToList();
        int best = scored.Max(entry => entry.Score);
        List<IPlanner> fitting = [.. scored.Where(entry => entry.Score == best).Select(entry => entry.Planner)];
        if (best > 0 && fitting.Count == 1)
        {
            return fitting[0];
        }

        string found = keys.Count == 0 ? "no keys" : $"the keys {string.Join(", ", keys.Order(StringComparer.Ordinal).Take(12))}";
        string problem = best == 0 ? "which fit no planner" : $"which fit {string.Join(" and ", fitting.Select(p => p.Family))} equally";
        string wanted = string.Join("; ", Planners.Select(p => $"{p.Family} has {string.Join(", ", p.CaseKeys)}"));
        throw caseObject.Error(string.Empty, $"found {found}, {problem}; {wanted}");
    }
}
