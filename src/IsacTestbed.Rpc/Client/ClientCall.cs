using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.ExceptionServices;

namespace IsacTestbed.Rpc;

/// <summary>One call of a client, from its start to its status.</summary>
internal sealed class ClientCall<TResponse> : IAsyncDisposable
{
    private static readonly Version Http2 = HttpVersion.Version20;

    private readonly RpcChannel _channel;
    private readonly string _path;
    private readonly RequestContent _content;
    private readonly RpcMarshaller<TResponse> _marshaller;
    private readonly RpcCallOptions _options;
    private readonly CancellationToken _callToken;
    private readonly CancellationToken _enumeratorToken;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource _ended;
    private HttpResponseMessage? _response;
    private MessageStreamReader? _reader;

    public ClientCall(
        RpcChannel channel,
        string path,
        RequestContent content,
        RpcMarshaller<TResponse> marshaller,
        RpcCallOptions? options,
        CancellationToken callToken,
        CancellationToken enumeratorToken)
    {
        _channel = channel;
        _path = path;
        _content = content;
        _marshaller = marshaller;
        _options = options ?? new RpcCallOptions();
        _callToken = callToken;
        _enumeratorToken = enumeratorToken;
        _deadline = _options.Timeout is { } timeout && timeout > TimeSpan.Zero
            ? RpcTimeout.StartTimer(timeout, channel.Options.TimeProvider)
            : null;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(
            [callToken, enumeratorToken, channel.Closing, _deadline?.Token ?? CancellationToken.None]);
        content.CallEnded = _ended.Token;
    }

    /// <summary>The message that the last successful <see cref="MoveNextAsync"/> read.</summary>
    [AllowNull]
    public TResponse Current { get; private set; } = default;

    /// <summary>Sends the request and waits for the response's headers.</summary>
    public async Task StartAsync()
    {
        _callToken.ThrowIfCancellationRequested();
        _enumeratorToken.ThrowIfCancellationRequested();
        if (_options.Timeout is { } timeout && timeout <= TimeSpan.Zero)
        {
            throw DeadlineExceeded();
        }

        try
        {
            _response = await _channel.SendAsync(CreateRequest(), _ended.Token).ConfigureAwait(false);
            if (RequireGrpc(_response))
            {
                Stream stream = await _response.Content.ReadAsStreamAsync(_ended.Token).ConfigureAwait(false);
                string? encoding = _response.Headers.NonValidated.TryGetValues(RpcHeader.Encoding, out var values) ? values.ToString() : null;
                _reader = new MessageStreamReader(stream, _channel.Options.MaxReceiveMessageBytes, encoding, $"The server {_channel.Address}");
            }
        }
        catch (Exception failure)
        {
            throw Translate(failure);
        }
    }

    /// <summary>Reads the next response; false when the call ended well.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            if (_reader is null)
            {
                return false;
            }

            if (await _reader.ReadAsync(_ended.Token).ConfigureAwait(false) is { } message)
            {
                Current = Parse(message);
                return true;
            }

            if (!RpcStatus.TryRead(_response!.TrailingHeaders.NonValidated, out RpcMetadata trailers, out RpcException? failed))
            {
                throw new RpcException(RpcStatusCode.Unknown, $"The server {_channel.Address} ended {_path} without a grpc-status.");
            }

