namespace IsacTestbed.Rpc;

/// <summary>How many messages travel in each direction of a call.</summary>
public enum RpcMethodKind
{
    /// <summary>One request, one response.</summary>
    Unary,

    /// <summary>A stream of requests, one response.</summary>
    ClientStreaming,

    /// <summary>One request, a stream of responses.</summary>
    ServerStreaming,

    /// <summary>A stream of requests and, independently of it, a stream of responses.</summary>
    Duplex,
}
