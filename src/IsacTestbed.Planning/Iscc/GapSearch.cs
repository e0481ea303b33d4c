namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What the design and its bound leave open: a <see cref="BoundTree"/> raises the bound or proves that there is no feasible point, and the
/// design is tried from the powers of its promising boxes.
/// </summary>
/// <param name="network">The case; its users share the band.</param>
/// <param name="bound">The bound.</param>
/// <param name="refinement">The design.</param>
internal sealed class GapSearch(Network network, CostBound bound, BeamRefinement refinement)
{
    // The tree is planted above the first relative gap, and ends at the second.
    private const double Wide = 1e-2;
    private const double Narrow = 5e-3;

    // Boxes times users, and boxes: what a few seconds on one core allow while the gap is wide, and a fraction of one when it is not.
    private const int Effort = 5000;
    private const int MostBoxes = 700;
    private const int Lighter = 4;

    /// <summary>Why there is no feasible point, where only the tree proves it.</summary>
    public const string Reason =
        "all users: no upload rates meet (17b), (17e), (18b) and (18c) together, "
        + "by branch and bound over the rates with the interference they cause at least";

    private int MaxBoxes => Math.Min(MostBoxes, Effort / network.Count);

    /// <summary>Narrows the gap between a feasible point and its bound.</summary>
    /// <param name="point">The point.</param>
    /// <param name="lowerBound">A lower bound.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The point or a better one, and the bound or a better one.</returns>
    public (OperatingPoint Point, double LowerBound) Close(OperatingPoint point, double lowerBound, CancellationToken cancellationToken)
    {
        OperatingPoint best = point;
        if (best.Score.Value <= lowerBound * (1 + Wide))
        {
            return (best, lowerBound);
        }

        double Attempt(double[] powers)
        {
            if (refinement.From(best.Beams, powers, lowerBound, cancellationToken) is { } found && found.Score.Beats(best.Score))
            {
                best = found;
            }

            return best.Score.Value / (1 + Narrow);
        }

        double raised = bound.Raise(lowerBound, best.Score.Value / (1 + Narrow), (MaxBoxes / Lighter, MaxBoxes), Attempt, cancellationToken);
        return (best, raised);
    }

    /// <summary>Looks for a feasible point where the design found none, or for a proof that there is none.</summary>
    /// <param name="point">The best point short of it, if any.</param>
    /// <param name="proven">Whether there is a proof.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The best point, whatever its stage.</returns>
    public OperatingPoint? FindFeasible(OperatingPoint? point, out bool proven, CancellationToken cancellationToken)
    {
        OperatingPoint? best = point;
        double most = bound.MostCost;
        double Attempt(double[] powers)
        {
            if (refinement.From(best?.Beams, powers, 0, cancellationToken) is { } found && (best is null || found.Score.Beats(best.Score)))
            {
                best = found;
            }

            return best is { Score.Stage: ScoreStage.Cost } ? 0 : most;
        }

        proven = bound.Raise(0, most, (MaxBoxes / Lighter, MaxBoxes / Lighter), Attempt, cancellationToken) >= most;
        return best;
    }
}
