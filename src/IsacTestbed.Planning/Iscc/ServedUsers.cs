namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Which users of a case meet all their constraints under a method, where not all can: what the success rate (58) counts. As many as the
/// search below finds; a user that is given up goes on sensing and neither uploads nor computes.
/// </summary>
internal static class ServedUsers
{
    /// <summary>Gives up the users that cannot succeed alone, then, while the rest has no feasible point, the one that needs the fastest clock.</summary>
    public static bool[] Of(Network network, CancellationToken cancellationToken)
    {
        bool[] served = new bool[network.Count];
        var floor = SensingFloor.Of(network);
        if (floor.Reasons.Count > 0)
        {
            return served;
        }

        UplinkLimit[] limits = [.. Enumerable.Range(0, network.Count).Select(k => new UplinkLimit(network, floor, k))];
        UserBound[] users = [.. limits.Select((l, k) => new UserBound(network.Tasks[k], l, network.Bandwidth[k]))];
        for (int k = 0; k < served.Length; k++)
        {
            served[k] = network.Tasks[k].Lowest <= network.Tasks[k].Highest && users[k].CanUpload;
        }

        while (served.Any(s => s))
        {
            Network rest = network.WithIdle(k => !served[k]);
            bool possible = new CostBound(rest, floor).Reasons.Count == 0;
            if (possible && new BeamRefinement(rest, floor).FindFeasible(cancellationToken) is { Score.Stage: ScoreStage.Cost })
            {
                break;
            }

            served[Enumerable.Range(0, served.Length).Where(k => served[k]).MaxBy(k => users[k].LeastClock)] = false;
        }

        return served;
    }
}
