namespace IsacTestbed.Control.Scheduling;

/// <summary>What a receive window of a sensing schedule holds.</summary>
/// <param name="Device">Index of the device.</param>
/// <param name="Frame">Number of the frame within the phase.</param>
/// <param name="WindowId">Window of the device's schedule.</param>
/// <param name="Snapshots">Snapshots in the frame.</param>
/// <param name="Beam">The beam in which the target stands: the label.</param>
public sealed record FrameWindow(int Device, int Frame, int WindowId, int Snapshots, int Beam);
