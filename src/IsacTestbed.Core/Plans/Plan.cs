namespace IsacTestbed.Core;

/// <summary>What one device is to do, and what the planner expects of it.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Snapshots">Snapshots that are accumulated coherently into one frame (L of isac-fl).</param>
/// <param name="SensingPowerWatts">Transmit power while sensing.</param>
/// <param name="UplinkPowerWatts">Transmit power while uploading.</param>
/// <param name="Samples">Sensing frames collected within the sensing duration (D), not rounded.</param>
/// <param name="SensingSnr">Expected sensing SNR, linear, the mean over fading.</param>
/// <param name="UploadSuccess">Expected probability that an upload succeeds (q).</param>
public sealed record DevicePlan(
    string DeviceId, int Snapshots, double SensingPowerWatts, double UplinkPowerWatts, double Samples, double SensingSnr, double UploadSuccess);

/// <summary>A plan for all devices.</summary>
/// <param name="Method">The planner's method, as named on the command line.</param>
/// <param name="Objective">The planner's objective.</param>
/// <param name="Devices">One entry per device, in the scenario's order.</param>
public sealed record Plan(string Method, double Objective, IReadOnlyList<DevicePlan> Devices);
