using System.Net.Sockets;

namespace IsacTestbed.Rpc;

/// <summary>Turns a failure of the transport into the status that gRPC prescribes and one line that names the address.</summary>
internal static class TransportFailure
{
    private const int ProtocolError = 1;
    private const int FrameSizeError = 6;

    /// <param name="hasAnswered">Whether the server is known to speak HTTP/2.</param>
    public static RpcException Describe(Exception failure, Uri address, string path, bool hasAnswered)
    {
        if (Find<HttpProtocolException>(failure) is { } reset
            && Find<HttpRequestException>(failure) is null or { HttpRequestError: HttpRequestError.HttpProtocolError })
        {
            if (!hasAnswered && reset.ErrorCode is (ProtocolError or FrameSizeError))
            {
                // Bytes that are no HTTP/2 frames look like frames of an impossible size or kind.
                return new RpcException(
                    RpcStatusCode.Unavailable,
                    $"{address} is not available for {path}: the server does not speak HTTP/2.",
                    innerException: failure);
            }

            if (hasAnswered && reset.ErrorCode == ProtocolError)
            {
                // The transport gives a connection up with this code when a ping is not answered in time. A server that really reset the stream
                // with it cannot be told apart; to either the answer is the same, another connection.
                return new RpcException(
                    RpcStatusCode.Unavailable,
                    $"{address} is not available for {path}: the connection broke, or a keep-alive ping was not answered in time.",
                    innerException: failure);
            }

            return new RpcException(
                RpcStatus.FromHttp2Error(reset.ErrorCode),
                $"{address} reset {path} with the HTTP/2 error 0x{reset.ErrorCode:X}.",
                innerException: failure);
        }

        string reason = failure switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host name cannot be resolved",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } request =>
                "no secure connection: " + (request.InnerException ?? request).Message,
            _ when Find<SocketException>(failure) is { } socket => socket.Message,
            _ when Find<TimeoutException>(failure) is { } timeout => timeout.Message,
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError } =>
                "the server does not speak HTTP/2",
            _ when Find<HttpIOException>(failure) is { } io => io.Message,
            _ => failure.Message,
        };
        return new RpcException(RpcStatusCode.Unavailable, $"{address} is not available for {path}: {reason}", innerException: failure);
    }

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }
}
