using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>The strategies that the paper's figures compare, under the paper's names.</summary>
internal static class Strategies
{
    /// <summary>Name of the paper's own strategy.</summary>
    public const string Proposed = "Proposed";

    /// <summary>The strategies of the learning figures, best of the paper first.</summary>
    /// <remarks>The proposed one is solved by <see cref="IsacFlMethods.Exact"/>, from which Algorithm 1 differs by less than 0.1 % here (Fig. 5).</remarks>
    public static IReadOnlyList<(string Name, string Method)> Learned { get; } =
    [
        (Proposed, IsacFlMethods.Exact), ("MaxSensing", IsacFlMethods.MaxSensing), ("MaxComm", IsacFlMethods.MaxComm), ("Uniform", IsacFlMethods.Uniform),
    ];

    /// <summary>Plans a case.</summary>
    /// <exception cref="ConfigurationException">There is no plan.</exception>
    public static IReadOnlyList<DevicePlan> Plan(IsacFlCase problem, string method, CancellationToken cancellationToken)
    {
        IsacFlAnswer answer = Solve(problem, method, cancellationToken);
        return answer.Feasible
            ? answer.Devices
            : throw new ConfigurationException(PaperCase.FileName, string.Empty, $"{method} has no plan: {string.Join("; ", answer.Reasons)}");
    }

    /// <summary>Plans those devices for which the strategy has a plan: one whose budget cannot pay what the strategy demands stays out.</summary>
    /// <returns>The participants, and why the others stay out.</returns>
    public static (IReadOnlyList<Participant> Participants, IReadOnlyList<string> Reasons) PlanWhoCan(
        IsacFlCase problem, string method, CancellationToken cancellationToken)
    {
        IsacFlAnswer[] alone = [.. problem.Devices.Select(device => Solve(problem with { Devices = [device] }, method, cancellationToken))];
        int[] able = [.. Enumerable.Range(0, alone.Length).Where(k => alone[k].Feasible)];
        string[] reasons = [.. alone.SelectMany(answer => answer.Reasons)];
        IReadOnlyList<DevicePlan> plan =
            able.Length == 0 ? [] : Plan(problem with { Devices = [.. able.Select(k => problem.Devices[k])] }, method, cancellationToken);
        return ([.. plan.Zip(able, (device, k) => Participant.From(k, device))], reasons);
    }

    /// <summary>Solves a case.</summary>
    public static IsacFlAnswer Solve(IsacFlCase problem, string method, CancellationToken cancellationToken) =>
        new IsacFlPlanner(TimeProvider.System).Solve(problem, method, cancellationToken);
}
