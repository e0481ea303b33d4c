using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Beams with powers, and all that follows: the sensing beams have the least powers with which every sensing SINR meets its threshold,
/// the combiners are the best ones, the shares and clocks the best for the resulting uploads.
/// </summary>
internal sealed class OperatingPoint
{
    private const int MaxSensingIterations = 300;
    private const int MaxCuts = 12;

    private OperatingPoint(BeamSet beams, double[] power, StreamLoad ap, StreamLoad users, Score score)
    {
        Beams = beams;
        Power = power;
        Ap = ap;
        Users = users;
        Score = score;
    }

    /// <summary>The beams.</summary>
    public BeamSet Beams { get; }

    /// <summary>Powers in watts: K of data, then K of sensing.</summary>
    public double[] Power { get; }

    /// <summary>The streams at the access point.</summary>
    public StreamLoad Ap { get; }

    /// <summary>The streams at the users' echo receivers.</summary>
    public StreamLoad Users { get; }

    /// <summary>How good it is.</summary>
    public Score Score { get; }

    /// <summary>
    /// Evaluates beams at given data powers, or less where the budget leaves less; null if the sensing thresholds cannot be met within it.
    /// </summary>
    /// <param name="beams">The beams.</param>
    /// <param name="dataPower">K powers in watts, above zero where the user may offload.</param>
    /// <param name="sensingStart">K sensing powers to start from, above zero.</param>
    public static OperatingPoint? TryCreate(BeamSet beams, ReadOnlySpan<double> dataPower, ReadOnlySpan<double> sensingStart)
    {
        int count = beams.Network.Count;
        double budget = beams.Network.Problem.MaxPowerWatts;
        double[] power = new double[2 * count];
        dataPower.CopyTo(power);
        sensingStart.CopyTo(power.AsSpan(count));
        StreamLoad? users = null;
        for (int cut = 0; users is null || !Within(power, budget); cut++)
        {
            if (cut > 0)
            {
                // Less data power means less sensing power for everyone, so what fits now fits all the more afterwards.
                for (int k = 0; k < count; k++)
                {
                    power[k] = Math.Min(power[k], Math.Max(power[k] * 1e-3, (budget - power[count + k]) * (1 - 1e-9)));
                }
            }

            users = cut < MaxCuts ? MeetSensing(beams, power) : null;
            if (users is null)
            {
                return null;
            }
        }

        var ap = StreamLoad.Of(beams.ApGram, power);
        return new OperatingPoint(beams, power, ap, users, Score.Of(beams.Network, ap, power));
    }

    private static bool Within(double[] power, double budget)
    {
        int count = power.Length / 2;
        for (int k = 0; k < count; k++)
        {
            if (power[k] + power[count + k] > budget)
            {
                return false;
            }
        }

        return true;
    }

    // The least sensing powers for given data powers: with combiners held, a linear system; with the best combiners again, and so on. The
    // plain iteration stands in where the linear system has no positive solution yet.
    private static StreamLoad? MeetSensing(BeamSet beams, double[] power)
    {
        int count = beams.Network.Count;
        double threshold = beams.Network.Problem.SensingSinrThreshold, budget = beams.Network.Problem.MaxPowerWatts;
        for (int iteration = 0; iteration < MaxSensingIterations; iteration++)
        {
            var load = StreamLoad.Of(beams.UserGram, power);
            double low = double.PositiveInfinity, high = 0;
            for (int k = 0; k < count; k++)
            {
                double ratio = load.Sinr(count + k) / threshold;
                low = Math.Min(low, ratio);
                high = Math.Max(high, ratio);
            }

            if (low >= 1 && high <= 1 + 1e-9)
            {
                return load;
            }

            double[]? factor = SolveHeld(load, count, threshold);
            bool within = true;
            for (int k = 0; k < count; k++)
            {
                // A hair more than needed, so that the iteration ends on the feasible side.
                power[count + k] *= (factor?[k] ?? (threshold / load.Sinr(count + k))) * (1 + 2e-10);
                within &= power[count + k] <= 1e3 * budget && power[count + k] > 0;
            }

            if (!within)
            {
                return null;
            }
        }

        return null;
    }

    // Factors y of the sensing powers with a_kk y_k = gamma (sum over j of a_kj y_j + data + noise); null unless all are positive.
    private static double[]? SolveHeld(StreamLoad load, int count, double threshold)
    {
        double[,] a = new double[count, count + 1];
        for (int k = 0; k < count; k++)
        {
            double rest = load.Disturbance(count + k);
            for (int j = 0; j < count; j++)
            {
                double power = load.Power(count + k, count + j);
                a[k, j] = j == k ? power : -threshold * power;
                rest -= j == k ? 0 : power;
            }

            a[k, count] = threshold * Math.Max(0, rest);
        }

        double[]? factor = LinearSystem.TrySolve(a);
        return factor is not null && factor.All(y => y > 0 && double.IsFinite(y)) ? factor : null;
    }
}
