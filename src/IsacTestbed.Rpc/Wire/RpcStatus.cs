using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace IsacTestbed.Rpc;

/// <summary>The status of a call as the wire has it, and gRPC's tables that turn failures of HTTP into statuses.</summary>
internal static class RpcStatus
{
    public static string WireName(RpcStatusCode code) => code switch
    {
        RpcStatusCode.Ok => "OK",
        RpcStatusCode.Cancelled => "CANCELLED",
        RpcStatusCode.Unknown => "UNKNOWN",
        RpcStatusCode.InvalidArgument => "INVALID_ARGUMENT",
        RpcStatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        RpcStatusCode.NotFound => "NOT_FOUND",
        RpcStatusCode.AlreadyExists => "ALREADY_EXISTS",
        RpcStatusCode.PermissionDenied => "PERMISSION_DENIED",
        RpcStatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        RpcStatusCode.FailedPrecondition => "FAILED_PRECONDITION",
        RpcStatusCode.Aborted => "ABORTED",
        RpcStatusCode.OutOfRange => "OUT_OF_RANGE",
        RpcStatusCode.Unimplemented => "UNIMPLEMENTED",
        RpcStatusCode.Internal => "INTERNAL",
        RpcStatusCode.Unavailable => "UNAVAILABLE",
        RpcStatusCode.DataLoss => "DATA_LOSS",
        RpcStatusCode.Unauthenticated => "UNAUTHENTICATED",
        _ => code.ToString(),
    };

    /// <summary>Reads a status out of trailers, or of headers in a trailers-only response.</summary>
    /// <param name="failure">Null when the status is OK.</param>
    /// <returns>False when there is no grpc-status.</returns>
    public static bool TryRead(HttpHeadersNonValidated headers, out RpcMetadata trailers, out RpcException? failure)
    {
        trailers = new RpcMetadata();
        failure = null;
        string? status = null;
        string message = "";
        string? details = null;
        foreach (KeyValuePair<string, HeaderStringValues> header in headers)
        {
            string name = header.Key.ToLowerInvariant();
            switch (name)
            {
                case RpcHeader.Status:
                    status = header.Value.ToString();
                    break;
                case RpcHeader.Message:
                    message = PercentEncoding.Decode(header.Value.ToString());
                    break;
                case RpcHeader.StatusDetails:
                    details = header.Value.ToString();
                    break;
                default:
                    if (RpcHeader.IsMetadata(name))
                    {
                        foreach (string value in header.Value)
                        {
                            trailers.AddReceived(name, value);
                        }
                    }

                    break;
            }
        }

        if (status is null)
        {
            return false;
        }

        RpcStatusCode code = Parse(status);
        if (code != RpcStatusCode.Ok)
        {
            failure = new RpcException(code, message, ReadDetails(details), trailers);
        }

        return true;
    }

    /// <summary>The status for an HTTP response that carries none of gRPC's own.</summary>
    public static RpcStatusCode FromHttp(HttpStatusCode code) => (int)code switch
    {
        400 => RpcStatusCode.Internal,
        401 => RpcStatusCode.Unauthenticated,
        403 => RpcStatusCode.PermissionDenied,
        404 => RpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => RpcStatusCode.Unavailable,
        _ => RpcStatusCode.Unknown,
    };

    /// <summary>The status for an HTTP/2 error code of RST_STREAM or GOAWAY.</summary>
    public static RpcStatusCode FromHttp2Error(long errorCode) => errorCode switch
    {
        7 => RpcStatusCode.Unavailable,        // REFUSED_STREAM
        8 => RpcStatusCode.Cancelled,          // CANCEL
        11 => RpcStatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => RpcStatusCode.PermissionDenied,  // INADEQUATE_SECURITY
        13 => RpcStatusCode.Unknown,           // HTTP_1_1_REQUIRED
        _ => RpcStatusCode.Internal,
    };

    private static RpcStatusCode Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 0 and <= 16
            ? (RpcStatusCode)value
            : RpcStatusCode.Unknown;

    private static byte[] ReadDetails(string? text)
    {
        if (text is null)
        {
            return [];
        }

        try
        {
            return Base64.Decode(text);
        }
        catch (FormatException)
        {
            // The details only explain a status that is known already; damaged ones must not hide it.
            return [];
        }
    }
}
