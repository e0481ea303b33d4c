using System.Runtime.CompilerServices;
using IsacTestbed.Rpc.Tests.Protos;

namespace IsacTestbed.Rpc.Tests;

/// <summary>Deadlines, cancellation and failures in the middle of a call, our client against our server.</summary>
public sealed class CancellationTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task CallersCancellation_OfUnary_SurfacesWithTheCallersTokenAndReachesTheHandler()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcUnary(ProbeMethods.Echo, HangAsync));
        await using RpcChannel channel = Loopback.Connect(server);
        using var stop = new CancellationTokenSource();
        Task<Pong> call = channel.CallAsync(ProbeMethods.Echo, new Ping(), new RpcCallOptions { Timeout = Generous }, stop.Token);
        await _entered.Task.WaitAsync(Generous);

        await stop.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(stop.Token, cancelled.CancellationToken);
        await _cancelled.Task.WaitAsync(Generous);
    }

    [Fact]
    public async Task CallersCancellation_OfEnumeration_SurfacesWithTheEnumeratorsToken()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcServerStreaming(ProbeMethods.Count, OneThenHangAsync));
        await using RpcChannel channel = Loopback.Connect(server);
        using var stop = new CancellationTokenSource();
        int received = 0;

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Pong _ in channel.ServerStreamAsync(ProbeMethods.Count, new Ping()).WithCancellation(stop.Token))
            {
                received++;
                await stop.CancelAsync();
            }
        });

        Assert.Equal(stop.Token, cancelled.CancellationToken);
        Assert.Equal(1, received);
        await _cancelled.Task.WaitAsync(Generous);
    }

    [Fact]
    public async Task EnumeratorDisposedEarly_ResetsTheStream()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcServerStreaming(ProbeMethods.Count, OneThenHangAsync));
        await using RpcChannel channel = Loopback.Connect(server);

        await foreach (Pong _ in channel.ServerStreamAsync(ProbeMethods.Count, new Ping()))
        {
            break;
        }

        await _cancelled.Task.WaitAsync(Generous);
    }

    [Fact]
    public async Task Deadline_WithAHandlerThatIgnoresIt_EndsTheClientsCall()
    {
        var release = new TaskCompletionSource<Pong>();
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcUnary(ProbeMethods.Echo, (_, _) => release.Task));
        await using RpcChannel channel = Loopback.Connect(server);

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => channel.CallAsync(
            ProbeMethods.Echo, new Ping(), new RpcCallOptions { Timeout = TimeSpan.FromMilliseconds(200) }));

        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
        release.SetResult(new Pong());
    }

    [Fact]
    public async Task Deadline_OfTheClient_FiresTheServersToken()
    {
        DateTimeOffset? deadline = null;
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcUnary(ProbeMethods.Echo, (ping, context) =>
        {
            deadline = context.Deadline;
            return HangAsync(ping, context);
        }));
        await using RpcChannel channel = Loopback.Connect(server);
        DateTimeOffset start = TimeProvider.System.GetUtcNow();

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => channel.CallAsync(
            ProbeMethods.Echo, new Ping(), new RpcCallOptions { Timeout = TimeSpan.FromSeconds(1) }));

        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
        await _cancelled.Task.WaitAsync(Generous);
        Assert.True(deadline >= start + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Deadline_ThatIsPast_FailsWithoutACall()
    {
        await using RpcChannel channel = Loopback.Connect(1);

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => channel.CallAsync(
            ProbeMethods.Echo, new Ping(), new RpcCallOptions { Timeout = TimeSpan.Zero }));

        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task RequestSequence_ThatThrows_FailsTheCallWithItsOwnExceptionAndReachesTheHandler()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcClientStreaming(ProbeMethods.Sum, async (pings, context) =>
        {
            context.CancellationToken.Register(() => _cancelled.TrySetResult());
            await foreach (Ping _ in pings)
            {
                _entered.TrySetResult();
            }

            return new Pong();
        }));
        await using RpcChannel channel = Loopback.Connect(server);
        var own = new InvalidDataException("the caller's own trouble");

        async IAsyncEnumerable<Ping> Failing()
        {
            yield return new Ping();
            await _entered.Task;
            throw own;
        }

        InvalidDataException thrown = await Assert.ThrowsAsync<InvalidDataException>(() => channel.ClientStreamAsync(ProbeMethods.Sum, Failing()));

        Assert.Same(own, thrown);
        await _cancelled.Task.WaitAsync(Generous);
    }

    [Fact]
    public async Task EarlyStatus_WhileRequestsAreStreaming_StopsTheSequence()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcClientStreaming(ProbeMethods.Sum, async (pings, _) =>
        {
            await foreach (Ping ping in pings)
            {
                break;
            }

            throw new RpcException(RpcStatusCode.FailedPrecondition, "enough");
        }));
        await using RpcChannel channel = Loopback.Connect(server);

        async IAsyncEnumerable<Ping> Endless([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                yield return new Ping();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                _cancelled.SetResult();
            }
        }

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => channel.ClientStreamAsync(ProbeMethods.Sum, Endless()));

        Assert.Equal((RpcStatusCode.FailedPrecondition, "enough"), (error.StatusCode, error.Detail));
        await _cancelled.Task.WaitAsync(Generous);
    }

    [Fact]
    public async Task StoppingServer_WithARunningCall_EndsItAsUnavailable()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcUnary(ProbeMethods.Echo, HangAsync));
        await using RpcChannel channel = Loopback.Connect(server);
        Task<Pong> call = channel.CallAsync(ProbeMethods.Echo, new Ping());
        await _entered.Task.WaitAsync(Generous);

        await server.StopAsync();

        Assert.Equal(RpcStatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    private async Task<Pong> HangAsync(Ping ping, RpcServerContext context)
    {
        _entered.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            _cancelled.TrySetResult();
        }

        return new Pong();
    }

    private async IAsyncEnumerable<Pong> OneThenHangAsync(Ping ping, RpcServerContext context)
    {
        yield return new Pong();
        yield return await HangAsync(ping, context);
    }
}
