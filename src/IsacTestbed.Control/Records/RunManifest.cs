namespace IsacTestbed.Control.Records;

/// <summary>What made a run, beside its scenario: enough to repeat it.</summary>
/// <param name="Methods">The strategies, in the order in which they run.</param>
/// <param name="DataFolder">Folder of a stored data set; empty for sensed data.</param>
/// <param name="Version">Version of IsacTestbed.</param>
/// <param name="Commit">Git commit of the source, or "unknown" outside a checkout.</param>
/// <param name="Runtime">.NET runtime and operating system.</param>
/// <param name="StartedUtc">When the run began.</param>
public sealed record RunManifest(
    IReadOnlyList<string> Methods, string DataFolder, string Version, string Commit, string Runtime, DateTimeOffset StartedUtc);

/// <summary>Planned against measured over a whole run, for one device.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="PlannedSensingSnrDb">Mean over rounds of the planned sensing SNR.</param>
/// <param name="MeasuredSensingSnrDb">Mean over frames of the measured sensing SNR; null without valid frames, or when the mean is not above zero.</param>
/// <param name="PlannedUploadSuccess">Mean over rounds of the planned success probability.</param>
/// <param name="MeasuredUploadSuccess">Share of valid uploads that arrived; null without valid uploads.</param>
/// <param name="Frames">Frames sensed.</param>
/// <param name="InvalidMeasurements">Frames and uploads that were dropped for their verdict.</param>
/// <param name="SensingGain">Sensing gain over the model's, as calibrated at the end.</param>
/// <param name="UplinkGain">Uplink gain over the model's, as calibrated at the end.</param>
public sealed record DeviceSummary(
    string DeviceId,
    double PlannedSensingSnrDb,
    double? MeasuredSensingSnrDb,
    double PlannedUploadSuccess,
    double? MeasuredUploadSuccess,
    int Frames,
    int InvalidMeasurements,
    CalibratedGain SensingGain,
    CalibratedGain UplinkGain);

/// <summary>One strategy over a whole run.</summary>
/// <param name="Method">The strategy.</param>
/// <param name="Feasible">Whether the planner found a plan.</param>
/// <param name="Reasons">Why not, if it did not.</param>
/// <param name="Rounds">Rounds completed.</param>
/// <param name="FinalAccuracy">Test accuracy after the last round.</param>
/// <param name="EarlySnrErrorDb">Mean over devices of |planned - measured| sensing SNR in the first rounds.</param>
/// <param name="LateSnrErrorDb">The same in the last rounds.</param>
/// <param name="EarlySuccessError">Mean over devices of |planned success - the success the run measured| in the first rounds.</param>
/// <param name="LateSuccessError">The same in the last rounds.</param>
/// <param name="GapDb">The modem's gap to Shannon, as calibrated at the end.</param>
/// <param name="Devices">One per device.</param>
public sealed record MethodSummary(
    string Method,
    bool Feasible,
    IReadOnlyList<string> Reasons,
    int Rounds,
    double FinalAccuracy,
    double EarlySnrErrorDb,
    double LateSnrErrorDb,
    double EarlySuccessError,
    double LateSuccessError,
    double GapDb,
    IReadOnlyList<DeviceSummary> Devices);

/// <summary>The end of a run.</summary>
/// <param name="Name">The scenario's name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Methods">One per strategy.</param>
public sealed record RunSummary(string Name, ulong Seed, IReadOnlyList<MethodSummary> Methods);
