using System.Text.Json.Serialization;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>How far the true gain of a channel lies above the model's, with its 95 % interval.</summary>
/// <param name="GainDb">The estimate.</param>
/// <param name="LowerDb">Lower end of the interval.</param>
/// <param name="UpperDb">Upper end of the interval.</param>
public sealed record CalibratedGain(double GainDb, double LowerDb, double UpperDb);

/// <summary>What one device planned and measured in one round.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Frames">Frames sensed in this round.</param>
/// <param name="ValidFrames">Frames with a valid verdict.</param>
/// <param name="PlannedSensingSnr">Sensing SNR that the plan expected, linear.</param>
/// <param name="MeasuredSensingSnr">Mean over the valid frames, linear; null when there was none.</param>
/// <param name="PlannedUploadSuccess">Success probability that the plan expected.</param>
/// <param name="UploadVerdict">Verdict of the upload; null when nothing was sent.</param>
/// <param name="UploadSucceeded">Whether the update arrived.</param>
/// <param name="MeasuredUplinkSnr">Uplink SNR, linear; null when no packet was detected.</param>
/// <param name="SensingGain">Sensing gain after this round's calibration.</param>
/// <param name="UplinkGain">Uplink gain after this round's calibration.</param>
public sealed record DeviceRound(
    string DeviceId,
    int Frames,
    int ValidFrames,
    double PlannedSensingSnr,
    double? MeasuredSensingSnr,
    double PlannedUploadSuccess,
    Verdict? UploadVerdict,
    bool UploadSucceeded,
    double? MeasuredUplinkSnr,
    CalibratedGain SensingGain,
    CalibratedGain UplinkGain);

/// <summary>One round of one strategy, as it is recorded: no wall time in it, so that a replay gives the same bytes.</summary>
/// <param name="Method">The strategy.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Plan">The plan that was executed.</param>
/// <param name="ConvergenceBound">Dominant term of Theorem 1 of isac-fl for this plan, in units of sigma_0^2; infinite if it expects no upload to arrive.</param>
/// <param name="Devices">What each device planned and measured.</param>
/// <param name="Arrived">Number of updates that the server averaged.</param>
/// <param name="Accuracy">Test accuracy after the round.</param>
/// <param name="Loss">Test loss after the round.</param>
/// <param name="GapDb">The modem's gap after this round's calibration.</param>
public sealed record RoundRecord(
    string Method,
    int Round,
    Plan Plan,
    double ConvergenceBound,
    IReadOnlyList<DeviceRound> Devices,
    int Arrived,
    double Accuracy,
    double Loss,
    double GapDb);

/// <summary>JSON of everything in a run folder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RoundRecord))]
[JsonSerializable(typeof(SensingMeasurement))]
[JsonSerializable(typeof(UploadMeasurement))]
[JsonSerializable(typeof(RunManifest))]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(InstrumentRecord))]
[JsonSerializable(typeof(ArrayRound))]
[JsonSerializable(typeof(Comparison))]
[JsonSerializable(typeof(ArrayProgress))]
[JsonSerializable(typeof(ArrayRunSummary))]
[JsonSerializable(typeof(Calibration.CalibratedModel))]
public sealed partial class RecordJson : JsonSerializerContext;
