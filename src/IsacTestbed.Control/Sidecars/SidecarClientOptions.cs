using System.Net.Security;
using IsacTestbed.Rpc;

namespace IsacTestbed.Control.Sidecars;

/// <summary>How a controller uses a sidecar.</summary>
public sealed record SidecarClientOptions
{
    /// <summary>Who leases the radios: what the sidecar tells a second controller.</summary>
    public string Holder { get; init; } = $"{Environment.UserName} on {Environment.MachineName}, process {Environment.ProcessId}";

    /// <summary>
    /// The lease to ask for: how long the radios stay ours, unmuted, after this process has died. It is renewed three times as often.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest time to wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time that a call may take, other than a run.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How to check an https sidecar's certificate, see <see cref="TlsTrust"/>; null for the system's authorities.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>What to show with every call, to an https sidecar only; null for nothing.</summary>
    public AccessToken? AccessToken { get; init; }

    /// <summary>The time without traffic during a call after which the sidecar is asked whether it still lives; at least a second.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest time to wait for its answer before all calls end as unreachable; at least a second.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The clock of renewals.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
