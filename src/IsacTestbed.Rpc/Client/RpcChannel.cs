using System.Runtime.CompilerServices;

namespace IsacTestbed.Rpc;

/// <summary>A connection to one gRPC server, opened at the first call and shared by all calls. Safe for use by many threads.</summary>
/// <remarks>
/// Every call throws <see cref="RpcException"/> when it ends with another status than OK or when the wire fails, and
/// <see cref="OperationCanceledException"/> with the caller's token when the caller cancels, which also resets the stream so that the
/// server sees it. An exception of the caller's own request sequence resets the stream and is thrown unchanged.
/// </remarks>
public sealed class RpcChannel : IAsyncDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _disposed;
    private volatile bool _answered;

    /// <summary>A channel to a server; nothing is sent before the first call.</summary>
    /// <param name="address">http://host:port for HTTP/2 without TLS (prior knowledge), or https://host:port.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The address or an option is wrong.</exception>
    public RpcChannel(Uri address, RpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"'{address}' is not the address of a gRPC server: use http://host:port or https://host:port.", nameof(address));
        }

        Address = address;
        Closing = _closing.Token;
        Options = options ?? new RpcChannelOptions();
        if (Options.AccessToken is not null && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"'{address}' is no https address: a token is never sent over a connection that others can read.", nameof(options));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(Options.MaxReceiveMessageBytes, nameof(options));
        _invoker = Options.HttpMessageHandler is { } handler
            ? new HttpMessageInvoker(handler, disposeHandler: false)
            : new HttpMessageInvoker(CreateTransport(Options), disposeHandler: true);
    }

    /// <summary>The server's address.</summary>
    public Uri Address { get; }

    internal RpcChannelOptions Options { get; }

    internal bool IsDisposed => _disposed;

    /// <summary>Fires when the channel is disposed: the transport itself would let a call wait on that has no answer yet.</summary>
    internal CancellationToken Closing { get; }

    /// <summary>Sends one request and returns the one response.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Require(method, RpcMethodKind.Unary);
        return SingleResponseAsync(method, new SingleRequestContent<TRequest>(request, method.RequestMarshaller), options, cancellationToken);
    }

    /// <summary>Sends one request and yields the responses as they arrive.</summary>
    /// <remarks>
    /// The call starts with the enumeration; each enumeration is a call of its own. An enumerator that is disposed early resets the stream.
    /// Responses are read only as they are asked for, so a slow reader stops the server when the window is full.
    /// </remarks>
    /// <exception cref="RpcException">During enumeration: the call failed.</exception>
    /// <exception cref="OperationCanceledException">During enumeration: the caller cancelled; it carries the caller's token.</exception>
    public IAsyncEnumerable<TResponse> ServerStreamAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Require(method, RpcMethodKind.ServerStreaming);
        return ResponsesAsync(method, () => new SingleRequestContent<TRequest>(request, method.RequestMarshaller), options, cancellationToken);
    }

    /// <summary>Sends the requests as the sequence yields them, half-closes, and returns the one response.</summary>
    /// <remarks>
    /// The server may answer before it has seen all requests: then the sequence's token is cancelled and the answer is returned
    /// without waiting for the sequence to notice. Requests stay the caller's; the channel disposes none.
    /// </remarks>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public Task<TResponse> ClientStreamAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        IAsyncEnumerable<TRequest> requests,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Require(method, RpcMethodKind.ClientStreaming);
        ArgumentNullException.ThrowIfNull(requests);
        return SingleResponseAsync(method, new RequestStreamContent<TRequest>(requests, method.RequestMarshaller), options, cancellationToken);
    }

    /// <summary>Sends the requests as the sequence yields them while it yields the responses as they arrive.</summary>
    /// <remarks>As for <see cref="ServerStreamAsync"/> and <see cref="ClientStreamAsync"/>; the two directions are independent.</remarks>
    /// <exception cref="RpcException">During enumeration: the call failed.</exception>
    /// <exception cref="OperationCanceledException">During enumeration: the caller cancelled; it carries the caller's token.</exception>
    public IAsyncEnumerable<TResponse> DuplexAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        IAsyncEnumerable<TRequest> requests,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Require(method, RpcMethodKind.Duplex);
        ArgumentNullException.ThrowIfNull(requests);
        return ResponsesAsync(method, () => new RequestStreamContent<TRequest>(requests, method.RequestMarshaller), options, cancellationToken);
    }

    /// <summary>Closes the connections. Calls still running end with CANCELLED or UNAVAILABLE.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _closing.CancelAsync().ConfigureAwait(false);
        _invoker.Dispose();
        _closing.Dispose();
    }

    /// <summary>Whether the server has ever answered, so that it is known to speak HTTP/2.</summary>
    internal bool HasAnswered => _answered;

    internal async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        _answered = true;
        return response;
    }

    private static SocketsHttpHandler CreateTransport(RpcChannelOptions options)
    {
        var transport = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            InitialHttp2StreamWindowSize = options.InitialHttp2StreamWindowSize,
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
        if (options.Tls is { } tls)
        {
            transport.SslOptions = tls;
        }

        return transport;
    }

    private void Require<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, RpcMethodKind kind)
    {
        ArgumentNullException.ThrowIfNull(method);
        ObjectDisposedException.ThrowIf(_disposed, this);
        method.RequireKind(kind);
    }

    private async Task<TResponse> SingleResponseAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        RequestContent content,
        RpcCallOptions? options,
        CancellationToken cancellationToken)
    {
        await using var call = new ClientCall<TResponse>(
            this, method.Path, content, method.ResponseMarshaller, options, cancellationToken, CancellationToken.None);
        await call.StartAsync().ConfigureAwait(false);
        return await call.ReadOnlyResponseAsync().ConfigureAwait(false);
    }

    private async IAsyncEnumerable<TResponse> ResponsesAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        Func<RequestContent> content,
        RpcCallOptions? options,
        CancellationToken callToken,
        [EnumeratorCancellation] CancellationToken enumeratorToken = default)
    {
        await using var call = new ClientCall<TResponse>(
            this, method.Path, content(), method.ResponseMarshaller, options, callToken, enumeratorToken);
        await call.StartAsync().ConfigureAwait(false);
        while (await call.MoveNextAsync().ConfigureAwait(false))
        {
            yield return call.Current;
        }
    }
}
