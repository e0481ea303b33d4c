namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What one user's channel carries at most through the noise and what arrives of the others: the SINR of a beam with the amplitude alpha
/// along a direction and q beside it is at most alpha^2 along + 2 alpha q across + q^2 beside.
/// </summary>
/// <param name="Along">Gain per watt of the direction.</param>
/// <param name="Across">What the direction and all that is orthogonal to it have in common.</param>
/// <param name="Beside">The largest gain per watt of what is orthogonal to it.</param>
internal readonly record struct ArrivalForm(double Along, double Across, double Beside)
{
    private const double Margin = 1e-9;
    private const double Rounding = 1e-12;

    /// <summary>No beam has a larger SINR per watt.</summary>
    public double Gain => (Mean + Amplitude) * (1 + Margin);

    private double Mean => 0.5 * (Along + Beside);

    private double HalfDifference => 0.5 * (Along - Beside);

    private double Amplitude => Math.Sqrt((HalfDifference * HalfDifference) + (Across * Across));

    /// <summary>The least power in watts that a beam has along the direction if it reaches a SINR within a budget.</summary>
    /// <param name="sinr">The SINR.</param>
    /// <param name="budget">The most power of the beam in watts.</param>
    /// <remarks>
    /// For alpha = cos t and q = sin t, in units of the root of the budget, the form is mean + amplitude cos(2 t - u) with
    /// tan u = across / half difference: the largest t up to a right angle at which it reaches the SINR. What no beam reaches takes all power.
    /// </remarks>
    public double LeastAlong(double sinr, double budget)
    {
        double amplitude = Amplitude;
        if (!(sinr > 0) || !(budget > 0) || !(amplitude > 0))
        {
            return 0;
        }

        double level = ((sinr / budget) - Mean) / amplitude;
        double turn = Math.Atan2(Across, HalfDifference) + Math.Acos(Math.Clamp(level, -1, 1));
        double alpha = Math.Cos(0.5 * Math.Min(Math.PI, turn));
        return Math.Max(0, (budget * alpha * alpha * (1 - Margin)) - (Rounding * budget));
    }
}
