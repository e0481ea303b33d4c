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
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time that a call may take, other than a run.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of renewals.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
