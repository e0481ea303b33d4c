using IsacTestbed.Control.Calibration;
using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Learning;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Scheduling;
using IsacTestbed.Core;
using IsacTestbed.Learning.Networks;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Control.Experiments;

/// <summary>
/// The closed loop of one strategy: plan, compile to timed bursts, push, execute, measure, learn, calibrate, and plan again.
/// </summary>
/// <param name="scenario">The scenario.</param>
/// <param name="planner">The planner.</param>
/// <param name="sensing">The sensing phase: schedules out, echo frames back.</param>
/// <param name="uplink">The upload phase: messages out, what was decoded back.</param>
/// <param name="data">Turns frames into samples.</param>
/// <param name="records">Where rounds and states are recorded.</param>
/// <param name="observer">Watches.</param>
internal sealed class ClosedLoop(
    Scenario scenario,
    IsacFlPlanner planner,
    SensingStage sensing,
    UplinkStage uplink,
    ITrainingData data,
    RunFolder records,
    IRunObserver observer)
{
    /// <summary>Runs a strategy to its last round, from where its checkpoint left off.</summary>
    /// <param name="method">The planner's method.</param>
    /// <param name="cancellationToken">Stops between any two steps; the last checkpoint stays valid.</param>
    public async Task<MethodSummary> RunAsync(string method, CancellationToken cancellationToken)
    {
        using var learner = new FederatedLearner(scenario, data);
        var channels = new ChannelModel(scenario, uplink.BytesOnAir);
        LoopState state = Resume(method, learner);
        Plan? plan = records.Rounds(method) is [.., var last] ? last.Plan : null;
        observer.MethodStarted(method, scenario.Rounds, state.NextRound);

        while (state.NextRound < scenario.Rounds)
        {
            int round = state.NextRound;
            IsacFlAnswer answer = planner.Solve(channels.Case(state.Calibration), method, cancellationToken);
            if (!answer.Feasible && plan is null)
            {
                return Complete(ExperimentSummary.Of(scenario, method, [], answer.Reasons));
            }

            // A plan that was feasible stays so: calibration moves gains, not energies. If the method fails on the new gains, the old plan goes on.
            plan = answer.Feasible ? answer.ToPlan() : plan!;

            IReadOnlyList<EchoFrame>[] frames = await sensing.SenseRoundAsync(round, Orders(plan, state), cancellationToken).ConfigureAwait(false);
            for (int device = 0; device < frames.Length; device++)
            {
                data.Collect(device, round, frames[device], state.Collected[device]);
            }

            double[] powers = [.. plan.Devices.Select(d => d.UplinkPowerWatts)];
            UplinkResult uploads = await uplink.UploadRoundAsync(round, learner, state.Collected, powers, cancellationToken).ConfigureAwait(false);
            learner.CompleteRound(uploads.Arrived);
            Evaluation evaluation = learner.Evaluate();

            state.Calibration = Calibrate(state.Calibration, channels, plan, frames, uploads.Measurements);
            state.NextRound++;
            RoundRecord record = Record(method, round, plan, frames, uploads, evaluation, state.Calibration);
            records.Append(
                record,
                frames.SelectMany(f => f).Select(f => f.Measurement),
                uploads.Measurements.OfType<UploadMeasurement>(),
                state.Collected,
                logs => new Checkpoint(state.NextRound, learner.Save(), state.Calibration, state.FrameDebt, logs));
            observer.RoundCompleted(record);
        }

        return Complete(ExperimentSummary.Of(scenario, method, records.Rounds(method), []));
    }

    private LoopState Resume(string method, FederatedLearner learner)
    {
        CollectedSamples[] collected = [.. scenario.Devices.Select(_ => new CollectedSamples(data.Shape.Size))];
        Checkpoint? checkpoint = records.Restore(method, collected);
        if (checkpoint is not null)
        {
            learner.Restore(checkpoint.Model);
        }

        return LoopState.From(scenario, checkpoint, collected);
    }

    private SensingOrder[] Orders(Plan plan, LoopState state) =>
    [
        .. plan.Devices.Select((d, k) => new SensingOrder(state.TakeFrames(k, d.Samples, scenario.Rounds), d.Snapshots, d.SensingPowerWatts)),
    ];

    private CalibratedModel Calibrate(
        CalibratedModel model,
        ChannelModel channels,
        Plan plan,
        IReadOnlyList<EchoFrame>[] frames,
        IReadOnlyList<UploadMeasurement?> uploads)
    {
        for (int k = 0; k < plan.Devices.Count; k++)
        {
            DevicePlan device = plan.Devices[k];
            double modelledSensing = channels.SensingSnr(k, device.SensingPowerWatts, device.Snapshots);
            model = model.ObserveSensing(k, modelledSensing, sensing.EstimateVariance(k), frames[k].Select(f => f.Measurement));
            if (uploads[k] is { } upload)
            {
                double modelled = channels.UplinkSnr(k, device.UplinkPowerWatts);
                model = model.ObserveUpload(k, modelled, channels.ShannonSnr(k), uplink.DetectionSnr, upload);
            }
        }

        return model;
    }

    private static RoundRecord Record(
        string method,
        int round,
        Plan plan,
        IReadOnlyList<EchoFrame>[] frames,
        UplinkResult uploads,
        Evaluation evaluation,
        CalibratedModel calibration)
    {
        var devices = new DeviceRound[plan.Devices.Count];
        for (int k = 0; k < devices.Length; k++)
        {
            SensingMeasurement[] valid = [.. frames[k].Select(f => f.Measurement).Where(m => m.Verdict == Verdict.Valid)];
            UploadMeasurement? upload = uploads.Measurements[k];
            devices[k] = new DeviceRound(
                plan.Devices[k].DeviceId,
                frames[k].Count,
                valid.Length,
                plan.Devices[k].SensingSnr,
                valid.Length == 0 ? null : valid.Average(m => m.SensingSnr),
                plan.Devices[k].UploadSuccess,
                upload?.Verdict,
                upload?.Succeeded ?? false,
                upload is { Detected: true } ? upload.UplinkSnr : null,
                Gain(calibration.Devices[k].Sensing),
                Gain(calibration.Devices[k].Uplink));
        }

        double bound = ConvergenceBound.DominantTerm(plan.Objective, plan.Devices.Count);
        return new RoundRecord(
            method, round, plan, bound, devices, uploads.Arrived.Count, evaluation.Accuracy, evaluation.Loss, ToDb(calibration.Gap.Gap));
    }

    private MethodSummary Complete(MethodSummary summary)
    {
        observer.MethodCompleted(summary);
        return summary;
    }

    private static CalibratedGain Gain(MeanGain gain)
    {
        (double lower, double upper) = gain.Interval();
        return new CalibratedGain(ToDb(gain.Ratio), ToDb(lower), ToDb(upper));
    }

    private static double ToDb(double linear) => new PowerRatio(linear).ToDecibels().Value;
}
