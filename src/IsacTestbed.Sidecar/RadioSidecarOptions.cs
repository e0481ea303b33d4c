using System.Net;
using Microsoft.Extensions.Logging;

namespace IsacTestbed.Sidecar;

/// <summary>How a sidecar serves its radios.</summary>
public sealed record RadioSidecarOptions
{
    /// <summary>Where to listen; port 0 takes a free one. An address that is not loopback is refused.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The longest lease that is granted; longer wishes are shortened to it.</summary>
    public TimeSpan MaximumLease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time that silencing a radio may take before the sidecar goes on without it.</summary>
    public TimeSpan MuteTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What the transmitters may do, beyond the radios' own ranges.</summary>
    public TransmitLimits Limits { get; init; } = TransmitLimits.None;

    /// <summary>Opaque label of the scenario that the radios belong to, told to every controller; empty when there is none.</summary>
    public string ScenarioHash { get; init; } = string.Empty;

    /// <summary>The longest waveform that can be uploaded, in samples.</summary>
    public int MaxWaveformSamples { get; init; } = 1 << 24;

    /// <summary>The largest message that is accepted, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = 4 << 20;

    /// <summary>The clock of leases.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log; null for nowhere. Stays the caller's.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
