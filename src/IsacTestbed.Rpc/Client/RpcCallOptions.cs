namespace IsacTestbed.Rpc;

/// <summary>What one call needs beside its messages.</summary>
public sealed record RpcCallOptions
{
    /// <summary>
    /// The time until the call must be complete, counted from its start; null for no limit. It travels to the server, and the client
    /// ends the call by itself with <see cref="RpcStatusCode.DeadlineExceeded"/> when the time is over, whatever the server does.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Metadata to send; null for none. Read when the call starts.</summary>
    public RpcMetadata? Metadata { get; init; }

    /// <summary>Called with the trailers of a call that ended well, before its last result is handed out; null if of no interest.</summary>
    public Action<RpcMetadata>? TrailersReceived { get; init; }
}
