namespace IsacTestbed.Planning.Iscc;

/// <summary>What a plan means for one user.</summary>
/// <param name="BandwidthHz">Bandwidth of its signal.</param>
/// <param name="CommunicationSinr">gamma_k^c of (7), linear.</param>
/// <param name="SensingSinr">gamma_k^s of (8), linear.</param>
/// <param name="RateBitsPerSecond">R_k of (9).</param>
/// <param name="PowerWatts">P_k of (2).</param>
/// <param name="UploadSeconds">t_k^com of (11); 0 where nothing is offloaded.</param>
/// <param name="LocalLatencySeconds">t_k^local of (10).</param>
/// <param name="OffloadLatencySeconds">t_k^off of (11).</param>
/// <param name="UeEnergyJoules">E_k^u of (16).</param>
/// <param name="ApEnergyJoules">E_k^ap of (15).</param>
public sealed record IsccUserFigures(
    double BandwidthHz,
    double CommunicationSinr,
    double SensingSinr,
    double RateBitsPerSecond,
    double PowerWatts,
    double UploadSeconds,
    double LocalLatencySeconds,
    double OffloadLatencySeconds,
    double UeEnergyJoules,
    double ApEnergyJoules);
