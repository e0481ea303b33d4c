using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Planning.Tests.IsacFl;

/// <summary>The equations of isac-fl written out once more, one by one, for checks and for brute force.</summary>
internal static class PaperModel
{
    /// <summary>Sensing SNR (4), mean over fading.</summary>
    public static double SensingSnr(IsacFlCase c, IsacFlDevice d, int snapshots, double power) =>
        power * Math.Pow(10, d.AntennaGainDbi / 10) * snapshots * d.SensingFadingMean * d.SensingGainFactor
        / (c.SensingNoiseWatts * Math.Pow(d.TargetDistanceMeters, c.PathLossExponent));

    /// <summary>Upload success, 1 - (9), with the modem's gap.</summary>
    public static double UploadSuccess(IsacFlCase c, IsacFlDevice d, double power)
    {
        double rate = c.ModelBits / (c.RoundDeadlineSeconds - d.TrainingSeconds);
        double loss = c.UplinkNoiseWatts * Math.Pow(d.ServerDistanceMeters, c.PathLossExponent / 2);
        double gain = power * Math.Pow(10, d.AntennaGainDbi / 10) * d.UplinkFadingMean;
        return power > 0 ? Math.Exp(-loss / gain * d.OutageGap * (Math.Pow(2, rate / d.BandwidthHz) - 1)) : 0;
    }

    /// <summary>Samples D.</summary>
    public static double Samples(IsacFlCase c, IsacFlDevice d, int snapshots) => c.SensingDurationSeconds / (snapshots * d.SnapshotSeconds);

    /// <summary>Left side of (14).</summary>
    public static double Energy(IsacFlCase c, IsacFlDevice d, int snapshots, double sensing, double uplink) =>
        (sensing * c.SensingDurationSeconds)
        + (c.Rounds * ((uplink * (c.RoundDeadlineSeconds - d.TrainingSeconds)) + (d.EnergyPerSampleJoules * Samples(c, d, snapshots))));

    /// <summary>Best D q of one device at gamma over all L, and NaN if none is feasible: (34) and (36) by full enumeration.</summary>
    public static double BestArriving(IsacFlCase c, IsacFlDevice d, double gamma)
    {
        double best = double.NaN;
        for (int snapshots = 1; snapshots <= c.MaxSnapshots && Samples(c, d, snapshots) >= 1; snapshots++)
        {
            double sensing = Math.Max(c.SensingPowerWatts.Minimum, gamma / SensingSnr(c, d, snapshots, 1));
            double left = d.EnergyBudgetJoules - Energy(c, d, snapshots, sensing, 0);
            double uplink = Math.Min(
                c.UplinkPowerWatts.Maximum, left / (c.Rounds * (c.RoundDeadlineSeconds - d.TrainingSeconds)));
            if (sensing <= c.SensingPowerWatts.Maximum && uplink >= c.UplinkPowerWatts.Minimum)
            {
                double value = Samples(c, d, snapshots) * UploadSuccess(c, d, uplink);
                best = value <= best ? best : value;
            }
        }

        return best;
    }

    /// <summary>Objective (26) recomputed from a plan's decisions alone.</summary>
    public static double Objective(IsacFlCase c, IReadOnlyList<DevicePlan> plan)
    {
        double smallest = double.PositiveInfinity, sum = 0;
        foreach ((IsacFlDevice d, DevicePlan p) in c.Devices.Zip(plan))
        {
            smallest = Math.Min(smallest, SensingSnr(c, d, p.Snapshots, p.SensingPowerWatts));
            sum += Samples(c, d, p.Snapshots) * UploadSuccess(c, d, p.UplinkPowerWatts);
        }

        return smallest * sum;
    }

    /// <summary>Every violated constraint of (16) and every reported figure that the equations do not give.</summary>
    public static IReadOnlyList<string> Violations(IsacFlCase c, IsacFlAnswer answer)
    {
        // Relative rounding of a handful of double operations; the subtraction in (36) is re-added here, so no cancellation remains.
        const double rounding = 1e-12;
        var violations = new List<string>();
        void Check(bool holds, string id, string what)
        {
            if (!holds)
            {
                violations.Add($"{answer.Method} {id}: {what}");
            }
        }

        Check(answer.Devices.Count == c.Devices.Count, "all", "one entry per device");
        foreach ((IsacFlDevice d, DevicePlan p) in c.Devices.Zip(answer.Devices))
        {
            bool Close(double a, double b) => Math.Abs(a - b) <= 1e-11 * Math.Abs(b);
            Check(p.DeviceId == d.Id, d.Id, "order");
            Check(p.Snapshots >= 1 && p.Snapshots <= c.MaxSnapshots, d.Id, "(16b)");
            Check(p.SensingPowerWatts >= c.SensingPowerWatts.Minimum && p.SensingPowerWatts <= c.SensingPowerWatts.Maximum, d.Id, "(2)");
            Check(p.UplinkPowerWatts >= c.UplinkPowerWatts.Minimum && p.UplinkPowerWatts <= c.UplinkPowerWatts.Maximum, d.Id, "(10)");
            Check(p.Samples >= 1 && Close(p.Samples, Samples(c, d, p.Snapshots)), d.Id, "D");
            Check(
                Energy(c, d, p.Snapshots, p.SensingPowerWatts, p.UplinkPowerWatts) <= d.EnergyBudgetJoules * (1 + rounding), d.Id, "(14)");
            Check(Close(p.SensingSnr, SensingSnr(c, d, p.Snapshots, p.SensingPowerWatts)), d.Id, "(4)");
            Check(Math.Abs(p.UploadSuccess - UploadSuccess(c, d, p.UplinkPowerWatts)) <= 1e-10, d.Id, "(9)");
        }

        Check(Math.Abs(answer.Objective - Objective(c, answer.Devices)) <= 1e-9 * answer.Objective, "all", "objective");
        return violations;
    }
}
