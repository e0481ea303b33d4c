namespace IsacTestbed.Planning.Iscc;

/// <summary>How far a point has come: whether the least uploads fit, then whether the least clocks fit, then what it costs.</summary>
/// <param name="Stage">What <paramref name="Value"/> measures.</param>
/// <param name="Value">To be made small; compared only within a stage.</param>
/// <param name="SinrSlopes">Derivative of the value with respect to each communication SINR; never above zero.</param>
/// <param name="PowerSlopes">Derivative with respect to each user's power.</param>
/// <param name="Allocation">The best shares; null before the stage <see cref="ScoreStage.Cost"/>.</param>
internal sealed record Score(ScoreStage Stage, double Value, double[] SinrSlopes, double[] PowerSlopes, ResourceAllocation? Allocation)
{
    // Makes the sum of the least uploads behave almost like their maximum, and stay smooth.
    private const int UploadExponent = 6;

    /// <summary>Whether this is better than another.</summary>
    public bool Beats(Score other) => Stage != other.Stage ? Stage > other.Stage : Value < other.Value;

    /// <summary>Scores what the access point receives.</summary>
    /// <param name="network">The case.</param>
    /// <param name="ap">The streams at the access point.</param>
    /// <param name="power">2K powers in watts.</param>
    public static Score Of(Network network, StreamLoad ap, double[] power)
    {
        int count = network.Count;
        double[] q = new double[count], e = new double[count], sinr = new double[count];
        for (int k = 0; k < count; k++)
        {
            sinr[k] = ap.Sinr(k);
            q[k] = network.Tasks[k].Bits / Rate(network, k, sinr[k]);
            e[k] = (power[k] + power[count + k]) * q[k];
        }

        double[] inQ = new double[count], inPower = new double[count];
        ScoreStage stage;
        double value = 0;
        ResourceAllocation? allocation = null;
        if (network.Tasks.Select((t, k) => t.Lowest > t.HighestAt(q[k])).Any(late => late))
        {
            stage = ScoreStage.Upload;
            for (int k = 0; k < count; k++)
            {
                double late = network.Tasks[k].Lowest * q[k] / network.Tasks[k].Latency;
                value += Math.Pow(late, UploadExponent);
                inQ[k] = late > 0 ? UploadExponent * Math.Pow(late, UploadExponent) / q[k] : 0;
            }
        }
        else if ((allocation = ResourceAllocation.TrySolve(network.Tasks, q, e, network.Problem.ApCyclesPerSecond)) is null)
        {
            stage = ScoreStage.Clock;
            value = ResourceAllocation.LeastClock(network.Tasks, q);
            for (int k = 0; k < count; k++)
            {
                double ratio = network.Tasks[k].Lowest / (network.Tasks[k].Latency - (q[k] * network.Tasks[k].Lowest));
                inQ[k] = network.Tasks[k].Work * ratio * ratio;
            }
        }
        else
        {
            stage = ScoreStage.Cost;
            value = allocation.Cost;
            for (int k = 0; k < count; k++)
            {
                double share = allocation.Shares[k];
                if (share > 0)
                {
                    inQ[k] = network.Tasks[k].SlopeInQ(share, q[k], allocation.ClockPrice) + (share * (power[k] + power[count + k]));
                    inPower[k] = share * q[k];
                }
            }
        }

        double[] inSinr = new double[count];
        for (int k = 0; k < count; k++)
        {
            // q = Q / (B log2(1 + gamma)).
            inSinr[k] = inQ[k] > 0 ? -inQ[k] * q[k] / ((1 + sinr[k]) * Log1P(sinr[k])) : 0;
        }

        return new Score(stage, value, inSinr, inPower, allocation);
    }

    /// <summary>The rate (9) in bit/s; not zero for a positive SINR, however small.</summary>
    public static double Rate(Network network, int user, double sinr) =>
        network.Bandwidth[user] * Log1P(sinr) / Math.Log(2);

    private static double Log1P(double x) => x > 1e-5 ? Math.Log(1 + x) : x * (1 - (0.5 * x));
}
