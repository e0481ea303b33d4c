using System.Numerics;

namespace IsacTestbed.Planning.Iscc;

/// <summary>A plan of iscc: what each user transmits, how it is received, and who computes how much how fast. One entry per user everywhere.</summary>
/// <param name="Offloading">Offloaded share alpha_k of the task.</param>
/// <param name="DataBeams">f_k, M_t entries, in square root watts; zero where nothing is offloaded.</param>
/// <param name="SensingBeams">u_k, M_t entries, in square root watts.</param>
/// <param name="ApCombiners">w_k, M_a entries of unit norm; applied as w^H y.</param>
/// <param name="UeCombiners">w~_k, M_r entries of unit norm; applied as w~^H y.</param>
/// <param name="UeCyclesPerSecond">Clock f_k^u of the user's processor.</param>
/// <param name="ApCyclesPerSecond">Clock f_k^ap that the access point spends on the user.</param>
/// <param name="BandwidthHz">Bandwidth of the user's signal.</param>
/// <param name="Orthogonal">
/// Whether the users' bands are disjoint, so that the terms of other users in (7) and (8) vanish; otherwise all share one band.
/// </param>
public sealed record IsccPlan(
    IReadOnlyList<double> Offloading,
    IReadOnlyList<Complex[]> DataBeams,
    IReadOnlyList<Complex[]> SensingBeams,
    IReadOnlyList<Complex[]> ApCombiners,
    IReadOnlyList<Complex[]> UeCombiners,
    IReadOnlyList<double> UeCyclesPerSecond,
    IReadOnlyList<double> ApCyclesPerSecond,
    IReadOnlyList<double> BandwidthHz,
    bool Orthogonal);
