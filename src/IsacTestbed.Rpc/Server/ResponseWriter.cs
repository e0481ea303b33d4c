using System.IO.Pipelines;

namespace IsacTestbed.Rpc;

/// <summary>Writes responses, disposes them, and holds the producer up while the client does not read.</summary>
internal sealed class ResponseWriter<TResponse>(PipeWriter body, RpcMarshaller<TResponse> marshaller)
{
    private const int FlushThresholdBytes = 64 << 10;

    private int _unflushed;

    /// <summary>Whether the stream ended inside a message or behind one that the client does not take, so that no status can follow.</summary>
    public bool Broken { get; private set; }

    /// <summary>Whether any response was written, flushed or not.</summary>
    public bool Any { get; private set; }

    /// <summary>Writes and disposes one response.</summary>
    public async ValueTask WriteAsync(TResponse response, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Any = true;
            Broken = true;
            _unflushed += MessageFrame.Write(body, response, marshaller);
            Broken = false;
        }
        finally
        {
            (response as IDisposable)?.Dispose();
        }

        if (_unflushed >= FlushThresholdBytes)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes all responses; what is written goes out as soon as the producer pauses.</summary>
    public async ValueTask WriteAllAsync(IAsyncEnumerable<TResponse> responses, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<TResponse> source = responses.GetAsyncEnumerator(cancellationToken);
        await using (source.ConfigureAwait(false))
        {
            while (true)
            {
                ValueTask<bool> next = source.MoveNextAsync();
                bool more = next.IsCompleted || _unflushed == 0
                    ? await next.ConfigureAwait(false)
                    : await FlushDuringAsync(next.AsTask(), cancellationToken).ConfigureAwait(false);
                if (!more)
                {
                    return;
                }

                await WriteAsync(source.Current, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<bool> FlushDuringAsync(Task<bool> pending, CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // An enumerator must not be disposed while it moves; its own failure is not the cause of this one.
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await pending.ConfigureAwait(false);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Broken = true;
        await body.FlushAsync(cancellationToken).ConfigureAwait(false);
        Broken = false;
        _unflushed = 0;
    }
}
