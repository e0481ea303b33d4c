using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace IsacTestbed.Rpc;

/// <summary>What a server accepts and how it is reached.</summary>
public sealed record RpcServerOptions
{
    /// <summary>The largest message that is accepted, in bytes; a larger one ends its call with RESOURCE_EXHAUSTED.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 << 20;

    /// <summary>The bytes that a client may send on one stream ahead of the handler, at least 65,535.</summary>
    public int InitialStreamWindowSize { get; init; } = 2 << 20;

    /// <summary>The bytes that a client may send on all streams of a connection ahead of the handlers, at least 65,535.</summary>
    public int InitialConnectionWindowSize { get; init; } = 8 << 20;

    /// <summary>
    /// The bytes of responses that wait for a slow client before the handler that produces them is held up, beside what the client's window admits.
    /// </summary>
    public int MaxResponseBufferBytes { get; init; } = 1 << 20;

    /// <summary>The calls that one connection may have open at the same time.</summary>
    public int MaxStreamsPerConnection { get; init; } = 1000;

    /// <summary>The time without traffic after which a ping is sent to the client; infinite for no pings.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest time to wait for a ping's answer before the connection counts as lost and its calls as cancelled.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The certificate with its private key to serve TLS; null for none, which only loopback addresses allow. Stays the caller's.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The authorities of which each client must show a certificate for client authentication, with <see cref="Certificate"/> only; null asks
    /// for none. Stays the caller's.
    /// </summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>
    /// What every call must show, whatever it calls, with <see cref="Certificate"/> only; others end with UNAUTHENTICATED. Null for nothing.
    /// </summary>
    public AccessToken? AccessToken { get; init; }

    /// <summary>The longest time that a stopping server waits for its handlers to notice.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the server logs to; null for nowhere. Stays the caller's.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
