using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IsacTestbed.Rpc;

/// <summary>Maps gRPC methods to handlers.</summary>
/// <remarks>
/// A handler answers with a status by throwing an <see cref="RpcException"/>; any other exception is logged and answered with
/// <see cref="RpcStatusCode.Unknown"/> without its text. A response that is <see cref="IDisposable"/> is disposed by the server after it was
/// written. Requests are the handler's. Requests are read and responses taken only as fast as the other side goes.
/// </remarks>
public static class RpcEndpoints
{
    /// <summary>Maps a method with one request and one response.</summary>
    /// <exception cref="ArgumentException">The method is of another kind.</exception>
    public static IEndpointConventionBuilder MapRpcUnary<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<TRequest, RpcServerContext, Task<TResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Map(endpoints, method, RpcMethodKind.Unary, async (requests, responses, context) =>
        {
            TRequest request = await requests.ReadOnlyAsync(context.CancellationToken).ConfigureAwait(false);
            TResponse response = await handler(request, context).ConfigureAwait(false);
            await responses.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Maps a method with a stream of requests and one response. The handler may answer before it has read all requests.</summary>
    /// <exception cref="ArgumentException">The method is of another kind.</exception>
    public static IEndpointConventionBuilder MapRpcClientStreaming<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<IAsyncEnumerable<TRequest>, RpcServerContext, Task<TResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Map(endpoints, method, RpcMethodKind.ClientStreaming, async (requests, responses, context) =>
        {
            IAsyncEnumerable<TRequest> all = requests.ReadAllAsync(context.CancellationToken);
            TResponse response = await handler(all, context).ConfigureAwait(false);
            await responses.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Maps a method with one request and a stream of responses.</summary>
    /// <exception cref="ArgumentException">The method is of another kind.</exception>
    public static IEndpointConventionBuilder MapRpcServerStreaming<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<TRequest, RpcServerContext, IAsyncEnumerable<TResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Map(endpoints, method, RpcMethodKind.ServerStreaming, async (requests, responses, context) =>
        {
            TRequest request = await requests.ReadOnlyAsync(context.CancellationToken).ConfigureAwait(false);
            await responses.WriteAllAsync(handler(request, context), context.CancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Maps a method with a stream of requests and a stream of responses that are independent of each other.</summary>
    /// <exception cref="ArgumentException">The method is of another kind.</exception>
    public static IEndpointConventionBuilder MapRpcDuplex<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<IAsyncEnumerable<TRequest>, RpcServerContext, IAsyncEnumerable<TResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Map(endpoints, method, RpcMethodKind.Duplex, (requests, responses, context) =>
            responses.WriteAllAsync(handler(requests.ReadAllAsync(context.CancellationToken), context), context.CancellationToken));
    }

    /// <summary>Answers every call that no other endpoint serves with <see cref="RpcStatusCode.Unimplemented"/>.</summary>
    public static IEndpointConventionBuilder MapRpcUnimplemented(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapFallback("{**path}", http =>
        {
            if (!HttpMethods.IsPost(http.Request.Method) || !RpcHeader.IsGrpc(http.Request.ContentType))
            {
                http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return Task.CompletedTask;
            }

            http.Response.ContentType = RpcHeader.ContentType;
            var unknown = new RpcException(RpcStatusCode.Unimplemented, $"This server has no method {http.Request.Path}.");
            ServerStatus.Write(http, anyResponse: false, unknown);
            return Task.CompletedTask;
        });

    private static IEndpointConventionBuilder Map<TRequest, TResponse>(
        IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        RpcMethodKind kind,
        Func<RequestReader<TRequest>, ResponseWriter<TResponse>, RpcServerContext, ValueTask> serve)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(method);
        method.RequireKind(kind);
        IServiceProvider services = endpoints.ServiceProvider;
        var call = new ServerCall<TRequest, TResponse>(
            method,
            services.GetService<RpcServerOptions>() ?? new RpcServerOptions(),
            services.GetService<ILoggerFactory>()?.CreateLogger(typeof(RpcServer).FullName!) ?? NullLogger.Instance,
            serve,
            services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);
        return endpoints.MapPost(method.Path, call.InvokeAsync).WithDisplayName(method.Path);
    }
}
