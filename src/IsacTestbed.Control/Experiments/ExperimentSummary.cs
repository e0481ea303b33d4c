using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Experiments;

/// <summary>Planned against measured, from the recorded rounds of a strategy.</summary>
public static class ExperimentSummary
{
    /// <summary>Sums up a strategy.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="method">The strategy.</param>
    /// <param name="rounds">Its rounds, in order; empty when the planner found no plan.</param>
    /// <param name="reasons">Why there is no plan; empty when there is.</param>
    public static MethodSummary Of(Scenario scenario, string method, IReadOnlyList<RoundRecord> rounds, IReadOnlyList<string> reasons)
    {
        DeviceSummary[] devices = rounds.Count == 0 ? [] : [.. Enumerable.Range(0, scenario.Devices.Count).Select(k => OfDevice(rounds, k))];
        int window = Math.Max(1, rounds.Count / 4);
        return new MethodSummary(
            method,
            reasons.Count == 0,
            reasons,
            rounds.Count,
            rounds.Count == 0 ? 0 : rounds[^1].Accuracy,
            SnrError([.. rounds.Take(window)]),
            SnrError([.. rounds.TakeLast(window)]),
            SuccessError([.. rounds.Take(window)], devices),
            SuccessError([.. rounds.TakeLast(window)], devices),
            rounds.Count == 0 ? 0 : rounds[^1].GapDb,
            devices);
    }

    private static DeviceSummary OfDevice(IReadOnlyList<RoundRecord> rounds, int device)
    {
        DeviceRound[] own = [.. rounds.Select(r => r.Devices[device])];
        DeviceRound[] sensed = [.. own.Where(r => r.MeasuredSensingSnr is not null)];
        DeviceRound[] uploads = [.. own.Where(r => r.UploadVerdict == Verdict.Valid)];
        double frames = sensed.Sum(r => r.ValidFrames);
        return new DeviceSummary(
            own[0].DeviceId,
            ToDb(sensed.Length == 0 ? own.Average(r => r.PlannedSensingSnr) : sensed.Sum(r => r.PlannedSensingSnr * r.ValidFrames) / frames),
            sensed.Sum(r => r.MeasuredSensingSnr!.Value * r.ValidFrames) is > 0 and var measured ? ToDb(measured / frames) : null,
            own.Average(r => r.PlannedUploadSuccess),
            uploads.Length == 0 ? null : uploads.Average(r => r.UploadSucceeded ? 1.0 : 0.0),
            own.Sum(r => r.Frames),
            own.Sum(r => r.Frames - r.ValidFrames + (r.UploadVerdict is Verdict.Inconclusive or Verdict.Faulted ? 1 : 0)),
            own[^1].SensingGain,
            own[^1].UplinkGain);
    }

    // Pooled over the rounds of the window before the logarithm: a single round's few frames fade too much to tell an error of the model.
    private static double SnrError(IReadOnlyList<RoundRecord> rounds)
    {
        if (rounds.Count == 0)
        {
            return 0;
        }

        var errors = new List<double>();
        for (int device = 0; device < rounds[0].Devices.Count; device++)
        {
            DeviceRound[] sensed = [.. rounds.Select(r => r.Devices[device]).Where(r => r.MeasuredSensingSnr is not null)];
            double planned = sensed.Sum(r => r.PlannedSensingSnr * r.ValidFrames), measured = sensed.Sum(r => r.MeasuredSensingSnr!.Value * r.ValidFrames);
            if (planned > 0 && measured > 0)
            {
                errors.Add(Math.Abs(ToDb(planned / measured)));
            }
        }

        return errors.Count == 0 ? 0 : errors.Average();
    }

    private static double SuccessError(IReadOnlyList<RoundRecord> rounds, IReadOnlyList<DeviceSummary> devices)
    {
        double[] errors =
        [
            .. devices.Select((device, k) => (device.MeasuredUploadSuccess, Planned: rounds.Average(r => r.Devices[k].PlannedUploadSuccess)))
                .Where(pair => pair.MeasuredUploadSuccess is not null)
                .Select(pair => Math.Abs(pair.Planned - pair.MeasuredUploadSuccess!.Value)),
        ];
        return errors.Length == 0 ? 0 : errors.Average();
    }

    private static double ToDb(double linear) => new PowerRatio(linear).ToDecibels().Value;
}
