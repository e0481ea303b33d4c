namespace IsacTestbed.Cli.Reproduction.Iscc;

/// <summary>Averages of one scheme at one point of a sweep.</summary>
/// <param name="Success">Success rate (58), a share of one.</param>
/// <param name="Offloading">Mean offloaded share over the feasible draws; NaN if there is none.</param>
/// <param name="Cost">Mean energy cost over the feasible draws; NaN if there is none.</param>
/// <param name="UnweightedCost">The same with every energy cost ratio at 1.</param>
/// <param name="Gap">Largest relative gap to the lower bound; NaN for methods without one.</param>
/// <param name="PerUser">Mean offloaded share of each user over the feasible draws.</param>
internal sealed record Sample(double Success, double Offloading, double Cost, double UnweightedCost, double Gap, IReadOnlyList<double> PerUser);
