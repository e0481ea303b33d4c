using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>What is known of one user's channel behind the noise and what arrives of the others.</summary>
/// <param name="forms">At least one; all of them hold.</param>
/// <param name="whitened">
/// The channel in units of what disturbs it at least, so that no combiner has a larger gain, and each the direction that it really has; null
/// where that is the channel alone.
/// </param>
internal sealed class ArrivalLimit(IReadOnlyList<ArrivalForm> forms, Func<ComplexMatrix>? whitened = null)
{
    /// <summary>No beam has a larger SINR per watt.</summary>
    public double Gain { get; } = forms.Min(f => f.Gain);

    /// <summary>The least power in watts that a beam has along the direction if it reaches a SINR within a budget.</summary>
    /// <param name="sinr">The SINR.</param>
    /// <param name="budget">The most power of the beam in watts.</param>
    public double LeastAlong(double sinr, double budget) => forms.Max(f => f.LeastAlong(sinr, budget));

    /// <summary>What its combiners can trade; null where that is what they can alone. See <see cref="CombinerFrontier.Of"/>.</summary>
    /// <param name="direction">Of the user's other beam.</param>
    public CombinerFrontier? Frontier(ComplexVector direction) => whitened is null ? null : CombinerFrontier.Of(whitened(), direction);
}
