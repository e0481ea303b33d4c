namespace IsacTestbed.Core;

/// <summary>What one echo frame measured.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Frame">Number of the frame within the round.</param>
/// <param name="Verdict">Whether it may be used.</param>
/// <param name="Reason">Why not, when the verdict is not valid; empty otherwise.</param>
/// <param name="SensingSnr">Sensing SNR per array element behind the accumulation, linear, unbiased and hence possibly negative; zero unless valid.</param>
public sealed record SensingMeasurement(string DeviceId, int Frame, Verdict Verdict, string Reason, double SensingSnr);

/// <summary>What one upload measured.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Verdict">Whether it may be used. An upload that was received cleanly and does not decode is valid: an outage.</param>
/// <param name="Reason">Why not, when the verdict is not valid; empty otherwise.</param>
/// <param name="Detected">Whether any packet was detected, so that the SNR is known.</param>
/// <param name="UplinkSnr">Symbol SNR of the detected packets, linear; zero when none was detected.</param>
/// <param name="PacketsSent">Packets of the upload.</param>
/// <param name="PacketsDecoded">Packets whose checksum held.</param>
public sealed record UploadMeasurement(
    string DeviceId, Verdict Verdict, string Reason, bool Detected, double UplinkSnr, int PacketsSent, int PacketsDecoded)
{
    /// <summary>Whether the whole update arrived.</summary>
    public bool Succeeded => Verdict == Verdict.Valid && PacketsDecoded == PacketsSent;

    /// <summary>Whether this counts as channel outage: a valid upload that did not arrive whole.</summary>
    public bool IsOutage => Verdict == Verdict.Valid && PacketsDecoded < PacketsSent;
}
