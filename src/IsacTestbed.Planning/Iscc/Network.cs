using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>A case as one method sees it: the allowed shares, each user's band, and whether the users interfere.</summary>
/// <remarks>Immutable and thread safe.</remarks>
internal sealed class Network
{
    private Network(IsccCase problem, OffloadTask[] tasks, double[] bandwidth, bool orthogonal, SpectralNorm[] uplink, SpectralNorm[] echo)
    {
        Problem = problem;
        Tasks = tasks;
        Bandwidth = bandwidth;
        Orthogonal = orthogonal;
        Uplink = uplink;
        Echo = echo;
    }

    /// <summary>The case.</summary>
    public IsccCase Problem { get; }

    /// <summary>The users' costs.</summary>
    public IReadOnlyList<OffloadTask> Tasks { get; }

    /// <summary>Bandwidth of each user in hertz.</summary>
    public double[] Bandwidth { get; }

    /// <summary>Whether each user has a band of its own: then the terms of other users in (7) and (8) vanish.</summary>
    public bool Orthogonal { get; }

    /// <summary>Norms of the channels H_k.</summary>
    public IReadOnlyList<SpectralNorm> Uplink { get; }

    /// <summary>Norms of the reflection channels H~_k.</summary>
    public IReadOnlyList<SpectralNorm> Echo { get; }

    /// <summary>Number of users.</summary>
    public int Count => Tasks.Count;

    /// <summary>Largest ratio of received power to noise per watt that user k's data can have: sigma_max(H_k)^2 / sigma_1^2.</summary>
    public double UplinkGain(int k) => Uplink[k].SquaredUpperBound / Problem.ApNoiseWatts;

    /// <summary>The same of its echo: sigma_max(H~_k)^2 / sigma_2^2.</summary>
    public double EchoGain(int k) => Echo[k].SquaredUpperBound / Problem.SensingNoiseWatts;

    /// <summary>The full band for everyone.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="lowest">Least share allowed.</param>
    /// <param name="highest">Largest share allowed.</param>
    public static Network Shared(IsccCase problem, double lowest = 0, double highest = 1) =>
        Create(problem, lowest, highest, [.. problem.Users.Select(_ => problem.BandwidthHz)], orthogonal: false);

    /// <summary>
    /// The band divided in proportion to the path losses, the inverse mean gains of the channels. A user without a channel gets no more
    /// than the weakest of the others.
    /// </summary>
    /// <param name="problem">The case.</param>
    public static Network Divided(IsccCase problem)
    {
        double[] gains = [.. problem.Channels.Select(h => h.SquaredFrobeniusNorm())];
        double weakest = gains.Where(g => g > 0).DefaultIfEmpty(1).Min();
        double[] losses = [.. gains.Select(g => weakest / Math.Max(g, weakest))];
        return Create(problem, 0, 1, [.. losses.Select(l => problem.BandwidthHz * l / losses.Sum())], orthogonal: true);
    }

    /// <summary>The same case with every energy cost ratio at 1.</summary>
    public Network WithEqualCosts() => new(
        Problem,
        [.. Problem.Users.Select((u, k) => new OffloadTask(u with { EnergyCostRatio = 1 }, 0, 1))],
        Bandwidth,
        Orthogonal,
        [.. Uplink],
        [.. Echo]);

    /// <summary>The same case where some users neither upload nor compute.</summary>
    public Network WithIdle(Func<int, bool> idle) => new(
        Problem,
        [.. Tasks.Select((t, k) => idle(k) ? new OffloadTask(Problem.Users[k] with { CyclesPerSecond = double.PositiveInfinity }, 0, 0) : t)],
        Bandwidth,
        Orthogonal,
        [.. Uplink],
        [.. Echo]);

    private static Network Create(IsccCase problem, double lowest, double highest, double[] bandwidth, bool orthogonal) => new(
        problem,
        [.. problem.Users.Select(u => new OffloadTask(u, lowest, highest))],
        bandwidth,
        orthogonal,
        [.. problem.Channels.Select(SpectralNorm.Of)],
        [.. problem.SensingChannels.Select(SpectralNorm.Of)]);
}
