using System.Runtime.CompilerServices;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Mapping;
using IsacTestbed.Wire.Health;
using Microsoft.AspNetCore.Routing;
using ServingStatus = IsacTestbed.Wire.Health.HealthCheckResponse.Types.ServingStatus;

namespace IsacTestbed.Sidecar.Standard;

/// <summary>grpc.health.v1: whether the sidecar serves. All of its services have one state. Thread safe.</summary>
internal sealed class HealthService(IReadOnlyCollection<string> services)
{
    /// <summary>Full name of the service.</summary>
    public const string Service = "grpc.health.v1.Health";

    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static RpcMethod<HealthCheckRequest, HealthCheckResponse> Check { get; } = Method(nameof(Check), RpcMethodKind.Unary);

    public static RpcMethod<HealthCheckRequest, HealthCheckResponse> Watch { get; } = Method(nameof(Watch), RpcMethodKind.ServerStreaming);

    /// <summary>Maps both methods.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapUnary(Check, CheckAsync);
        endpoints.MapServerStreaming(Watch, WatchAsync);
    }

    /// <summary>From now on the sidecar does not serve; watchers are told.</summary>
    public void MarkStopping() => _stopping.TrySetResult();

    private Task<HealthCheckResponse> CheckAsync(HealthCheckRequest request, CancellationToken cancellationToken) => IsKnown(request.Service)
        ? Task.FromResult(Current)
        : throw new RpcException(RpcStatusCode.NotFound, $"This server has no service '{request.Service}'.");

    private async IAsyncEnumerable<HealthCheckResponse> WatchAsync(
        HealthCheckRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!IsKnown(request.Service))
        {
            // Services are never added, but a watcher may wait for one all the same.
            yield return new HealthCheckResponse { Status = ServingStatus.ServiceUnknown };
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        HealthCheckResponse told = Current;
        yield return told;
        await _stopping.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (told.Status != ServingStatus.NotServing)
        {
            yield return Current;
        }
    }

    private HealthCheckResponse Current =>
        new() { Status = _stopping.Task.IsCompleted ? ServingStatus.NotServing : ServingStatus.Serving };

    private bool IsKnown(string service) => service.Length == 0 || services.Contains(service);

    private static RpcMethod<HealthCheckRequest, HealthCheckResponse> Method(string name, RpcMethodKind kind) =>
        new(Service, name, kind, ProtobufMarshaller.Of<HealthCheckRequest>(), ProtobufMarshaller.Of<HealthCheckResponse>());
}
