using System.Runtime.CompilerServices;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Mapping;
using Microsoft.AspNetCore.Routing;

namespace IsacTestbed.Sidecar;

/// <summary>Maps handlers so that whatever they throw ends as a status with details.</summary>
internal static class SidecarEndpoints
{
    public static void MapUnary<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints, RpcMethod<TRequest, TResponse> method, Func<TRequest, CancellationToken, Task<TResponse>> handler) =>
        endpoints.MapRpcUnary(method, (request, context) => GuardAsync(() => handler(request, context.CancellationToken)));

    public static void MapClientStreaming<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<IAsyncEnumerable<TRequest>, CancellationToken, Task<TResponse>> handler) =>
        endpoints.MapRpcClientStreaming(method, (requests, context) => GuardAsync(() => handler(requests, context.CancellationToken)));

    public static void MapServerStreaming<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<TRequest, CancellationToken, IAsyncEnumerable<TResponse>> handler) =>
        endpoints.MapRpcServerStreaming(method, (request, context) => GuardAsync(handler(request, context.CancellationToken)));

    public static void MapDuplex<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<IAsyncEnumerable<TRequest>, CancellationToken, IAsyncEnumerable<TResponse>> handler) =>
        endpoints.MapRpcDuplex(method, (requests, context) => GuardAsync(handler(requests, context.CancellationToken)));

    private static async Task<T> GuardAsync<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsToBeMapped(exception))
        {
            throw FaultMapping.ToRpcException(exception);
        }
    }

    private static async IAsyncEnumerable<T> GuardAsync<T>(
        IAsyncEnumerable<T> answers, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using IAsyncEnumerator<T> source = answers.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await source.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (Exception exception) when (IsToBeMapped(exception))
            {
                throw FaultMapping.ToRpcException(exception);
            }

            yield return source.Current;
        }
    }

    // Cancellations and statuses are the wire's own.
    private static bool IsToBeMapped(Exception exception) => exception is not (OperationCanceledException or RpcException or OutOfMemoryException);
}
