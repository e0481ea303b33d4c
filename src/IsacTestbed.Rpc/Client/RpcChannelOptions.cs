using System.Net.Security;

namespace IsacTestbed.Rpc;

/// <summary>How a channel connects and what it accepts.</summary>
public sealed record RpcChannelOptions
{
    /// <summary>The largest message that is accepted, in bytes; a larger one ends its call with RESOURCE_EXHAUSTED.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 << 20;

    /// <summary>The longest time to wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time without traffic during a call after which a ping is sent; infinite for no pings.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest time to wait for a ping's answer before the connection counts as lost.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The bytes that a server may send on one stream ahead of the reader at first, 65,535 to 16 MiB. The transport widens the window, up to
    /// 16 MiB, when it measures that the window over the round-trip time bounds the throughput. A small one keeps the data in the cache and
    /// the buffers in the pool.
    /// </summary>
    public int InitialHttp2StreamWindowSize { get; init; } = 1 << 20;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>TLS settings of an https address, such as a certificate check or a client certificate; null for the system's.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>What to show with every call; for an https address only. Null for nothing.</summary>
    public AccessToken? AccessToken { get; init; }

    /// <summary>
    /// Replaces the channel's own transport, for instance by a test server's handler; null for the own one. The channel does not
    /// dispose it, and the options of connections, windows, pings and TLS above do not apply to it.
    /// </summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }
}
