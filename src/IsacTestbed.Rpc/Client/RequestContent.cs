using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;

namespace IsacTestbed.Rpc;

/// <summary>The request side of a call as HTTP content.</summary>
internal abstract class RequestContent : HttpContent
{
    protected const int FlushThresholdBytes = 64 << 10;

    private static readonly MediaTypeHeaderValue GrpcType = new(RpcHeader.ContentType);
    private static readonly StreamPipeWriterOptions PipeOptions = new(MemoryPool<byte>.Shared, minimumBufferSize: 64 << 10, leaveOpen: true);

    protected RequestContent() => Headers.ContentType = GrpcType;

    /// <summary>Fires when the call is over, so that a sequence of requests stops.</summary>
    public CancellationToken CallEnded { get; set; }

    /// <summary>What the caller's own code threw while it produced requests, or null.</summary>
    public Exception? Failure { get; protected set; }

    protected static PipeWriter CreateWriter(Stream stream) => PipeWriter.Create(stream, PipeOptions);

    protected override bool TryComputeLength(out long length)
    {
        // Unknown: gRPC requests carry no content-length.
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected abstract override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken);
}
