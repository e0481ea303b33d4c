using System.Buffers;
using System.Diagnostics.Tracing;
using IsacTestbed.Rpc.Tests.Protos;

namespace IsacTestbed.Rpc.Tests;

/// <summary>Back-pressure, ownership and memory of streams of large messages.</summary>
public sealed class FlowControlTests
{
    private const int MessageBytes = 256 << 10;

    // What may be under way when one side stops reading: the stream's window (1 or 2 MiB), the server's response or request buffers
    // (about 1 MiB each for stream and connection) and the two sockets' buffers (at most 6 MiB each on Linux by default).
    private const int MostUnderWay = 24 << 20;
    private const int Endless = 100_000;

    private static readonly byte[] Payload = new byte[MessageBytes];

    private static readonly RpcMarshaller<Block> BlockBytes = new(
        block => block.Length,
        (block, destination) => destination.Write(block.Memory.Span),
        Block.Read);

    private static readonly RpcMethod<Ping, Block> Down = new(
        ProbeMethods.Service, "Down", RpcMethodKind.ServerStreaming, ProbeMethods.PingBytes, BlockBytes);

    private static readonly RpcMethod<Block, Pong> Up = new(
        ProbeMethods.Service, "Up", RpcMethodKind.ClientStreaming, BlockBytes, ProbeMethods.PongBytes);

    private int _produced;

    [Fact]
    public async Task ServerStream_WithAReaderThatStops_StopsTheProducer()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcServerStreaming(Down, (_, _) => Produce(Endless)));
        await using RpcChannel channel = Loopback.Connect(server);

        await foreach (Block block in channel.ServerStreamAsync(Down, new Ping()))
        {
            block.Dispose();
            break;
        }

        await using IAsyncEnumerator<Block> reader = channel.ServerStreamAsync(Down, new Ping()).GetAsyncEnumerator();
        Volatile.Write(ref _produced, 0);
        Assert.True(await reader.MoveNextAsync());
        reader.Current.Dispose();
        int produced = await SettleAsync();

        Assert.InRange(produced, 1, MostUnderWay / MessageBytes);
    }

    [Fact]
    public async Task ClientStream_WithAHandlerThatStopsReading_StopsTheSequence()
    {
        var release = new TaskCompletionSource();
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcClientStreaming(Up, async (blocks, _) =>
        {
            await foreach (Block block in blocks)
            {
                block.Dispose();
                break;
            }

            await release.Task;
            return new Pong();
        }));
        await using RpcChannel channel = Loopback.Connect(server);
        Task<Pong> call = channel.ClientStreamAsync(Up, Produce(Endless));
        int produced = await SettleAsync();
        release.SetResult();
        await call;

        Assert.InRange(produced, 1, MostUnderWay / MessageBytes);
    }

    [Fact]
    public async Task ServerStream_OfLargeMessages_AllocatesNoLargeObjectPerMessage()
    {
        const int Messages = 600;
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcServerStreaming(Down, (_, _) => Produce(Messages)));
        await using RpcChannel channel = Loopback.Connect(server);
        await ReadAllAsync();

        // An allocation per message on either side would give at least 256 KiB per message, in every pass. The transport's own 16 KiB blocks may miss
        // the pool while the reader is behind, in some; pooled buffers of a call are allocated a few times at most.
        long allocated = long.MaxValue, large = long.MaxValue;
        for (int pass = 0; pass < 3; pass++)
        {
            using var largeObjects = new LargeObjectListener();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Assert.Equal(Messages, await ReadAllAsync());
            allocated = Math.Min(allocated, GC.GetTotalAllocatedBytes(precise: true) - before);
            large = Math.Min(large, largeObjects.Bytes);
        }

        Assert.InRange(allocated / Messages, 0, MessageBytes / 2);
        Assert.InRange(large / Messages, 0, MessageBytes / 16);

        async Task<int> ReadAllAsync()
        {
            int count = 0;
            await foreach (Block block in channel.ServerStreamAsync(Down, new Ping()))
            {
                Assert.Equal(MessageBytes, block.Length);
                block.Dispose();
                count++;
            }

            return count;
        }
    }

    [Fact]
    public async Task ServerStream_OfDisposableResponses_DisposesEachOnceAfterItWasWritten()
    {
        const int Messages = 20;
        var sent = new List<Block>();
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcServerStreaming(Down, (_, _) => ProduceOwned()));
        await using RpcChannel channel = Loopback.Connect(server);

        int index = 0;
        await foreach (Block block in channel.ServerStreamAsync(Down, new Ping()))
        {
            Assert.Equal(index++, block.Memory.Span[0]);
            block.Dispose();
        }

        Assert.Equal(Messages, index);
        Assert.All(sent, block => Assert.Equal(1, block.Disposals));

        async IAsyncEnumerable<Block> ProduceOwned()
        {
            for (int i = 0; i < Messages; i++)
            {
                await Task.Yield();
                byte[] content = new byte[100 + (i * 5000)];
                content[0] = (byte)i;
                sent.Add(new Block(content, content.Length, pooled: false));
                yield return sent[^1];
            }
        }
    }

    private async IAsyncEnumerable<Block> Produce(int count)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            Interlocked.Increment(ref _produced);
            yield return new Block(Payload, MessageBytes, pooled: false);
        }
    }

    /// <summary>Waits until the producer has not moved for a second and returns how far it got; a producer that nothing stops runs out.</summary>
    private async Task<int> SettleAsync()
    {
        int last = -1;
        for (int now = Volatile.Read(ref _produced); (now != last || now == 0) && now < Endless; now = Volatile.Read(ref _produced))
        {
            last = now;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        return Volatile.Read(ref _produced);
    }

    private sealed class Block(byte[] array, int length, bool pooled) : IDisposable
    {
        public int Length => length;

        public ReadOnlyMemory<byte> Memory => array.AsMemory(0, length);

        public int Disposals { get; private set; }

        public static Block Read(ReadOnlySequence<byte> source)
        {
            byte[] array = ArrayPool<byte>.Shared.Rent((int)source.Length);
            source.CopyTo(array);
            return new Block(array, (int)source.Length, pooled: true);
        }

        public void Dispose()
        {
            Disposals++;
            if (pooled && Disposals == 1)
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    }

    /// <summary>Adds up the runtime's reports of large-object allocation; each object of more than about 100 KB makes one.</summary>
    private sealed class LargeObjectListener : EventListener
    {
        private long _bytes;

        public long Bytes => Interlocked.Read(ref _bytes);

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, (EventKeywords)1);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) == true && eventData.Payload![1] is 1u)
            {
                Interlocked.Add(ref _bytes, Convert.ToInt64(eventData.Payload[3], System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
