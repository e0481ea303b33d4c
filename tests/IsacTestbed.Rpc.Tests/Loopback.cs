using System.Net;
using IsacTestbed.Rpc.Tests.Protos;
using Microsoft.AspNetCore.Routing;

namespace IsacTestbed.Rpc.Tests;

/// <summary>Servers and channels on the loopback address.</summary>
internal static class Loopback
{
    public static Task<RpcServer> StartAsync(Action<IEndpointRouteBuilder> map, RpcServerOptions? options = null) =>
        RpcServer.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), map, options);

    public static RpcChannel Connect(RpcServer server, RpcChannelOptions? options = null) => Connect(server.Port, options);

    public static RpcChannel Connect(int port, RpcChannelOptions? options = null) => new(new Uri($"http://127.0.0.1:{port}"), options);

    public static async IAsyncEnumerable<Ping> Numbers(int first, int last)
    {
        for (int i = first; i <= last; i++)
        {
            if (i % 100 == 0)
            {
                await Task.Yield();
            }

            yield return new Ping { Number = i };
        }
    }
}
