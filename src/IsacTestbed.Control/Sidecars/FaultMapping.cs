using Google.Protobuf;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using FaultDetail = IsacTestbed.Wire.V1.FaultDetail;

namespace IsacTestbed.Control.Sidecars;

/// <summary>Turns a failed call back into the exception that the radio contract promises.</summary>
internal static class FaultMapping
{
    /// <summary>The exception of a failed call: what the sidecar's detail says, or else what the status says.</summary>
    /// <param name="exception">The failed call.</param>
    /// <param name="radioId">The radio that the call was about; empty when about the sidecar as a whole.</param>
    public static Exception ToException(RpcException exception, string radioId)
    {
        // A chunk that our own reader refused.
        if (exception.InnerException is RadioException own)
        {
            return own;
        }

        if (exception.StatusCode == RpcStatusCode.InvalidArgument)
        {
            return new ArgumentException(exception.Detail, exception);
        }

        if (ReadDetail(exception.StatusDetails) is { } detail && detail.Code != Wire.V1.RadioFaultCode.Unspecified)
        {
            return ToException(detail, exception);
        }

        RadioFaultCode code = exception.StatusCode switch
        {
            RpcStatusCode.NotFound => RadioFaultCode.NotFound,
            RpcStatusCode.Unimplemented or RpcStatusCode.Internal or RpcStatusCode.DataLoss => RadioFaultCode.ProtocolMismatch,
            RpcStatusCode.ResourceExhausted or RpcStatusCode.PermissionDenied or RpcStatusCode.Unauthenticated => RadioFaultCode.LimitExceeded,
            RpcStatusCode.FailedPrecondition => RadioFaultCode.NotSupported,
            RpcStatusCode.OutOfRange => RadioFaultCode.TooLate,
            RpcStatusCode.Aborted => RadioFaultCode.LeaseLost,
            _ => RadioFaultCode.Unreachable,
        };
        return new RadioException(code, radioId, exception.Detail, exception);
    }

    /// <summary>The exception of a fault.</summary>
    public static RadioException ToException(FaultDetail detail, Exception? cause = null) =>
        new((RadioFaultCode)detail.Code, detail.RadioId, detail.Message, cause);

    private static FaultDetail? ReadDetail(ReadOnlyMemory<byte> statusDetails)
    {
        if (statusDetails.IsEmpty)
        {
            return null;
        }

        try
        {
            Wire.GoogleRpc.Status status = Wire.GoogleRpc.Status.Parser.ParseFrom(statusDetails.Span);
            return status.Details.Where(d => d.Is(FaultDetail.Descriptor)).Select(d => d.Unpack<FaultDetail>()).FirstOrDefault();
        }
        catch (InvalidProtocolBufferException)
        {
            // The status itself still says enough.
            return null;
        }
    }
}
