using System.Net;

namespace IsacTestbed.Rpc;

/// <summary>What a handler knows about the call that it serves. Valid only until the handler is done.</summary>
public sealed class RpcServerContext
{
    internal RpcServerContext(string method, RpcMetadata requestMetadata, EndPoint? peer, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        Method = method;
        RequestMetadata = requestMetadata;
        Peer = peer;
        Deadline = deadline;
        CancellationToken = cancellationToken;
    }

    /// <summary>The called method as /service/name.</summary>
    public string Method { get; }

    /// <summary>The metadata that the client sent.</summary>
    public RpcMetadata RequestMetadata { get; }

    /// <summary>The metadata to send behind the last response, beside the status; the handler adds to it.</summary>
    public RpcMetadata ResponseTrailers { get; } = new();

    /// <summary>The client's address, or null where the transport has none.</summary>
    public EndPoint? Peer { get; }

    /// <summary>When the call must be complete, by the server's clock; null for no limit.</summary>
    public DateTimeOffset? Deadline { get; }

    /// <summary>
    /// Fires when the client cancels, the deadline passes, the connection is lost or the server stops. A handler that then throws an
    /// <see cref="OperationCanceledException"/> has done right; nothing is logged.
    /// </summary>
    public CancellationToken CancellationToken { get; }
}
