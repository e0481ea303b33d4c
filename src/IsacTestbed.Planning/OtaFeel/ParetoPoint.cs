namespace IsacTestbed.Planning.OtaFeel;

/// <summary>One point of a <see cref="ParetoFront"/>.</summary>
/// <param name="Limit">epsilon_0.</param>
/// <param name="Mse">Aggregation error (7).</param>
/// <param name="CrbLowerBound">CRB_L, a design figure.</param>
/// <param name="CramerRaoBound">Trace of the inverse of (22) in square metres, without interference; null without a scene.</param>
/// <param name="LowerBound">No plan of this kind has a smaller error; null for methods without a bound.</param>
public sealed record ParetoPoint(double Limit, double Mse, double CrbLowerBound, double? CramerRaoBound, double? LowerBound);
