using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>The energy cost minimisation (P1) of iscc: users that sense a target, offload part of a task and compute the rest.</summary>
/// <param name="BandwidthHz">Bandwidth B that all users share; above zero.</param>
/// <param name="MaxPowerWatts">Transmit power budget per user, P_max; above zero.</param>
/// <param name="ApNoiseWatts">Noise power per antenna of the access point, sigma_1^2; above zero.</param>
/// <param name="SensingNoiseWatts">Noise power per antenna of a user's echo receiver, sigma_2^2; above zero.</param>
/// <param name="SensingSinrThreshold">Least sensing SINR, gamma_th, linear; above zero.</param>
/// <param name="ApCyclesPerSecond">Processor of the access point, C_ap; above zero.</param>
/// <param name="Users">The users; at least one.</param>
/// <param name="Channels">H_k per user: M_a rows, M_t columns, all of one shape.</param>
/// <param name="SensingChannels">H~_k per user: M_r rows, M_t columns, all of one shape, with the columns of H_k.</param>
public sealed record IsccCase(
    double BandwidthHz,
    double MaxPowerWatts,
    double ApNoiseWatts,
    double SensingNoiseWatts,
    double SensingSinrThreshold,
    double ApCyclesPerSecond,
    IReadOnlyList<IsccUser> Users,
    IReadOnlyList<ComplexMatrix> Channels,
    IReadOnlyList<ComplexMatrix> SensingChannels)
{
    /// <summary>Top-level keys of a case file.</summary>
    internal static readonly IReadOnlyList<string> Keys =
    [
        "bandwidthHz", "maxPowerWatts", "apNoiseWatts", "sensingNoiseWatts", "sensingSinrThresholdDb", "taskBits", "latencySeconds",
        "cyclesPerBit", "ueCyclesPerSecond", "ueCapacitance", "apCapacitance", "energyCostRatio", "apCyclesPerSecond", "channels",
        "sensingChannels",
    ];

    /// <summary>Reads a case file; unknown keys, wrong shapes, signs and ranges are refused.</summary>
    /// <param name="document">The root of the document.</param>
    /// <exception cref="ConfigurationException">A key is missing, unknown or wrong; the message names it.</exception>
    public static IsccCase Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        double bandwidth = document.Quantity("bandwidthHz");
        double power = document.Quantity("maxPowerWatts");
        double apNoise = document.Quantity("apNoiseWatts");
        double sensingNoise = document.Quantity("sensingNoiseWatts");
        double threshold = Math.Pow(10, document.Number("sensingSinrThresholdDb", -200, 200) / 10);
        double[] bits = document.Quantities("taskBits");
        if (bits.Length == 0)
        {
            throw document.Error("taskBits", "found a list of 0; it must have one entry per user, at least one");
        }

        double[] latency = PerUser(document, "latencySeconds", bits.Length);
        double[] cycles = PerUser(document, "cyclesPerBit", bits.Length);
        double[] clock = PerUser(document, "ueCyclesPerSecond", bits.Length);
        double[] capacitance = PerUser(document, "ueCapacitance", bits.Length);
        double[] apCapacitance = PerUser(document, "apCapacitance", bits.Length);
        double[] ratio = PerUser(document, "energyCostRatio", bits.Length);
        double apClock = document.Quantity("apCyclesPerSecond");
        ComplexMatrix[] channels = CaseArrays.Matrices(document, "channels", bits.Length, "user");
        ComplexMatrix[] sensing = CaseArrays.Matrices(document, "sensingChannels", bits.Length, "user");
        if (channels[0].Columns != sensing[0].Columns)
        {
            throw document.Error(
                "sensingChannels",
                $"found {sensing[0].Columns} columns; they must be as many as those of channels, {channels[0].Columns}, one per transmit antenna");
        }

        document.RejectUnknownKeys();
        IsccUser[] users =
        [
            .. bits.Select((q, k) => new IsccUser(q, latency[k], cycles[k], clock[k], capacitance[k], apCapacitance[k], ratio[k])),
        ];
        return new IsccCase(bandwidth, power, apNoise, sensingNoise, threshold, apClock, users, channels, sensing);
    }

    private static double[] PerUser(ConfigurationObject document, string key, int count)
    {
        double[] values = document.Quantities(key);
        return values.Length == count
            ? values
            : throw document.Error(key, $"found a list of {values.Length}; it must have one entry per user, {count} as taskBits has");
    }
}
