namespace IsacTestbed.Rpc;

/// <summary>One method of a service: its name on the wire, its kind and how its messages become bytes.</summary>
/// <typeparam name="TRequest">The request message.</typeparam>
/// <typeparam name="TResponse">The response message.</typeparam>
/// <param name="Service">The full name of the service with its package, such as grpc.health.v1.Health.</param>
/// <param name="Name">The name of the method, such as Check.</param>
/// <param name="Kind">How many messages travel each way.</param>
/// <param name="RequestMarshaller">The requests' bytes.</param>
/// <param name="ResponseMarshaller">The responses' bytes.</param>
public sealed record RpcMethod<TRequest, TResponse>(
    string Service,
    string Name,
    RpcMethodKind Kind,
    RpcMarshaller<TRequest> RequestMarshaller,
    RpcMarshaller<TResponse> ResponseMarshaller)
{
    /// <summary>The path of the HTTP/2 request: /service/name.</summary>
    public string Path { get; } = "/" + Service + "/" + Name;

    internal void RequireKind(RpcMethodKind kind)
    {
        if (Kind != kind)
        {
            throw new ArgumentException($"{Path} is declared as {Kind} and cannot be used as {kind}.");
        }
    }
}
