namespace IsacTestbed.Planning.IsacFl;

/// <summary>The three baselines of isac-fl: each fixes how the energy is divided, and L maximises the device's D q.</summary>
/// <remarks>
/// The snapshot count of the baselines is not stated in the paper. All three follow (14), where training costs E_G kappa D; the paper
/// writes Uniform without E_G.
/// </remarks>
internal static class Baseline
{
    /// <summary>Allocates every device; lines for those that have no feasible triple.</summary>
    public static (Allocation[] Allocations, IReadOnlyList<string> Reasons) Allocate(
        Fleet fleet, IsacFlCase problem, string method, CancellationToken cancellationToken)
    {
        Func<DeviceModel, int, (double Sensing, double Uplink)> rule = method switch
        {
            IsacFlMethods.MaxSensing => (device, snapshots) => MaxSensing(device, snapshots, problem),
            IsacFlMethods.MaxComm => (device, snapshots) => MaxComm(device, snapshots, problem),
            IsacFlMethods.Uniform => Uniform,
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a baseline."),
        };
        var allocations = new Allocation[fleet.Devices.Count];
        var reasons = new List<string>();
        for (int k = 0; k < allocations.Length; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DeviceModel device = fleet.Devices[k];
            if (Best(device, problem, rule) is { } best)
            {
                allocations[k] = best;
            }
            else
            {
                reasons.Add(Reason(device, problem, method, rule));
            }
        }

        return (allocations, reasons);
    }

    private static (double Sensing, double Uplink) MaxSensing(DeviceModel device, int snapshots, IsacFlCase problem)
    {
        double sensing = problem.SensingPowerWatts.Maximum;
        return (sensing, device.UplinkPower(device.EnergyForUplink(snapshots, sensing)));
    }

    private static (double Sensing, double Uplink) MaxComm(DeviceModel device, int snapshots, IsacFlCase problem)
    {
        double uplink = problem.UplinkPowerWatts.Maximum;
        return (device.SensingPower(device.EnergyAfterTraining(snapshots) - device.UplinkEnergy(uplink)), uplink);
    }

    private static (double Sensing, double Uplink) Uniform(DeviceModel device, int snapshots)
    {
        double half = device.EnergyAfterTraining(snapshots) / 2;
        return (device.SensingPower(half), device.UplinkPower(half));
    }

    private static Allocation? Best(DeviceModel device, IsacFlCase problem, Func<DeviceModel, int, (double Sensing, double Uplink)> rule)
    {
        Allocation? best = null;
        for (int snapshots = 1; snapshots <= device.MaxSnapshots; snapshots++)
        {
            double samples = device.Samples(snapshots);
            if (samples < best?.Arriving)
            {
                break;
            }

            (double sensing, double uplink) = rule(device, snapshots);
            if (sensing >= problem.SensingPowerWatts.Minimum && uplink >= problem.UplinkPowerWatts.Minimum)
            {
                sensing = Math.Min(sensing, problem.SensingPowerWatts.Maximum);
                uplink = Math.Min(uplink, problem.UplinkPowerWatts.Maximum);
                var candidate = new Allocation(snapshots, sensing, uplink, samples, device.UploadSuccess(uplink));
                if (best is null || candidate.Arriving > best.Value.Arriving)
                {
                    best = candidate;
                }
            }
        }

        return best;
    }

    private static string Reason(
        DeviceModel device, IsacFlCase problem, string method, Func<DeviceModel, int, (double Sensing, double Uplink)> rule)
    {
        if (device.LargestSensingSnr() < 0)
        {
            return device.Infeasibility();
        }

        // What is left grows with L, so the largest L is the most lenient.
        (double sensing, double uplink) = rule(device, device.MaxSnapshots);
        bool isSensing = sensing < problem.SensingPowerWatts.Minimum;
        string key = isSensing ? "sensingPowerWatts" : "uplinkPowerWatts";
        (double left, double minimum) = isSensing
            ? (sensing, problem.SensingPowerWatts.Minimum)
            : (uplink, problem.UplinkPowerWatts.Minimum);
        return FormattableString.Invariant(
            $"device {device.Id}: eq. (14): {method} leaves {key} at most {left:G6} of energyBudgetJoules (at L = {device.MaxSnapshots}), below its minimum, {minimum:G6}");
    }
}