            End(trailers, failed);
            return false;
        }
        catch (Exception failure)
        {
            throw Translate(failure);
        }
    }

    /// <summary>Reads the response of a call that must have exactly one.</summary>
    public async Task<TResponse> ReadOnlyResponseAsync()
    {
        if (!await MoveNextAsync().ConfigureAwait(false))
        {
            throw new RpcException(RpcStatusCode.Internal, $"The server {_channel.Address} ended {_path} with OK but without a response.");
        }

        TResponse response = Current;
        if (!await MoveNextAsync().ConfigureAwait(false))
        {
            return response;
        }

        (response as IDisposable)?.Dispose();
        (Current as IDisposable)?.Dispose();
        throw new RpcException(RpcStatusCode.Internal, $"The server {_channel.Address} answered {_path} with more than one response.");
    }

    /// <summary>Ends the call: resets the stream unless it is complete, and stops the sequence of requests.</summary>
    public async ValueTask DisposeAsync()
    {
        _response?.Dispose();
        await _ended.CancelAsync().ConfigureAwait(false);
        _reader?.Dispose();
        _ended.Dispose();
        _deadline?.Dispose();
    }

    private HttpRequestMessage CreateRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_channel.Address, _path))
        {
            Version = Http2,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation(RpcHeader.AcceptEncoding, RpcHeader.Identity);
        request.Headers.TryAddWithoutValidation("user-agent", "grpc-isac-testbed/0.1");
        if (_options.Timeout is { } timeout)
        {
            request.Headers.TryAddWithoutValidation(RpcHeader.Timeout, RpcTimeout.Format(timeout));
        }

        if (_channel.Options.AccessToken is { } token)
        {
            request.Headers.TryAddWithoutValidation(AccessToken.HeaderName, token.Header);
        }

        foreach (RpcMetadataEntry entry in _options.Metadata ?? [])
        {
            request.Headers.TryAddWithoutValidation(entry.Key, entry.Text);
        }

        return request;
    }

    /// <summary>Checks the response's headers; false when they already hold the status (a trailers-only response) and it is OK.</summary>
    private bool RequireGrpc(HttpResponseMessage response)
    {
        if (RpcStatus.TryRead(response.Headers.NonValidated, out RpcMetadata trailers, out RpcException? failed))
        {
            End(trailers, failed);
            return false;
        }

        string? contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;
        if (response.StatusCode == HttpStatusCode.OK && RpcHeader.IsGrpc(contentType))
        {
            return true;
        }

        throw new RpcException(
            RpcStatus.FromHttp(response.StatusCode),
            $"{_channel.Address} did not answer {_path} as a gRPC server: HTTP status {(int)response.StatusCode}, "
            + (contentType is null ? "no content type." : $"content type '{contentType}'."));
    }

    private void End(RpcMetadata trailers, RpcException? failed)
    {
        if (failed is not null)
        {
            throw failed;
        }

        _options.TrailersReceived?.Invoke(trailers);
    }

    private TResponse Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return _marshaller.Read(new ReadOnlySequence<byte>(message));
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or RpcException))
        {
            throw new RpcException(
                RpcStatusCode.Internal,
                $"The response of {_path} from {_channel.Address} cannot be read: {failure.Message}",
                innerException: failure);
        }
    }

    private Exception Translate(Exception failure)
    {
        if (_callToken.IsCancellationRequested)
        {
            return new OperationCanceledException($"The call {_path} was cancelled.", failure, _callToken);
        }

        if (_enumeratorToken.IsCancellationRequested)
        {
            return new OperationCanceledException($"The call {_path} was cancelled.", failure, _enumeratorToken);
        }

        if (_deadline is { IsCancellationRequested: true })
        {
            return DeadlineExceeded(failure);
        }

        if (failure is RpcException)
        {
            return failure;
        }

        if (_content.Failure is { } own)
        {
            // The caller's own sequence or marshaller failed: its exception, with its own stack.
            ExceptionDispatchInfo.Throw(own);
        }

        return _channel.IsDisposed
            ? new RpcException(RpcStatusCode.Cancelled, $"The channel to {_channel.Address} was disposed.", innerException: failure)
            : TransportFailure.Describe(failure, _channel.Address, _path, _channel.HasAnswered);
    }

    private RpcException DeadlineExceeded(Exception? cause = null) =>
        new(RpcStatusCode.DeadlineExceeded, $"{_path} at {_channel.Address} did not end within {_options.Timeout}.", innerException: cause);
}
