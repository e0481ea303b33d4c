namespace IsacTestbed.Learning.Federated;

/// <summary>Outcome of local training on one device.</summary>
/// <param name="Update">What the device will send.</param>
/// <param name="Loss">Mean training loss over the local steps, in nats; NaN if the device had no samples.</param>
public sealed record LocalResult(DeviceUpdate Update, double Loss);
