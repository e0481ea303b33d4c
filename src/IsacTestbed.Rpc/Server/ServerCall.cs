using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IsacTestbed.Rpc;

/// <summary>Serves the calls of one method.</summary>
internal sealed class ServerCall<TRequest, TResponse>(
    RpcMethod<TRequest, TResponse> method,
    RpcServerOptions options,
    ILogger logger,
    Func<RequestReader<TRequest>, ResponseWriter<TResponse>, RpcServerContext, ValueTask> serve,
    CancellationToken serverStopping)
{
    private const int Http2Cancel = 8;

    public async Task InvokeAsync(HttpContext http)
    {
        if (!RpcHeader.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        http.Response.ContentType = RpcHeader.ContentType;
        if (!TryReadTimeout(http, out TimeSpan? timeout))
        {
            var malformed = new RpcException(RpcStatusCode.Internal, $"The {RpcHeader.Timeout} header of {method.Path} is malformed.");
            ServerStatus.Write(http, anyResponse: false, malformed);
            return;
        }

        using CancellationTokenSource? deadline = timeout is { } limit
            ? RpcTimeout.StartTimer(limit, options.TimeProvider)
            : null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, serverStopping, deadline?.Token ?? CancellationToken.None);
        DateTimeOffset now = options.TimeProvider.GetUtcNow();
        var context = new RpcServerContext(
            method.Path, ReadMetadata(http), ReadPeer(http), timeout is { } t && t < DateTimeOffset.MaxValue - now ? now + t : null, ended.Token);
        string? encoding = http.Request.Headers[RpcHeader.Encoding];
        var requests = new RequestReader<TRequest>(
            http.Request.BodyReader, method.RequestMarshaller, options.MaxReceiveMessageBytes, encoding, method.Path);
        var responses = new ResponseWriter<TResponse>(http.Response.BodyWriter, method.ResponseMarshaller);

        RpcException? failed = null;
        Exception? thrown = null;
        try
        {
            await serve(requests, responses, context).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            thrown = failure;
            failed = Describe(failure, deadline, requests.ConnectionLost, ended.Token);
        }

        Finish(http, context, responses, failed, thrown);
    }

    private RpcException Describe(Exception failure, CancellationTokenSource? deadline, bool connectionLost, CancellationToken ended)
    {
        if (failure is RpcException status)
        {
            return status;
        }

        if (failure is OperationCanceledException && (ended.IsCancellationRequested || connectionLost))
        {
            return deadline is { IsCancellationRequested: true }
                ? new RpcException(RpcStatusCode.DeadlineExceeded, $"{method.Path} did not end before its deadline.")
                : serverStopping.IsCancellationRequested
                    ? new RpcException(RpcStatusCode.Unavailable, "The server is stopping.")
                    : new RpcException(RpcStatusCode.Cancelled, "The client cancelled.");
        }

        RpcServerLog.HandlerFailed(logger, method.Path, failure);
        return new RpcException(RpcStatusCode.Unknown, $"The handler of {method.Path} failed.");
    }

    private void Finish(HttpContext http, RpcServerContext context, ResponseWriter<TResponse> responses, RpcException? failed, Exception? thrown)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            RpcServerLog.CallCancelled(logger, method.Path);
            return;
        }

        if (failed is not null)
        {
            RpcServerLog.CallFailed(logger, method.Path, failed.StatusCode, failed.Detail);
        }

        if (responses.Broken)
        {
            // A message that is cut short, or one that the client does not take, cannot be followed by trailers: reset the stream.
            if (thrown is not (null or OperationCanceledException))
            {
                RpcServerLog.StreamReset(logger, method.Path, thrown);
            }

            if (http.Features.Get<IHttpResetFeature>() is { } reset)
            {
                reset.Reset(Http2Cancel);
            }
            else
            {
                http.Abort();
            }

            return;
        }

        ServerStatus.Write(http, responses.Any, failed, context.ResponseTrailers);
    }

    private static bool TryReadTimeout(HttpContext http, out TimeSpan? timeout)
    {
        timeout = null;
        if (!http.Request.Headers.TryGetValue(RpcHeader.Timeout, out StringValues text))
        {
            return true;
        }

        bool valid = RpcTimeout.TryParse(text.ToString(), out TimeSpan value);
        timeout = value;
        return valid;
    }

    private static RpcMetadata ReadMetadata(HttpContext http)
    {
        var metadata = new RpcMetadata();
        foreach (KeyValuePair<string, StringValues> header in http.Request.Headers)
        {
            if (RpcHeader.IsMetadata(header.Key))
            {
                foreach (string? value in header.Value)
                {
                    metadata.AddReceived(header.Key.ToLowerInvariant(), value ?? "");
                }
            }
        }

        return metadata;
    }

    private static IPEndPoint? ReadPeer(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, http.Connection.RemotePort) : null;
}
