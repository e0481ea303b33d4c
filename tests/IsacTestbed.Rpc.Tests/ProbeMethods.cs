using Google.Protobuf;
using IsacTestbed.Rpc.Tests.Protos;

namespace IsacTestbed.Rpc.Tests;

/// <summary>The methods of the test service in probe.proto.</summary>
internal static class ProbeMethods
{
    public const string Service = "isac.rpc.test.Probe";

    public static readonly RpcMarshaller<Ping> PingBytes = Protobuf(Ping.Parser);
    public static readonly RpcMarshaller<Pong> PongBytes = Protobuf(Pong.Parser);

    public static readonly RpcMethod<Ping, Pong> Echo = new(Service, "Echo", RpcMethodKind.Unary, PingBytes, PongBytes);
    public static readonly RpcMethod<Ping, Pong> Sum = new(Service, "Sum", RpcMethodKind.ClientStreaming, PingBytes, PongBytes);
    public static readonly RpcMethod<Ping, Pong> Count = new(Service, "Count", RpcMethodKind.ServerStreaming, PingBytes, PongBytes);
    public static readonly RpcMethod<Ping, Pong> Mirror = new(Service, "Mirror", RpcMethodKind.Duplex, PingBytes, PongBytes);

    public static RpcMarshaller<T> Protobuf<T>(MessageParser<T> parser)
        where T : IMessage<T> =>
        new(message => message.CalculateSize(), (message, destination) => message.WriteTo(destination), parser.ParseFrom);
}
