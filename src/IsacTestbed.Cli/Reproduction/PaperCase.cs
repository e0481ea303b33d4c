using IsacTestbed.Cli.Documents;
using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>The shipped case behind the figures of isac-fl, and its variants.</summary>
internal static class PaperCase
{
    /// <summary>The case file, which explains every constant that the paper leaves open.</summary>
    public const string FileName = "isac-fl-paper.yaml";

    /// <summary>Reads the shipped case.</summary>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    public static IsacFlCase Read() => IsacFlCase.Read(DocumentFile.Read(Path.Combine(AppContext.BaseDirectory, "scenarios", FileName)));

    /// <summary>The case with another number of devices, spread over the same distances: both are interpolated along the list of devices, so
    /// that the shipped number gives the shipped case.</summary>
    /// <param name="problem">The shipped case.</param>
    /// <param name="count">Number of devices, at least 2.</param>
    public static IsacFlCase WithDevices(IsacFlCase problem, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        IReadOnlyList<IsacFlDevice> given = problem.Devices;
        return problem with
        {
            Devices =
            [
                .. Enumerable.Range(0, count).Select(k =>
                {
                    double position = (double)k * (given.Count - 1) / (count - 1);
                    int below = Math.Min((int)position, given.Count - 2);
                    double share = position - below;
                    return given[below] with
                    {
                        Id = FormattableString.Invariant($"device-{k + 1}"),
                        TargetDistanceMeters = double.Lerp(given[below].TargetDistanceMeters, given[below + 1].TargetDistanceMeters, share),
                        ServerDistanceMeters = double.Lerp(given[below].ServerDistanceMeters, given[below + 1].ServerDistanceMeters, share),
                    };
                }),
            ],
        };
    }

    /// <summary>The case with another energy budget for its last device.</summary>
    public static IsacFlCase WithStraggler(IsacFlCase problem, double energyBudgetJoules) =>
        problem with { Devices = [.. problem.Devices.SkipLast(1), problem.Devices[^1] with { EnergyBudgetJoules = energyBudgetJoules }] };

    /// <summary>
    /// Plans that spend a given share of each device's energy, after training, on communication and the rest on sensing: the sweep of Fig. 9.
    /// </summary>
    /// <param name="problem">The case.</param>
    /// <param name="snapshots">A plan whose snapshot counts and hence sample counts are kept.</param>
    /// <param name="communicationShare">Share for communication, in (0, 1).</param>
    /// <remarks>
    /// The maximum powers hold and what they leave is not spent; the minimum sensing power, an open constant of the case, does not, or the
    /// sweep could not go below 0 dB as the paper's does. (4) is proportional to the power and the logarithm of (9) to its inverse.
    /// </remarks>
    public static IReadOnlyList<DevicePlan> SplitEnergy(IsacFlCase problem, IReadOnlyList<DevicePlan> snapshots, double communicationShare) =>
    [
        .. snapshots.Zip(problem.Devices, (plan, device) =>
        {
            double energy = device.EnergyBudgetJoules - (problem.Rounds * device.EnergyPerSampleJoules * plan.Samples);
            double uplinkSeconds = problem.Rounds * (problem.RoundDeadlineSeconds - device.TrainingSeconds);
            double sensing = Math.Min((1 - communicationShare) * energy / problem.SensingDurationSeconds, problem.SensingPowerWatts.Maximum);
            double uplink = Math.Min(communicationShare * energy / uplinkSeconds, problem.UplinkPowerWatts.Maximum);
            return plan with
            {
                SensingPowerWatts = sensing,
                UplinkPowerWatts = uplink,
                SensingSnr = plan.SensingSnr * sensing / plan.SensingPowerWatts,
                UploadSuccess = Math.Pow(plan.UploadSuccess, plan.UplinkPowerWatts / uplink),
            };
        }),
    ];
}
