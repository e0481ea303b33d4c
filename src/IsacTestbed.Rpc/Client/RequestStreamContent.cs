using System.IO.Pipelines;
using System.Net;

namespace IsacTestbed.Rpc;

/// <summary>Requests from a sequence; half-closed at its end. The sequence is asked for more only when the window has room.</summary>
internal sealed class RequestStreamContent<TRequest>(IAsyncEnumerable<TRequest> requests, RpcMarshaller<TRequest> marshaller) : RequestContent
{
    private bool _started;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_started)
        {
            // The handler tries a refused request again on a new connection, but a sequence cannot be rewound.
            Failure = new RpcException(RpcStatusCode.Unavailable, "The server refused the stream after requests had been taken from the sequence.");
            throw Failure;
        }

        _started = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CallEnded);
        PipeWriter writer = CreateWriter(stream);
        Exception? error = null;
        try
        {
            // The headers go out at once: the server may have something to say before the first request.
            await stream.FlushAsync(stop.Token).ConfigureAwait(false);
            await SendAllAsync(writer, stop.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            error = failure;
            throw;
        }
        finally
        {
            await writer.CompleteAsync(error).ConfigureAwait(false);
        }
    }

    private async Task SendAllAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<TRequest> source = requests.GetAsyncEnumerator(cancellationToken);
        await using (source.ConfigureAwait(false))
        {
            int unflushed = 0;
            while (true)
            {
                Task<bool>? pending = null;
                bool more;
                try
                {
                    ValueTask<bool> next = source.MoveNextAsync();
                    if (next.IsCompleted || unflushed == 0)
                    {
                        more = await next.ConfigureAwait(false);
                    }
                    else
                    {
                        pending = next.AsTask();
                        more = false;
                    }
                }
                catch (Exception failure)
                {
                    Failure = failure;
                    throw;
                }

                if (pending is not null)
                {
                    // The source pauses: what is written goes out now.
                    more = await FlushDuringAsync(writer, pending, cancellationToken).ConfigureAwait(false);
                    unflushed = 0;
                }

                if (!more)
                {
                    break;
                }

                unflushed += WriteOne(writer, source.Current);
                if (unflushed >= FlushThresholdBytes)
                {
                    await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                    unflushed = 0;
                }
            }

            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> FlushDuringAsync(PipeWriter writer, Task<bool> pending, CancellationToken cancellationToken)
    {
        try
        {
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // An enumerator must not be disposed while it moves; its own failure is not the cause of this one.
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        try
        {
            return await pending.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }

    private int WriteOne(PipeWriter writer, TRequest request)
    {
        try
        {
            return MessageFrame.Write(writer, request, marshaller);
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }
}
