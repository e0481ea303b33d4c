using IsacTestbed.Core;

namespace IsacTestbed.Control.Chains;

/// <summary>What the uplink chain reads from one packet's window, before it is judged.</summary>
/// <param name="BurstId">Burst of the device's schedule that carried the packet.</param>
/// <param name="Detected">Whether a packet was found.</param>
/// <param name="Snr">Symbol SNR, linear; zero when nothing was found.</param>
/// <param name="Payload">The payload; null unless its checksum held.</param>
/// <param name="Flags">Degradations of the window.</param>
/// <param name="HasGap">Whether samples are missing.</param>
public sealed record PacketReading(int BurstId, bool Detected, double Snr, byte[]? Payload, CaptureFlags Flags, bool HasGap);
