namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What the design and its bound leave open: the design is tried from other valleys, and a <see cref="BoundTree"/> raises the bound or
/// proves that there is no feasible point, and says where else to try.
/// </summary>
/// <param name="network">The case; its users share the band.</param>
/// <param name="floor">Least sensing powers.</param>
/// <param name="refinement">The design.</param>
internal sealed class GapSearch(Network network, SensingFloor floor, BeamRefinement refinement)
{
    // The tree is planted above the first relative gap and ends at the second; what it leaves above the third is worth more starts.
    private const double Wide = 1e-2;
    private const double Narrow = 5e-3;
    private const double TooWide = 2e-2;

    // Boxes times users, and boxes: what a few seconds allow while the gap is wide and shrinks, and a fraction of one when it is not. A box
    // takes several times as long where what arrives is divided, too.
    private const int Effort = 5000;
    private const int MostBoxes = 700;
    private const int Lighter = 4;
    private const int Heavier = 16;
    private const int HeavierByArrivals = 1;

    // Of the gap, what a switched user has to be worth.
    private const double Worthwhile = 0.1;

    // Users that are served before all others, in turn and together, and starts of a kind times users: a start takes time with their
    // third power. Before few antennas it takes little, and of the last kind there are as many whatever the number of users.
    private const int MostServed = 6;
    private const int Starts = 120;

    // Why there is no feasible point, where only the tree proves it.
    private const string Reason =
        "all users: no upload rates meet (17b), (17e), (18b) and (18c) together, "
        + "by branch and bound over the rates with the interference they cause at least";

    // Data powers of further starts from what is best alone.
    private const double Less = 0.1;

    private int MaxBoxes => Math.Min(MostBoxes, Effort / network.Count);

    private int MaxStarts => Math.Max(1, Starts / network.Count);

    private bool IsOverloaded => network.Problem.Channels[0].Rows <= network.Count;

    /// <summary>Narrows the gap between a feasible point and its bound.</summary>
    /// <param name="point">The point.</param>
    /// <param name="lowerBound">A lower bound.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The point or a better one, and the bound or a better one.</returns>
    public (OperatingPoint Point, double LowerBound) Close(OperatingPoint point, double lowerBound, CancellationToken cancellationToken)
    {
        OperatingPoint best = point;
        if (IsWithin(Wide))
        {
            return (best, lowerBound);
        }

        var thorough = new CostBound(network, floor, thorough: true);
        lowerBound = Math.Max(lowerBound, thorough.Compute(point.Score.Allocation!.ClockPrice, 1e-4, cancellationToken));
        if (IsWithin(Wide))
        {
            return (best, lowerBound);
        }

        foreach ((BeamSet beams, double[] powers) in thorough.AloneStarts())
        {
            _ = Attempt(beams, powers);
            _ = Attempt(beams, [.. powers.Select(p => Less * p)]);
        }

        // The paper's algorithm descends in other variables, and now and then into a valley that the design misses.
        if (refinement.FindFeasible(cancellationToken) is { Score.Stage: ScoreStage.Cost } feasible)
        {
            OperatingPoint end = new Paper.ScaAdmm(network).Run(feasible, cancellationToken).Point;
            _ = Attempt(end.Beams, end.Power[..network.Count]);
        }

        foreach (int[] served in Served().Take(MaxStarts))
        {
            if (IsWithin(Wide))
            {
                break;
            }

            if (AlignedStart.Of(network, floor, served) is { } start)
            {
                _ = Attempt(start.Beams, start.DataPower);
            }
        }

        var strongest = BeamSet.Strongest(network);
        foreach (int user in ByCostAtHome().Take(MaxStarts))
        {
            // What the user costs at home is the most that waking it can save.
            bool matters = network.Tasks[user].LocalWeight > Worthwhile * (best.Score.Value - lowerBound);
            foreach (double[] powers in matters && !IsWithin(Wide) ? SwitchedStart.Of(best, user) : [])
            {
                // Beams as they are suit the point as it is; those along the strongest paths know nothing of it.
                _ = Attempt(best.Beams, powers);
                _ = Attempt(strongest, powers);
            }
        }

        if (IsWithin(Wide))
        {
            return (best, lowerBound);
        }

        lowerBound = Raised(arrivals: false, Heavier);
        if (thorough.KnowsArrivals && !IsWithin(TooWide))
        {
            lowerBound = Raised(arrivals: true, HeavierByArrivals);
        }

        for (int i = 0; i < MaxStarts && !IsWithin(TooWide); i++)
        {
            (BeamSet beams, double[] powers) = DisturbedStart.Around(best, i);
            _ = Attempt(beams, powers);
        }

        for (int i = 0; i < Starts && IsOverloaded && !IsWithin(TooWide); i++)
        {
            (BeamSet beams, double[] powers) = ScatteredStart.Anywhere(network, i);
            _ = Attempt(beams, powers);
        }

        return (best, lowerBound);

        bool IsWithin(double gap) => best.Score.Value <= lowerBound * (1 + gap);

        double Raised(bool arrivals, int heavier) => thorough.Raise(
            lowerBound,
            best.Score.Value / (1 + Narrow),
            new TreeEffort(MaxBoxes / Lighter, MaxBoxes, heavier * MaxBoxes),
            powers => Attempt(best.Beams, powers),
            arrivals,
            cancellationToken);

        // Answers the target of the tree.
        double Attempt(BeamSet beams, double[] powers)
        {
            if (refinement.From(beams, powers, lowerBound, cancellationToken) is { } found && found.Score.Beats(best.Score))
            {
                best = found;
            }

            return best.Score.Value / (1 + Narrow);
        }
    }

