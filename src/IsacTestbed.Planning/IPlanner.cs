using IsacTestbed.Core;

namespace IsacTestbed.Planning;

/// <summary>The planner of one family of cases: it reads a case file and answers with a plan.</summary>
/// <remarks>Implementations are immutable and thread safe.</remarks>
public interface IPlanner
{
    /// <summary>Name of the family, as in <c>isac-fl</c>.</summary>
    string Family { get; }

    /// <summary>Names of the methods, the default first.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Those of <see cref="Methods"/> that need a trained checkpoint.</summary>
    IReadOnlyList<string> LearnedMethods => [];

    /// <summary>Top-level keys of a case of this family; a case file names no family and is recognised by them.</summary>
    IReadOnlyList<string> CaseKeys { get; }

    /// <summary>Reads a case strictly and solves it.</summary>
    /// <param name="caseObject">The root of the case file.</param>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    /// <exception cref="ConfigurationException">The case is invalid; the message names the key.</exception>
    /// <exception cref="ArgumentException">The method is unknown.</exception>
    /// <exception cref="ArithmeticException">
    /// The plan has a figure that is not finite or fails its own check: values of the case lie too many orders of magnitude apart.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    PlannerAnswer Solve(ConfigurationObject caseObject, string method, CancellationToken cancellationToken);
}
