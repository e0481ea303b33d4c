using System.Net;
using System.Security.Cryptography.X509Certificates;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Records;
using Microsoft.Extensions.Logging;

namespace IsacTestbed.Sidecar;

/// <summary>How a sidecar serves its radios.</summary>
public sealed record RadioSidecarOptions
{
    /// <summary>
    /// Where to listen; port 0 takes a free one. Any address but loopback needs <see cref="Certificate"/> and <see cref="AccessToken"/>.
    /// </summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The longest lease that is granted; longer wishes are shortened to it.</summary>
    public TimeSpan MaximumLease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time that silencing a radio may take before the sidecar goes on without it.</summary>
    public TimeSpan MuteTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What the transmitters may do, beyond the radios' own ranges.</summary>
    public TransmitLimits Limits { get; init; } = TransmitLimits.None;

    /// <summary>The certificate with its private key to serve TLS; null for plain HTTP/2 on loopback. Stays the caller's.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What every call of every service must show, with the certificate only; null for nothing.</summary>
    public AccessToken? AccessToken { get; init; }

    /// <summary>The authorities of which clients must show a certificate; null for none asked. Stays the caller's.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>Where every transmission is recorded; null for nowhere. Stays the caller's.</summary>
    public TransmitLog? TransmitLog { get; init; }

    /// <summary>The time without traffic after which a controller is asked whether it still lives; infinite for never.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest time to wait for its answer before its calls end.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Opaque label of the scenario that the radios belong to, told to every controller; empty when there is none.</summary>
    public string ScenarioHash { get; init; } = string.Empty;

    /// <summary>The longest waveform that can be uploaded, in samples.</summary>
    public int MaxWaveformSamples { get; init; } = 1 << 24;

    /// <summary>The largest message that is accepted, in bytes.</summary>
    /// <remarks>One call names every burst of all its radios, some 60 bytes each: the default carries a million.</remarks>
    public int MaxMessageBytes { get; init; } = 64 << 20;

    /// <summary>The clock of leases and of duty cycles.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log; null for nowhere. Stays the caller's.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
