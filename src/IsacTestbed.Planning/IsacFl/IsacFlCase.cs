using System.Globalization;
using IsacTestbed.Core;

namespace IsacTestbed.Planning.IsacFl;

/// <summary>The resource allocation problem (16) of isac-fl, with the convergence bound (25) as its objective.</summary>
/// <param name="Rounds">Global rounds, E_G; at least 1.</param>
/// <param name="SensingDurationSeconds">Sensing duration, T^s; above zero.</param>
/// <param name="RoundDeadlineSeconds">Deadline of training plus upload in each round, T_th; above zero.</param>
/// <param name="PathLossExponent">Round-trip exponent alpha_p of eq. (4); the one-way exponent of eq. (6) is half of it. Zero or above.</param>
/// <param name="SensingNoiseWatts">Noise power of the echo receiver, sigma_s^2; above zero.</param>
/// <param name="UplinkNoiseWatts">Noise power of the server's receiver, sigma_c^2; above zero.</param>
/// <param name="ModelBits">Size of one model upload, z; above zero.</param>
/// <param name="SensingPowerWatts">Bounds (2) of the sensing power.</param>
/// <param name="UplinkPowerWatts">Bounds (10) of the uplink power.</param>
/// <param name="MaxSnapshots">Largest number of snapshots per sample, L_max; at least 1.</param>
/// <param name="Devices">The devices; at least one.</param>
public sealed record IsacFlCase(
    int Rounds,
    double SensingDurationSeconds,
    double RoundDeadlineSeconds,
    double PathLossExponent,
    double SensingNoiseWatts,
    double UplinkNoiseWatts,
    double ModelBits,
    PowerRange SensingPowerWatts,
    PowerRange UplinkPowerWatts,
    int MaxSnapshots,
    IReadOnlyList<IsacFlDevice> Devices)
{
    /// <summary>Most snapshots per sample: Algorithm 2 and the baselines try them one by one.</summary>
    internal const int MostSnapshots = 1_000_000;

    // Free space has 4 over both ways, the worst buildings some 12.
    private const double MostPathLossExponent = 20;

    /// <summary>Top-level keys of a case file.</summary>
    internal static readonly IReadOnlyList<string> Keys =
    [
        "rounds", "sensingDurationSeconds", "roundDeadlineSeconds", "pathLossExponent", "sensingNoiseWatts", "uplinkNoiseWatts",
        "modelBits", "sensingPowerWatts", "uplinkPowerWatts", "maxSnapshots", "devices",
    ];

    /// <summary>Reads a case file; unknown keys, wrong kinds, signs and ranges are refused.</summary>
    /// <param name="document">The root of the document.</param>
    /// <exception cref="ConfigurationException">A key is missing, unknown or wrong; the message names it.</exception>
    public static IsacFlCase Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        int rounds = document.Integer("rounds", 1);
        double sensingDuration = document.Quantity("sensingDurationSeconds");
        double deadline = document.Quantity("roundDeadlineSeconds");
        double exponent = document.Number("pathLossExponent", 0, MostPathLossExponent);
        double sensingNoise = document.Quantity("sensingNoiseWatts");
        double uplinkNoise = document.Quantity("uplinkNoiseWatts");
        double modelBits = document.Quantity("modelBits");
        PowerRange sensingPower = ReadPower(document, "sensingPowerWatts");
        PowerRange uplinkPower = ReadPower(document, "uplinkPowerWatts");
        int maxSnapshots = document.Integer("maxSnapshots", 1, MostSnapshots);

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var devices = new List<IsacFlDevice>();
        foreach (ConfigurationObject entry in document.Objects("devices"))
        {
            IsacFlDevice device = IsacFlDevice.Read(entry, deadline);
            devices.Add(ids.Add(device.Id) ? device : throw entry.Error("id", $"found {device.Id} a second time; ids must be unique"));
        }

        document.RejectUnknownKeys();
        return new IsacFlCase(
            rounds, sensingDuration, deadline, exponent, sensingNoise, uplinkNoise, modelBits, sensingPower, uplinkPower, maxSnapshots, devices);
    }

    private static PowerRange ReadPower(ConfigurationObject document, string key)
    {
        (double minimum, double maximum) = document.Range(key, 0, CaseNumbers.Most);
        return maximum >= CaseNumbers.Least
            ? new PowerRange(minimum, maximum)
            : throw document.Error(key, string.Create(CultureInfo.InvariantCulture, $"found a maximum of {maximum}; it must be at least {CaseNumbers.Least}"));
    }
}
