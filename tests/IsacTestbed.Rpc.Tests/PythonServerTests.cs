using System.Globalization;
using Google.Protobuf;
using IsacTestbed.Rpc.Tests.Protos;

namespace IsacTestbed.Rpc.Tests;

/// <summary>Our client against a server of Debian's python3-grpcio.</summary>
public sealed class PythonServerTests : IAsyncLifetime
{
    private PythonProcess? _server;
    private RpcChannel? _channel;

    public async Task InitializeAsync()
    {
        if (new PythonFactAttribute().Skip is not null)
        {
            return;
        }

        _server = PythonProcess.Start("probe_server.py");
        string line = await _server.ReadLineAsync();
        _channel = Loopback.Connect(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    public async Task DisposeAsync()
    {
        if (_channel is not null)
        {
            await _channel.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [PythonFact]
    public async Task AllKinds_AgainstPython_GiveTheirResults()
    {
        byte[] payload = new byte[300_000];
        payload.AsSpan().Fill(9);

        Pong pong = await _channel!.CallAsync(ProbeMethods.Echo, new Ping { Action = "Grüße", Number = 1, Payload = ByteString.CopyFrom(payload) });
        Assert.Equal(("Grüße", 2L), (pong.Text, pong.Number));
        Assert.Equal(payload, pong.Payload.ToByteArray());

        Assert.Equal(500_500, (await _channel.ClientStreamAsync(ProbeMethods.Sum, Loopback.Numbers(1, 1000))).Number);

        var request = new Ping { Number = 200, Payload = ByteString.CopyFrom(payload) };
        List<Pong> counted = await _channel.ServerStreamAsync(ProbeMethods.Count, request).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), counted.Select(p => p.Number));
        Assert.All(counted, p => Assert.Equal(payload.Length, p.Payload.Length));

        Assert.Equal(-500_500, (await _channel.DuplexAsync(ProbeMethods.Mirror, Loopback.Numbers(1, 1000)).ToListAsync()).Sum(p => p.Number));
    }

    [PythonFact]
    public async Task Error_OfPython_ArrivesWithTextDetailsAndTrailers()
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => _channel!.CallAsync(ProbeMethods.Echo, new Ping { Action = "fail" }));

        Assert.Equal(RpcStatusCode.NotFound, error.StatusCode);
        Assert.Equal("kein Gerät: 100 %", error.Detail);
        Assert.Equal([0x08, 0x05, 0x12, 0x02, (byte)'n', (byte)'o', 0xff], error.StatusDetails.ToArray());
        Assert.Equal("look elsewhere", error.Trailers.Text("hint"));
    }

    [PythonFact]
    public async Task Error_BehindMessages_ComesAfterThem()
    {
        int received = 0;
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (Pong _ in _channel!.ServerStreamAsync(ProbeMethods.Count, new Ping { Action = "fail", Number = 3 }))
            {
                received++;
            }
        });

        Assert.Equal((3, RpcStatusCode.DataLoss, "after 3"), (received, error.StatusCode, error.Detail));
    }

    [PythonFact]
    public async Task EarlyStatus_WhileRequestsAreStreaming_EndsTheCallAndTheSequence()
    {
        var stopped = new TaskCompletionSource();

        async IAsyncEnumerable<Ping> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                yield return new Ping { Action = "fail", Number = 7 };
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                stopped.SetResult();
            }
        }

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => _channel!.ClientStreamAsync(ProbeMethods.Sum, Endless()));

        Assert.Equal((RpcStatusCode.InvalidArgument, "stop at 7"), (error.StatusCode, error.Detail));
        await stopped.Task;
    }

    [PythonFact]
    public async Task Deadline_AgainstPython_EndsBothSides()
    {
        var options = new RpcCallOptions { Timeout = TimeSpan.FromSeconds(1) };

        RpcException error = await Assert.ThrowsAsync<RpcException>(
            () => _channel!.CallAsync(ProbeMethods.Echo, new Ping { Action = "hang" }, options));

        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal("hanging 1", await _server!.ReadLineAsync());
        Assert.Equal("ended", await _server.ReadLineAsync());
    }

    [PythonFact]
    public async Task Cancellation_OfTheCaller_ReachesPython()
    {
        using var stop = new CancellationTokenSource();
        Task<Pong> call = _channel!.CallAsync(ProbeMethods.Echo, new Ping { Action = "hang" }, cancellationToken: stop.Token);
        Assert.Equal("hanging 0", await _server!.ReadLineAsync());

        await stop.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(stop.Token, cancelled.CancellationToken);
        Assert.Equal("ended", await _server.ReadLineAsync());
    }

    [PythonFact]
    public async Task EnumeratorDisposedEarly_ResetsTheStreamAtPython()
    {
        await foreach (Pong pong in _channel!.ServerStreamAsync(ProbeMethods.Count, new Ping { Action = "slow", Number = 1_000_000 }))
        {
            if (pong.Number == 3)
            {
                break;
            }
        }

        Assert.Equal("count ended", await _server!.ReadLineAsync());
    }

    [PythonFact]
    public async Task Metadata_WithBinaryValues_TravelsBothWays()
    {
        var metadata = new RpcMetadata();
        metadata.Add("word", "hello, world");
        metadata.AddBinary("data-bin", [1, 2, 255]);
        RpcMetadata? trailers = null;

        Pong pong = await _channel!.CallAsync(
            ProbeMethods.Echo,
            new Ping { Action = "metadata" },
            new RpcCallOptions { Metadata = metadata, TrailersReceived = received => trailers = received });

        Assert.Equal("hello, world", pong.Text);
        Assert.Equal([2], trailers!.Binary("sum-bin"));
    }
}
