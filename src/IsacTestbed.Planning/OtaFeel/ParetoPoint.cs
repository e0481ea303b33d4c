namespace IsacTestbed.Planning.OtaFeel;

/// <summary>One point of a <see cref="ParetoFront"/>.</summary>
/// <param name="Limit">epsilon_0.</param>
/// <param name="Plan">The plan at this limit, with its aggregation error (7) and its CRB_L.</param>
/// <param name="LowerBound">No plan of this kind has a smaller error at this limit; null for methods without a bound.</param>
public sealed record ParetoPoint(double Limit, OtaFeelPlan Plan, double? LowerBound)
{
    /// <summary>The plan's gap to the lower bound; null without a bound.</summary>
    public double? RelativeGap => LowerBound is { } bound ? Plan.GapTo(bound) : null;
}
