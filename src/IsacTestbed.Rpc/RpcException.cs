namespace IsacTestbed.Rpc;

/// <summary>A call that ended with a status other than <see cref="RpcStatusCode.Ok"/>.</summary>
/// <remarks>
/// A client throws it with what the server answered, or with the status that gRPC prescribes for a failure of the wire. A handler
/// throws it to answer with a status. A caller's own cancellation never surfaces as this exception, but as an
/// <see cref="OperationCanceledException"/>.
/// </remarks>
public sealed class RpcException : Exception
{
    /// <summary>A failed call.</summary>
    /// <param name="statusCode">Any code but <see cref="RpcStatusCode.Ok"/>.</param>
    /// <param name="detail">One line that says what is wrong; may be any Unicode text.</param>
    /// <param name="statusDetails">The value of grpc-status-details-bin, a serialised google.rpc.Status; empty for none.</param>
    /// <param name="trailers">The other trailers; null for none.</param>
    /// <param name="innerException">What caused it on this side; never travels.</param>
    /// <exception cref="ArgumentException"><paramref name="statusCode"/> is <see cref="RpcStatusCode.Ok"/>.</exception>
    public RpcException(
        RpcStatusCode statusCode,
        string detail,
        ReadOnlyMemory<byte> statusDetails = default,
        RpcMetadata? trailers = null,
        Exception? innerException = null)
        : base($"{RpcStatus.WireName(statusCode)}: {detail}", innerException)
    {
        ArgumentNullException.ThrowIfNull(detail);
        if (statusCode == RpcStatusCode.Ok)
        {
            throw new ArgumentException("A failed call cannot have the status OK.", nameof(statusCode));
        }

        StatusCode = statusCode;
        Detail = detail;
        StatusDetails = statusDetails;
        Trailers = trailers ?? new RpcMetadata();
    }

    /// <summary>The status code.</summary>
    public RpcStatusCode StatusCode { get; }

    /// <summary>The text of the status, without the code's name.</summary>
    public string Detail { get; }

    /// <summary>The bytes of grpc-status-details-bin; empty when there are none.</summary>
    public ReadOnlyMemory<byte> StatusDetails { get; }

    /// <summary>The trailers beside the status.</summary>
    public RpcMetadata Trailers { get; }
}
