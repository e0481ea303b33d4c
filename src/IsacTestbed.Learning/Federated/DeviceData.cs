using IsacTestbed.Learning.Data;

namespace IsacTestbed.Learning.Federated;

/// <summary>The data set of one device.</summary>
/// <param name="Device">Which device, not negative.</param>
/// <param name="Samples">What it has sensed; may be empty.</param>
public sealed record DeviceData(int Device, LabelledSamples Samples);
