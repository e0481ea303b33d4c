namespace IsacTestbed.Learning.Federated;

/// <summary>What one device made of the broadcast weights in one round: as it left the device, or as the server decoded it.</summary>
/// <param name="Round">The round of the broadcast weights.</param>
/// <param name="Device">Which device.</param>
/// <param name="SampleCount">D_k: samples the device trained on.</param>
/// <param name="Weights">w_k after local training, or what is left of it after quantisation.</param>
public sealed record DeviceUpdate(int Round, int Device, int SampleCount, ReadOnlyMemory<float> Weights);