    /// <summary>Looks for a feasible point where the design found none, or for a proof that there is none.</summary>
    /// <param name="point">The best point short of it, if any.</param>
    /// <param name="proof">Why there is none; empty without a proof.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The best point, whatever its stage.</returns>
    public OperatingPoint? FindFeasible(OperatingPoint? point, out IReadOnlyList<string> proof, CancellationToken cancellationToken)
    {
        OperatingPoint? best = point;
        var bound = new CostBound(network, floor, thorough: true);
        proof = bound.Reasons;
        if (proof.Count > 0)
        {
            return best;
        }

        double most = bound.MostCost;
        int boxes = MaxBoxes / Lighter;
        double Attempt(BeamSet? beams, double[] powers)
        {
            if (refinement.From(beams, powers, 0, cancellationToken) is { } found && (best is null || found.Score.Beats(best.Score)))
            {
                best = found;
            }

            return best is { Score.Stage: ScoreStage.Cost } ? 0 : most;
        }

        proof = bound.Raise(0, most, new TreeEffort(boxes, boxes, boxes), p => Attempt(best?.Beams, p), arrivals: false, cancellationToken) >= most ? [Reason] : [];
        for (int i = 0; i < Starts && proof.Count == 0 && best?.Score.Stage != ScoreStage.Cost; i++)
        {
            (BeamSet beams, double[] powers) = best is null || i >= MaxStarts ? ScatteredStart.Anywhere(network, i) : DisturbedStart.Around(best, i);
            _ = Attempt(beams, powers);
        }

        return best;
    }

    // Whom to serve before all others: each of the users whose tasks cost most at home, then the first two of them, the first three, and so
    // on. With more antennas than users there is room for everyone, and where channels have rank one a beam has no choice of where it
    // arrives.
    private int[][] Served()
    {
        int antennas = network.Problem.Channels[0].Rows, most = Math.Min(MostServed, network.Count - 1);
        if (!IsOverloaded || network.Uplink.All(h => h.IsRankOne))
        {
            return [];
        }

        int[] order = [.. ByCostAtHome()];
        return
        [
            .. order.Take(antennas > 1 ? most : 0).Select(k => (int[])[k]),
            .. Enumerable.Range(2, Math.Max(0, Math.Min(most, antennas - 1) - 1)).Select(n => order[..n]),
        ];
    }

    private IEnumerable<int> ByCostAtHome() => Enumerable.Range(0, network.Count).OrderByDescending(k => network.Tasks[k].LocalWeight);
}
