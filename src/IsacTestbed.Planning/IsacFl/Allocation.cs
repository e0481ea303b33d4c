namespace IsacTestbed.Planning.IsacFl;

/// <summary>What one device does: the triple (L, p^s, p^c) of (32) and what follows from it.</summary>
/// <param name="Snapshots">Snapshots per sample, L.</param>
/// <param name="SensingPower">Sensing power in watts.</param>
/// <param name="UplinkPower">Uplink power in watts.</param>
/// <param name="Samples">Samples D = T^s / (L tau).</param>
/// <param name="Success">Upload success q of (9).</param>
internal readonly record struct Allocation(int Snapshots, double SensingPower, double UplinkPower, double Samples, double Success)
{
    /// <summary>Expected samples that reach the server per round, D q, the objective of (32).</summary>
    public double Arriving => Samples * Success;
}
