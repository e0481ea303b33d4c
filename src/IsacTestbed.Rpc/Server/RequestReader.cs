using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace IsacTestbed.Rpc;

/// <summary>Cuts a request body into messages; asks for more only when the handler does.</summary>
internal sealed class RequestReader<TRequest>(
    PipeReader body, RpcMarshaller<TRequest> marshaller, int maxMessageBytes, string? encoding, string method)
{
    private const string Peer = "The client";

    /// <summary>Whether the client went away in the middle of its requests.</summary>
    public bool ConnectionLost { get; private set; }

    /// <summary>Reads the request of a call that must have exactly one.</summary>
    public async ValueTask<TRequest> ReadOnlyAsync(CancellationToken cancellationToken)
    {
        (bool any, TRequest request) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!any)
        {
            throw new RpcException(RpcStatusCode.Internal, $"{Peer} sent no request to {method}.");
        }

        (bool another, TRequest second) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (another)
        {
            (request as IDisposable)?.Dispose();
            (second as IDisposable)?.Dispose();
            throw new RpcException(RpcStatusCode.Internal, $"{Peer} sent more than one request to {method}.");
        }

        return request;
    }

    /// <summary>All requests, once.</summary>
    public async IAsyncEnumerable<TRequest> ReadAllAsync(
        CancellationToken callToken, [EnumeratorCancellation] CancellationToken enumeratorToken = default)
    {
        using var linked = enumeratorToken.CanBeCanceled && enumeratorToken != callToken
            ? CancellationTokenSource.CreateLinkedTokenSource(callToken, enumeratorToken)
            : null;
        CancellationToken token = linked?.Token ?? callToken;
        while (true)
        {
            (bool any, TRequest request) = await ReadAsync(token).ConfigureAwait(false);
            if (!any)
            {
                yield break;
            }

            yield return request;
        }
    }

    private async ValueTask<(bool Any, TRequest Request)> ReadAsync(CancellationToken cancellationToken)
    {
        ReadResult read = await ReadAtLeastAsync(MessageFrame.PrefixBytes, cancellationToken).ConfigureAwait(false);
        if (read.Buffer.Length < MessageFrame.PrefixBytes)
        {
            long held = read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            return held == 0 ? (false, default!) : throw MessageFrame.Truncated(held, MessageFrame.PrefixBytes, Peer);
        }

        int length = ReadPrefix(read.Buffer);
        if (read.Buffer.Length < MessageFrame.PrefixBytes + length)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await ReadAtLeastAsync(MessageFrame.PrefixBytes + length, cancellationToken).ConfigureAwait(false);
            if (read.Buffer.Length < MessageFrame.PrefixBytes + length)
            {
                long held = read.Buffer.Length - MessageFrame.PrefixBytes;
                body.AdvanceTo(read.Buffer.End);
                throw MessageFrame.Truncated(held, length, Peer);
            }
        }

        ReadOnlySequence<byte> message = read.Buffer.Slice(MessageFrame.PrefixBytes, length);
        try
        {
            return (true, Parse(message));
        }
        finally
        {
            body.AdvanceTo(message.End);
        }
    }

    private async ValueTask<ReadResult> ReadAtLeastAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAtLeastAsync(count, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException lost)
        {
            ConnectionLost = true;
            throw new OperationCanceledException("The client reset the stream or the connection was lost.", lost, cancellationToken);
        }
    }

    private int ReadPrefix(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[MessageFrame.PrefixBytes];
        buffer.Slice(0, MessageFrame.PrefixBytes).CopyTo(prefix);
        try
        {
            return MessageFrame.ReadPrefix(prefix, maxMessageBytes, encoding, Peer);
        }
        catch (RpcException)
        {
            body.AdvanceTo(buffer.End);
            throw;
        }
    }

    private TRequest Parse(ReadOnlySequence<byte> message)
    {
        try
        {
            return marshaller.Read(message);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or RpcException))
        {
            throw new RpcException(RpcStatusCode.Internal, $"The request of {method} cannot be read: {failure.Message}", innerException: failure);
        }
    }
}
