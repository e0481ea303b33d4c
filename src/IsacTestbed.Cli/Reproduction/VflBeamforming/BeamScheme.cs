using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Cli.Reproduction.VflBeamforming;

/// <summary>A curve of Figs. 3 and 4.</summary>
/// <param name="Name">In tables and legends.</param>
/// <param name="Method">The planner's method.</param>
/// <param name="Policy">Trained networks, if the method needs them.</param>
internal sealed record BeamScheme(string Name, string Method, BeamPolicy? Policy = null)
{
    /// <summary>Plans a case.</summary>
    public VflBeamformingAnswer Solve(VflBeamformingPlanner planner, VflBeamformingCase problem, CancellationToken cancellationToken) =>
        Policy is { } policy ? planner.Run(problem, Method, policy) : planner.Solve(problem, Method, cancellationToken);
}
