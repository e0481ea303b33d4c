using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>Problem (10) of vfl-beamforming: beamformers of all cells that maximise rho R_c + (1 - rho) R_s under a power limit per base station.</summary>
/// <param name="PowerWatts">Power limit of a base station, P_T; above zero.</param>
/// <param name="UserNoiseWatts">Noise power at a user, sigma_c^2; above zero.</param>
/// <param name="SensingNoiseWatts">Noise power behind the combiner of an echo receiver, sigma_s^2; above zero.</param>
/// <param name="Rho">Weight of the communication rate, in [0, 1].</param>
/// <param name="Channels">
/// h_{n,m,k} as [n][m]: from base station n to the users of cell m, a matrix of K rows (users) and N_T columns; applied as h^H w.
/// </param>
/// <param name="SensingChannels">g_{n,m,j} as [n][m]: J rows (targets of cell m) and N_T columns; applied as g^H W.</param>
public sealed record VflBeamformingCase(
    double PowerWatts,
    double UserNoiseWatts,
    double SensingNoiseWatts,
    double Rho,
    IReadOnlyList<IReadOnlyList<ComplexMatrix>> Channels,
    IReadOnlyList<IReadOnlyList<ComplexMatrix>> SensingChannels)
{
    /// <summary>Top-level keys of a case file.</summary>
    internal static readonly IReadOnlyList<string> Keys =
        ["powerWatts", "userNoiseWatts", "sensingNoiseWatts", "rho", "channels", "sensingChannels"];

    /// <summary>Number of cells and base stations, M.</summary>
    public int Cells => Channels.Count;

    /// <summary>Users per cell, K.</summary>
    public int Users => Channels[0][0].Rows;

    /// <summary>Targets per cell, J.</summary>
    public int Targets => SensingChannels[0][0].Rows;

    /// <summary>Transmit antennas of a base station, N_T.</summary>
    public int Antennas => Channels[0][0].Columns;

    /// <summary>The four sizes.</summary>
    internal NetworkShape Shape => new(Cells, Users, Targets, Antennas);

    /// <summary>Reads a case file; unknown keys, wrong shapes, signs and ranges are refused.</summary>
    /// <param name="document">The root of the document.</param>
    /// <exception cref="ConfigurationException">A key is missing, unknown or wrong; the message names it.</exception>
    public static VflBeamformingCase Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        double power = document.Quantity("powerWatts");
        double userNoise = document.Quantity("userNoiseWatts");
        double sensingNoise = document.Quantity("sensingNoiseWatts");
        double rho = document.Number("rho", 0, 1);
        ComplexMatrix[][] channels = CaseArrays.SquareOfMatrices(document, "channels");
        ComplexMatrix[][] sensing = CaseArrays.SquareOfMatrices(document, "sensingChannels", channels.Length);
        if (sensing[0][0].Columns != channels[0][0].Columns)
        {
            throw document.Error(
                "sensingChannels",
                $"found vectors of {sensing[0][0].Columns} entries; they must have as many as those of channels, {channels[0][0].Columns}, one per transmit antenna");
        }

        document.RejectUnknownKeys();
        return new VflBeamformingCase(power, userNoise, sensingNoise, rho, channels, sensing);
    }
}
