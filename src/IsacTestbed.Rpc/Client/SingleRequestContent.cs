using System.IO.Pipelines;
using System.Net;

namespace IsacTestbed.Rpc;

/// <summary>One request, then half-closed.</summary>
internal sealed class SingleRequestContent<TRequest>(TRequest request, RpcMarshaller<TRequest> marshaller) : RequestContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        PipeWriter writer = CreateWriter(stream);
        try
        {
            MessageFrame.Write(writer, request, marshaller);
        }
        catch (Exception failure)
        {
            Failure = failure;
            await writer.CompleteAsync(failure).ConfigureAwait(false);
            throw;
        }

        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        await writer.CompleteAsync().ConfigureAwait(false);
    }
}
