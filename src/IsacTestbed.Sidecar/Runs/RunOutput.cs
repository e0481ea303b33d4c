using System.Buffers;
using Google.Protobuf;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Captures;
using IsacTestbed.Wire.V1;

namespace IsacTestbed.Sidecar.Runs;

/// <summary>One message of a run on its way to the controller: a slice of a captured block, or a generated message.</summary>
/// <remarks>The last slice of a block owns it: disposing that output returns the block's arrays.</remarks>
internal sealed class RunOutput : IDisposable
{
    private readonly CaptureSlice? _slice;
    private readonly ExecuteScheduleResponse? _message;

    /// <summary>A slice of a block.</summary>
    public RunOutput(CaptureSlice slice)
    {
        _slice = slice;
    }

    /// <summary>A report or a summary.</summary>
    public RunOutput(ExecuteScheduleResponse message)
    {
        _message = message;
    }

    /// <summary>Writes either kind as an ExecuteScheduleResponse; the sidecar never reads one.</summary>
    public static RpcMarshaller<RunOutput> Marshaller { get; } = new(
        o => o._slice is { } slice ? CaptureChunkWriter.Size(slice) : o._message!.CalculateSize(),
        (o, writer) => o.Write(writer),
        bytes => new RunOutput(ExecuteScheduleResponse.Parser.ParseFrom(bytes)));

    /// <summary>Returns the block's arrays when this is its last slice.</summary>
    public void Dispose()
    {
        if (_slice is { EndsBlock: true })
        {
            _slice.Block.Dispose();
        }
    }

    /// <summary>Returns the block's arrays in any case: for what will not be sent any more.</summary>
    public void Drop() => _slice?.Block.Dispose();

    private void Write(IBufferWriter<byte> writer)
    {
        if (_slice is { } slice)
        {
            CaptureChunkWriter.Write(slice, writer);
        }
        else
        {
            _message!.WriteTo(writer);
        }
    }
}
