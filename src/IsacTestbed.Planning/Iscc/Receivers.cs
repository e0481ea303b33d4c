using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>One of the two kinds of receivers that hear every user: the access point, or the users' echo receivers.</summary>
/// <param name="Channels">The users' channels to it, H_k or H~_k: at all receivers of the kind user k's signals arrive over channel k.</param>
/// <param name="Norms">Their norms. A user's own beam, the one for this kind of receiver, is measured along the dominant direction.</param>
/// <param name="Others">Norms of the channels to the other kind, along whose dominant directions the users' other beams are measured.</param>
/// <param name="NoiseWatts">Noise power per antenna.</param>
/// <param name="BudgetWatts">Power budget of a user.</param>
internal sealed record Receivers(
    IReadOnlyList<ComplexMatrix> Channels,
    IReadOnlyList<SpectralNorm> Norms,
    IReadOnlyList<SpectralNorm> Others,
    double NoiseWatts,
    double BudgetWatts)
{
    /// <summary>The access point, for the data.</summary>
    public static Receivers AtAp(Network network) =>
        new(network.Problem.Channels, network.Uplink, network.Echo, network.Problem.ApNoiseWatts, network.Problem.MaxPowerWatts);

    /// <summary>The users' echo receivers, for sensing.</summary>
    public static Receivers AtUsers(Network network) =>
        new(network.Problem.SensingChannels, network.Echo, network.Uplink, network.Problem.SensingNoiseWatts, network.Problem.MaxPowerWatts);
}
