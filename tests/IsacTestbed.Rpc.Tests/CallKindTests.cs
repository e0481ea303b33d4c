using Google.Protobuf;
using IsacTestbed.Rpc.Tests.Protos;

namespace IsacTestbed.Rpc.Tests;

/// <summary>The four call kinds, our client against our server.</summary>
public sealed class CallKindTests
{
    [Fact]
    public async Task Unary_Request_IsAnsweredWithItsContent()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcUnary(
            ProbeMethods.Echo, (ping, _) => Task.FromResult(new Pong { Text = ping.Action, Number = ping.Number + 1, Payload = ping.Payload })));
        await using RpcChannel channel = Loopback.Connect(server);

        Pong pong = await channel.CallAsync(ProbeMethods.Echo, new Ping { Action = "häl/%lo", Number = 41, Payload = ByteString.CopyFrom(1, 0, 255) });

        Assert.Equal("häl/%lo", pong.Text);
        Assert.Equal(42, pong.Number);
        Assert.Equal([1, 0, 255], pong.Payload.ToByteArray());
    }

    [Fact]
    public async Task ClientStream_OfRequests_IsSummedAfterHalfClose()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcClientStreaming(ProbeMethods.Sum, async (pings, _) =>
        {
            long sum = 0;
            await foreach (Ping ping in pings)
            {
                sum += ping.Number;
            }

            return new Pong { Number = sum };
        }));
        await using RpcChannel channel = Loopback.Connect(server);

        Pong pong = await channel.ClientStreamAsync(ProbeMethods.Sum, Loopback.Numbers(1, 1000));

        Assert.Equal(500_500, pong.Number);
    }

    [Fact]
    public async Task ServerStream_OfResponses_ArrivesInOrder()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcServerStreaming(ProbeMethods.Count, (ping, _) => CountAsync(ping)));
        await using RpcChannel channel = Loopback.Connect(server);

        List<long> received = await channel.ServerStreamAsync(ProbeMethods.Count, new Ping { Number = 3000 }).Select(p => p.Number).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (long)i), received);

        static async IAsyncEnumerable<Pong> CountAsync(Ping ping)
        {
            for (int i = 0; i < ping.Number; i++)
            {
                if (i % 7 == 0)
                {
                    await Task.Yield();
                }

                yield return new Pong { Number = i };
            }
        }
    }

    [Fact]
    public async Task Duplex_PingPong_EachAnswerComesBeforeTheNextRequest()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcDuplex(
            ProbeMethods.Mirror, (pings, _) => pings.Select(ping => new Pong { Number = -ping.Number })));
        await using RpcChannel channel = Loopback.Connect(server);
        using var answered = new SemaphoreSlim(1);

        // Each request waits for the answer to the one before: it would hang if either side held messages back.
        async IAsyncEnumerable<Ping> Requests()
        {
            for (int i = 1; i <= 50; i++)
            {
                await answered.WaitAsync();
                yield return new Ping { Number = i };
            }
        }

        long expected = 0;
        await foreach (Pong pong in channel.DuplexAsync(ProbeMethods.Mirror, Requests()))
        {
            Assert.Equal(--expected, pong.Number);
            answered.Release();
        }

        Assert.Equal(-50, expected);
    }
}
