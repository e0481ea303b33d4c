using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>Turns an operating point at stage Cost into a plan.</summary>
internal static class PlanAssembly
{
    /// <summary>The plan: a user that offloads nothing stops sending data, the clocks are the slowest that meet the latencies.</summary>
    /// <param name="designed">The point.</param>
    /// <param name="shares">The shares; those of <see cref="ResourceAllocation"/> or other ones that the uploads and clocks allow.</param>
    public static IsccPlan From(OperatingPoint designed, double[] shares)
    {
        OperatingPoint point = Silenced(designed, shares);
        Network network = point.Beams.Network;
        int count = network.Count;
        double[] local = new double[count], remote = new double[count];
        for (int k = 0; k < count; k++)
        {
            OffloadTask task = network.Tasks[k];
            local[k] = Math.Min(task.Work * (1 - shares[k]) / task.Latency, network.Problem.Users[k].CyclesPerSecond);
            double q = task.Bits / Score.Rate(network, k, point.Ap.Sinr(k));
            remote[k] = task.RemoteClock(shares[k], q);
        }

        return new IsccPlan(
            shares,
            [.. Enumerable.Range(0, count).Select(k => Scaled(point.Beams.Directions[k], point.Power[k]))],
            [.. Enumerable.Range(count, count).Select(k => Scaled(point.Beams.Directions[k], point.Power[k]))],
            [.. Enumerable.Range(0, count).Select(k => Combiner(point.Ap, point.Beams.AtAp, point, k))],
            [.. Enumerable.Range(count, count).Select(k => Combiner(point.Users, point.Beams.AtUsers, point, k))],
            local,
            remote,
            network.Bandwidth,
            network.Orthogonal);
    }

    private static OperatingPoint Silenced(OperatingPoint point, double[] shares)
    {
        int count = point.Beams.Network.Count;
        if (shares.All(share => share > 0))
        {
            return point;
        }

        double[] data = [.. shares.Select((share, k) => share > 0 ? point.Power[k] : 0)];
        return OperatingPoint.TryCreate(point.Beams, data, point.Power.AsSpan(count)) is { Score.Stage: ScoreStage.Cost } silenced ? silenced : point;
    }

    private static Complex[] Combiner(StreamLoad load, ComplexVector[] received, OperatingPoint point, int stream)
    {
        ComplexVector combiner = point.Power[stream] > 0 ? load.Combiner(received, point.Power, stream) : received[stream].Clone();
        if (!combiner.Normalise())
        {
            combiner.Re[0] = 1;
        }

        return combiner.ToArray();
    }

    private static Complex[] Scaled(ComplexVector direction, double power)
    {
        ComplexVector beam = direction.Clone();
        beam.Scale(Math.Sqrt(power));
        return beam.ToArray();
    }
}
