using System.Buffers;
using Google.Protobuf;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Control.Sidecars;

/// <summary>One message of a run: a captured block that the receiver owns, or a generated message.</summary>
internal sealed class RunEvent : IDisposable
{
    private RunEvent(CaptureBlock? block, ExecuteScheduleResponse? message)
    {
        Block = block;
        Message = message;
    }

    /// <summary>Reads either kind; the controller never writes one.</summary>
    public static RpcMarshaller<RunEvent> Marshaller { get; } = new(
        e => e.Message!.CalculateSize(), (e, writer) => e.Message!.WriteTo(writer), Read);

    /// <summary>The block; null when the message is another one.</summary>
    public CaptureBlock? Block { get; }

    /// <summary>The message; null when it is a block.</summary>
    public ExecuteScheduleResponse? Message { get; }

    /// <summary>Returns the block's arrays: for an event that nobody took.</summary>
    public void Dispose() => Block?.Dispose();

    private static RunEvent Read(ReadOnlySequence<byte> bytes)
    {
        if (CaptureChunkReader.TryRead(bytes, out CaptureBlock? block))
        {
            return new RunEvent(block, null);
        }

        ExecuteScheduleResponse message = ExecuteScheduleResponse.Parser.ParseFrom(bytes);
        if (message.OutputCase != ExecuteScheduleResponse.OutputOneofCase.Capture)
        {
            return new RunEvent(null, message);
        }

        // Legal but unusual, such as a chunk beside an unknown field: written anew, it has the form that the fast reader knows.
        var plain = new ExecuteScheduleResponse { Capture = message.Capture };
        return CaptureChunkReader.TryRead(new ReadOnlySequence<byte>(plain.ToByteArray()), out block)
            ? new RunEvent(block, null)
            : throw new RadioException(RadioFaultCode.ProtocolMismatch, string.Empty, "A capture chunk from the sidecar cannot be read.");
    }
}
