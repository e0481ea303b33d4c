namespace IsacTestbed.Rpc;

/// <summary>Names and values of the HTTP/2 headers that carry gRPC.</summary>
internal static class RpcHeader
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Identity = "identity";

    /// <summary>Whether a content type is application/grpc, with any message format or parameter but not one of its web dialects.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

    /// <summary>Whether a header is metadata of the application rather than part of HTTP or gRPC.</summary>
    public static bool IsMetadata(string name) =>
        !(name.StartsWith(':')
          || name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
          || name.Equals("te", StringComparison.OrdinalIgnoreCase)
          || name.Equals("host", StringComparison.OrdinalIgnoreCase)
          || name.Equals("date", StringComparison.OrdinalIgnoreCase)
          || name.Equals("trailer", StringComparison.OrdinalIgnoreCase)
          || name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
          || name.Equals("content-length", StringComparison.OrdinalIgnoreCase));
}
