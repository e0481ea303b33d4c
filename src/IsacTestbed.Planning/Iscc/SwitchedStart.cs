namespace IsacTestbed.Planning.Iscc;

/// <summary>Starts of the design from a point in which one user who stays silent sends data, or the other way round.</summary>
/// <remarks>
/// Whom to serve is a choice of yes or no. Steps downhill do not revise it: a little data disturbs the others at once and pays only once
/// its rate is worth a share, and too much pays no more. A woken user meets the others as they are, or hardly sending, so that they find their
/// powers beside it.
/// </remarks>
internal static class SwitchedStart
{
    // Of the power budget, what a silent user's data have, and what those of a woken one start with.
    private const double Faintest = 1e-6;

    // A user with less of a share counts as silent.
    private const double Little = 0.1;
    private static readonly double[] Awake = [0.3, 0.1, 0.03];

    /// <summary>Data powers with one user switched.</summary>
    /// <param name="point">A point with shares.</param>
    /// <param name="user">The user.</param>
    /// <returns>K powers in watts per start; none where the user has to offload and does.</returns>
    public static IEnumerable<double[]> Of(OperatingPoint point, int user)
    {
        Network network = point.Beams.Network;
        double share = point.Score.Allocation!.Shares[user];
        double[] own = point.Power[..network.Count], hardly = [.. Enumerable.Repeat(Faintest * network.Problem.MaxPowerWatts, network.Count)];
        IEnumerable<double[]> silenced = share > 0 && network.Tasks[user].Lowest <= 0 ? [Switched(own, Faintest)] : [];
        return share >= Little ? silenced : silenced.Concat(Awake.SelectMany(level => (double[][])[Switched(hardly, level), Switched(own, level)]));

        double[] Switched(double[] others, double level) =>
            [.. others.Select((power, k) => k == user ? level * network.Problem.MaxPowerWatts : power)];
    }
}
