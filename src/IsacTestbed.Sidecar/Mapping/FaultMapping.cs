using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Sidecar.Mapping;

/// <summary>Turns what goes wrong in the sidecar into a status with a <see cref="FaultDetail"/>.</summary>
internal static class FaultMapping
{
    /// <summary>The status code of a radio's fault, as protos/isac/testbed/v1/fault.proto documents it.</summary>
    public static RpcStatusCode ToStatus(RadioFaultCode code) => code switch
    {
        RadioFaultCode.NotFound => RpcStatusCode.NotFound,
        RadioFaultCode.Dead or RadioFaultCode.Unreachable => RpcStatusCode.Unavailable,
        RadioFaultCode.NotSupported or RadioFaultCode.UnknownWaveform => RpcStatusCode.FailedPrecondition,
        RadioFaultCode.TooLate => RpcStatusCode.OutOfRange,
        RadioFaultCode.LeaseLost or RadioFaultCode.Busy => RpcStatusCode.Aborted,
        RadioFaultCode.LimitExceeded => RpcStatusCode.PermissionDenied,
        RadioFaultCode.ProtocolMismatch => RpcStatusCode.Unimplemented,
        _ => RpcStatusCode.Unknown,
    };

    /// <summary>The detail of a failure; null when it is none of a radio.</summary>
    public static FaultDetail? ToDetail(Exception exception) => exception switch
    {
        RadioException radio => new FaultDetail
        {
            Code = (Wire.V1.RadioFaultCode)radio.Code,
            RadioId = radio.RadioId,
            Message = BareMessage(radio),
        },
        LeaseHeldException held => new FaultDetail
        {
            Code = (Wire.V1.RadioFaultCode)LeaseHeldException.Code,
            RadioId = held.RadioId,
            Message = held.Message,
            LeaseHolder = held.Holder,
            LeaseRemainingSeconds = held.Remaining.TotalSeconds,
        },
        _ => null,
    };

    /// <summary>The status with which a call ends that failed with an exception of this program.</summary>
    /// <remarks>
    /// A malformed argument is the caller's; anything unexpected is UNKNOWN with its text, because whoever drives a radio must be able to
    /// find out what its driver said.
    /// </remarks>
    public static RpcException ToRpcException(Exception exception) => exception switch
    {
        RpcException rpc => rpc,
        ArgumentException argument => InvalidArgument(argument.Message),
        _ when ToDetail(exception) is { } detail => Failed(ToStatus((RadioFaultCode)detail.Code), exception.Message, detail, exception),
        _ => new RpcException(RpcStatusCode.Unknown, $"The sidecar failed: {exception.GetType().Name}: {exception.Message}", innerException: exception),
    };

    /// <summary>A mistake of the caller.</summary>
    public static RpcException InvalidArgument(string message) =>
        Failed(RpcStatusCode.InvalidArgument, message, new FaultDetail { Message = message }, null);

    private static RpcException Failed(RpcStatusCode code, string message, FaultDetail detail, Exception? cause)
    {
        var status = new Wire.GoogleRpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(detail) } };
        return new RpcException(code, message, status.ToByteArray(), innerException: cause);
    }

    private static string BareMessage(RadioException exception)
    {
        // The exception puts the radio's name in front; the detail carries it as a field of its own.
        string prefix = $"Radio {exception.RadioId}: ";
        return exception.RadioId.Length > 0 && exception.Message.StartsWith(prefix, StringComparison.Ordinal)
            ? exception.Message[prefix.Length..]
            : exception.Message;
    }
}
