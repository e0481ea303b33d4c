using IsacTestbed.Control.Experiments;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Experiments;

public sealed class ExperimentSummaryTests
{
    private static readonly CalibratedGain Gain = new(0, -1, 1);
    private static readonly Scenario Scenario = TestScenario.Create();

    /// <summary>SNRs are pooled over frames before the logarithm: three frames at 1 and one at 9 are 3 (4.77 dB), not the mean of decibels.</summary>
    [Fact]
    public void Of_RoundsWithUnequalFrames_WeighsByFrames()
    {
        DeviceSummary device = Summary(
            Round(0, 3, 2, 1, Verdict.Valid, true),
            Round(1, 1, 2, 9, Verdict.Valid, false)).Devices[0];
        Assert.Equal(10 * Math.Log10(3), device.MeasuredSensingSnrDb!.Value, 9);
        Assert.Equal(10 * Math.Log10(2), device.PlannedSensingSnrDb, 9);
        Assert.Equal(0.5, device.MeasuredUploadSuccess);
    }

    /// <summary>Uploads that were not valid are neither successes nor outages, and are counted as dropped.</summary>
    [Fact]
    public void Of_InvalidUploads_AreLeftOutOfTheSuccess()
    {
        DeviceSummary device = Summary(
            Round(0, 2, 1, 1, Verdict.Valid, true),
            Round(1, 2, 1, 1, Verdict.Inconclusive, false),
            Round(2, 2, 1, 1, Verdict.Faulted, false),
            Round(3, 2, 1, 1, null, false)).Devices[0];
        Assert.Equal(1, device.MeasuredUploadSuccess);
        Assert.Equal(2, device.InvalidMeasurements);
    }

    [Fact]
    public void Of_DeviceWithoutAnyValidMeasurement_SaysSo()
    {
        DeviceSummary device = Summary(Round(0, 0, 4, null, Verdict.Faulted, false, frames: 5)).Devices[0];
        Assert.Null(device.MeasuredSensingSnrDb);
        Assert.Null(device.MeasuredUploadSuccess);
        Assert.Equal((5, 6), (device.Frames, device.InvalidMeasurements));
    }

    /// <summary>The first and the last quarter of eight rounds are two rounds each: 3 dB off in the first, none in the last.</summary>
    [Fact]
    public void Of_PlanThatLearns_ShowsTheErrorShrink()
    {
        MethodSummary summary = Summary([.. Enumerable.Range(0, 8).Select(r => Round(r, 4, r < 2 ? 4 : 2, 2, Verdict.Valid, r % 2 == 0, success: r < 2 ? 0.9 : 0.6))]);
        Assert.Equal(10 * Math.Log10(2), summary.EarlySnrErrorDb, 9);
        Assert.Equal(0, summary.LateSnrErrorDb, 9);
        Assert.Equal(0.4, summary.EarlySuccessError, 9);
        Assert.Equal(0.1, summary.LateSuccessError, 9);
    }

    [Fact]
    public void Of_NoPlan_KeepsTheReasons()
    {
        MethodSummary summary = ExperimentSummary.Of(Scenario, "exact", [], ["device d1: no energy"]);
        Assert.False(summary.Feasible);
        Assert.Equal(["device d1: no energy"], summary.Reasons);
        Assert.Empty(summary.Devices);
    }

    private static MethodSummary Summary(params RoundRecord[] rounds) => ExperimentSummary.Of(Scenario, "exact", rounds, []);

    private static RoundRecord Round(
        int round, int validFrames, double planned, double? measured, Verdict? upload, bool succeeded, int? frames = null, double success = 0.5) =>
        new(
            "exact",
            round,
            new Plan("exact", 1, [new DevicePlan("d1", 4, 1, 1, 10, planned, success)]),
            1,
            [new DeviceRound("d1", frames ?? validFrames, validFrames, planned, measured, success, upload, succeeded, 1, Gain, Gain)],
            succeeded ? 1 : 0,
            0.5,
            1,
            0);
}
