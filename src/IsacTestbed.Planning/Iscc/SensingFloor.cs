using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>The least power that each user's sensing beam has in any feasible point, and what is wrong where there is none.</summary>
/// <param name="PowerWatts">No feasible point has |u_k|^2 below this.</param>
/// <param name="Reasons">Why no feasible point exists; empty if none of the tests says so.</param>
/// <remarks>
/// By (8), gamma_k^s is at most sigma_max(H~_k)^2 |u_k|^2 / sigma_2^2. Where every H~_k has rank one and the users interfere, only the
/// power along its right singular vector counts, the least power of one user for given powers of the others is a standard
/// interference function, and its iteration rises from the single-user powers towards the least solution: every step is a lower bound.
/// Independently of powers, (8) is the SINR of K streams into M_r antennas, for which the sum of gamma / (1 + gamma) stays below M_r.
/// </remarks>
internal sealed record SensingFloor(double[] PowerWatts, IReadOnlyList<string> Reasons)
{
    // What the part of a channel that counts as zero may change.
    private const double RankMargin = 1e-5;
    private const int MaxIterations = 400;

    /// <summary>Computes the bounds.</summary>
    public static SensingFloor Of(Network network)
    {
        IsccCase problem = network.Problem;
        double threshold = problem.SensingSinrThreshold, budget = problem.MaxPowerWatts;
        double[] floor = [.. Enumerable.Range(0, network.Count).Select(k => threshold / network.EchoGain(k))];
        List<string> reasons =
        [
            .. floor.Select((p, k) => (p, k)).Where(x => x.p > budget * (1 + 1e-9)).Select(x => double.IsFinite(x.p)
                ? FormattableString.Invariant(
                    $"user {x.k}: the sensing SINR (17b) needs at least {x.p:G4} W even without interference, {Decibels(x.p / budget):G4} dB above maxPowerWatts {budget:G4}")
                : $"user {x.k}: no power meets the sensing SINR (17b), because its sensing channel returns nothing"),
        ];
        if (reasons.Count > 0 || network.Orthogonal || network.Count == 1)
        {
            return new SensingFloor(floor, reasons);
        }

        int antennas = problem.SensingChannels[0].Rows;
        double load = network.Count * threshold / (1 + threshold);
        if (load >= antennas)
        {
            return new SensingFloor(floor, [FormattableString.Invariant(
                $"all users: the sensing SINR (17b) of {network.Count} users on {antennas} receive antennas needs K gamma / (1 + gamma) below {antennas} at any power, and it is {load:G4}")]);
        }

        return network.Echo.All(e => e.IsRankOne) ? Raise(network, floor) : new SensingFloor(floor, []);
    }

    private static SensingFloor Raise(Network network, double[] floor)
    {
        IsccCase problem = network.Problem;
        int count = network.Count;
        ComplexVector[] received = [.. problem.SensingChannels.Select((h, k) => h.Times(network.Echo[k].Right))];
        ComplexMatrix gram = ComplexMatrix.Create(count, count, (i, j) => received[i].Inner(received[j]) / problem.SensingNoiseWatts);
        double[] power = [.. floor];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            double[] sinr = StreamLoad.Of(gram, power).Sinr();
            double change = 0;
            for (int k = 0; k < count; k++)
            {
                double raised = Math.Max(power[k], power[k] * problem.SensingSinrThreshold / sinr[k]);
                change = Math.Max(change, (raised / power[k]) - 1);
                power[k] = raised;
            }

            int worst = Array.FindIndex(power, p => p * (1 - RankMargin) > problem.MaxPowerWatts);
            if (worst >= 0)
            {
                return new SensingFloor(floor, [FormattableString.Invariant(
                    $"user {worst}: the sensing SINR (17b) under the echoes that the other users need themselves takes at least {power[worst] - problem.MaxPowerWatts:G3} W more than maxPowerWatts {problem.MaxPowerWatts:G4}")]);
            }

            if (change < 1e-9)
            {
                break;
            }
        }

        return new SensingFloor([.. power.Zip(floor, (p, f) => Math.Max(f, p * (1 - RankMargin)))], []);
    }

    private static double Decibels(double ratio) => 10 * Math.Log10(ratio);
}
