using IsacTestbed.Core;

namespace IsacTestbed.Planning.IsacFl;

/// <summary>One device of an isac-fl case.</summary>
/// <param name="Id">Name, unique within the case.</param>
/// <param name="SnapshotSeconds">Length of one snapshot, tau_k; above zero.</param>
/// <param name="TargetDistanceMeters">Distance to the target, d_k; above zero.</param>
/// <param name="ServerDistanceMeters">Distance to the server, d_k,s; above zero.</param>
/// <param name="AntennaGainDbi">Antenna gain, 10 log10 G_k.</param>
/// <param name="SensingFadingMean">Mean of the echo's fading factor, Omega^s_k; above zero.</param>
/// <param name="UplinkFadingMean">Mean of the uplink's fading factor, Omega^c_k; above zero.</param>
/// <param name="EnergyBudgetJoules">Energy for the whole training, E_k; above zero.</param>
/// <param name="EnergyPerSampleJoules">Training energy per sample and round, kappa_k; zero or above.</param>
/// <param name="BandwidthHz">Uplink bandwidth, B_k; above zero.</param>
/// <param name="TrainingSeconds">Local training time per round, T^train_k; at least zero and below the round's deadline.</param>
public sealed record IsacFlDevice(
    string Id,
    double SnapshotSeconds,
    double TargetDistanceMeters,
    double ServerDistanceMeters,
    double AntennaGainDbi,
    double SensingFadingMean,
    double UplinkFadingMean,
    double EnergyBudgetJoules,
    double EnergyPerSampleJoules,
    double BandwidthHz,
    double TrainingSeconds)
{
    /// <summary>
    /// SNR, linear, by which the uplink modem falls short of Shannon's rate in eq. (9): an upload fails if its SNR is below
    /// Gap (2^(R/B) - 1). Above zero; 1, the default, is eq. (9) as written.
    /// </summary>
    /// <remarks>Measured by calibration; a case file has no key for it.</remarks>
    public double OutageGap
    {
        get;
        init => field = RequirePositive(value, nameof(OutageGap));
    } = 1;

    /// <summary>Measured sensing SNR over the one eq. (4) predicts, linear, above zero; 1, the default, is eq. (4) as written.</summary>
    /// <remarks>Measured by calibration; a case file has no key for it.</remarks>
    public double SensingGainFactor
    {
        get;
        init => field = RequirePositive(value, nameof(SensingGainFactor));
    } = 1;

    /// <summary>Reads one entry of <c>devices</c>.</summary>
    internal static IsacFlDevice Read(ConfigurationObject device, double roundDeadlineSeconds)
    {
        var result = new IsacFlDevice(
            device.Text("id"),
            device.Quantity("snapshotSeconds"),
            device.Quantity("targetDistanceMeters"),
            device.Quantity("serverDistanceMeters"),
            device.Number("antennaGainDbi", -200, 200),
            device.Quantity("sensingFadingMean"),
            device.Quantity("uplinkFadingMean"),
            device.Quantity("energyBudgetJoules"),
            device.QuantityOrZero("energyPerSampleJoules"),
            device.Quantity("bandwidthHz"),
            device.QuantityOrZero("trainingSeconds"));
        device.RejectUnknownKeys();
        return result.TrainingSeconds < roundDeadlineSeconds
            ? result
            : throw device.Error(
                "trainingSeconds",
                FormattableString.Invariant(
                    $"found {result.TrainingSeconds}; it must be below roundDeadlineSeconds, {roundDeadlineSeconds}, or no time is left to upload"));
    }

    private static double RequirePositive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is a linear ratio; it must be finite and above zero.");
}
