using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Cli.Reproduction.Iscc;

/// <summary>Solves drawn cases over a swept parameter with several schemes.</summary>
internal static class Sweep
{
    /// <summary>Solves; the same draws at every point and for every scheme.</summary>
    /// <param name="scenes">One scene per point.</param>
    /// <param name="schemes">The schemes.</param>
    /// <param name="draws">Draws per point; draw i uses the seed plus i.</param>
    /// <param name="seed">Seed of the first draw.</param>
    /// <param name="progress">Receives a line per point.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>[point][scheme].</returns>
    public static Sample[][] Run(
        IReadOnlyList<IsccScene> scenes, IReadOnlyList<Scheme> schemes, int draws, ulong seed, TextWriter progress, CancellationToken cancellationToken)
    {
        var planner = new IsccPlanner(TimeProvider.System);
        var samples = new Sample[scenes.Count][];
        for (int point = 0; point < scenes.Count; point++)
        {
            IsccCase[] cases = [.. Enumerable.Range(0, draws).Select(i => scenes[point].Draw(seed + (ulong)i))];
            var row = new Sample[schemes.Count];
            Parallel.For(0, schemes.Count, new ParallelOptions { CancellationToken = cancellationToken }, s =>
                row[s] = Average(planner, cases, schemes[s].Method, cancellationToken));
            samples[point] = row;
            progress.WriteLine($"point {point + 1} of {scenes.Count}");
        }

        return samples;
    }

    private static Sample Average(IsccPlanner planner, IsccCase[] cases, string method, CancellationToken cancellationToken)
    {
        int users = cases[0].Users.Count, served = 0;
        double cost = 0, unweighted = 0, gap = double.NaN;
        double[] shares = new double[users];
        int feasible = 0;
        foreach (IsccCase problem in cases)
        {
            IsccAnswer answer = planner.Solve(problem, method, cancellationToken);
            if (answer is not { Plan: { } plan, Check: { } check })
            {
                served += IsccPlanner.Served(problem, method, cancellationToken).Count(s => s);
                continue;
            }

            feasible++;
            served += users;
            cost += check.EnergyCost;
            unweighted += check.Users.Sum(u => u.UeEnergyJoules + u.ApEnergyJoules);
            gap = answer.RelativeGap is { } found ? double.IsNaN(gap) ? found : Math.Max(gap, found) : gap;
            for (int k = 0; k < users; k++)
            {
                shares[k] += plan.Offloading[k];
            }
        }

        double[] means = [.. shares.Select(s => s / feasible)];
        return new Sample((double)served / (cases.Length * users), means.Average(), cost / feasible, unweighted / feasible, gap, means);
    }
}
