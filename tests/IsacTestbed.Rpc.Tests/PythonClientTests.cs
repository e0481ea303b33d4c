using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IsacTestbed.Rpc.Tests.Protos;

namespace IsacTestbed.Rpc.Tests;

/// <summary>A client of Debian's python3-grpcio against our server.</summary>
public sealed class PythonClientTests : IAsyncLifetime
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private RpcServer? _server;

    public async Task InitializeAsync() => _server = await Loopback.StartAsync(map =>
    {
        map.MapRpcUnary(ProbeMethods.Echo, EchoAsync);
        map.MapRpcClientStreaming(ProbeMethods.Sum, SumAsync);
        map.MapRpcServerStreaming(ProbeMethods.Count, (ping, context) => CountAsync(ping, context.CancellationToken));
        map.MapRpcDuplex(ProbeMethods.Mirror, (pings, _) => pings.Select(ping => new Pong { Number = -ping.Number }));
    });

    public Task DisposeAsync() => _server!.DisposeAsync().AsTask();

    [PythonFact]
    public async Task Unary_OfPython_IsAnswered() =>
        Assert.Equal($"Grüße 42 {256 * 1024} {255 * 128 * 1024}", await PythonProcess.CheckAsync(_server!.Port, "unary"));

    [PythonFact]
    public async Task Streams_OfPython_AreServed()
    {
        Assert.Equal("500500", await PythonProcess.CheckAsync(_server!.Port, "client_stream"));
        Assert.Equal("500 124750", await PythonProcess.CheckAsync(_server.Port, "server_stream"));
        Assert.Equal("-1275", await PythonProcess.CheckAsync(_server.Port, "duplex"));
    }

    [PythonFact]
    public async Task Metadata_OfPython_TravelsBothWays() => Assert.Equal("hello 2", await PythonProcess.CheckAsync(_server!.Port, "metadata"));

    [PythonFact]
    public async Task Errors_OfOurHandlers_ReachPython()
    {
        Assert.Equal("NOT_FOUND kein Gerät: 100 % 0805ff look elsewhere", await PythonProcess.CheckAsync(_server!.Port, "error"));
        Assert.Equal("3 DATA_LOSS after 3", await PythonProcess.CheckAsync(_server.Port, "late_error"));
        Assert.Equal("INVALID_ARGUMENT stop at 7", await PythonProcess.CheckAsync(_server.Port, "early_status"));
    }

    [PythonFact]
    public async Task Deadline_OfPython_EndsOurHandler()
    {
        Assert.Equal("DEADLINE_EXCEEDED", await PythonProcess.CheckAsync(_server!.Port, "deadline"));
        Assert.Equal("hang ended", await _events.Reader.ReadAsync());
    }

    [PythonFact]
    public async Task Cancellation_OfPython_EndsOurHandler()
    {
        Assert.Equal("CANCELLED", await PythonProcess.CheckAsync(_server!.Port, "cancel"));
        Assert.Equal("count ended", await _events.Reader.ReadAsync());
    }

    [PythonFact]
    public async Task CallsThatCannotBeServed_GetTheStatusThatGrpcPrescribes()
    {
        Assert.Equal("UNIMPLEMENTED", await PythonProcess.CheckAsync(_server!.Port, "unknown"));
        Assert.Equal("RESOURCE_EXHAUSTED", await PythonProcess.CheckAsync(_server.Port, "too_large"));
        Assert.Equal("UNIMPLEMENTED", await PythonProcess.CheckAsync(_server.Port, "compressed"));
    }

    private async Task<Pong> EchoAsync(Ping ping, RpcServerContext context)
    {
        switch (ping.Action)
        {
            case "fail":
                var trailers = new RpcMetadata();
                trailers.Add("hint", "look elsewhere");
                throw new RpcException(RpcStatusCode.NotFound, "kein Gerät: 100 %", new byte[] { 8, 5, 255 }, trailers);
            case "hang":
                try
                {
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                }
                finally
                {
                    _events.Writer.TryWrite("hang ended");
                }

                break;
            case "metadata":
                int sum = context.RequestMetadata.Binary("data-bin")!.Sum(b => b) & 255;
                context.ResponseTrailers.AddBinary("sum-bin", [(byte)sum]);
                return new Pong { Text = context.RequestMetadata.Text("word") };
        }

        return new Pong { Text = ping.Action, Number = ping.Number + 1, Payload = ping.Payload };
    }

    private static async Task<Pong> SumAsync(IAsyncEnumerable<Ping> pings, RpcServerContext context)
    {
        long sum = 0;
        await foreach (Ping ping in pings)
        {
            if (ping.Action == "fail")
            {
                throw new RpcException(RpcStatusCode.InvalidArgument, $"stop at {ping.Number}");
            }

            sum += ping.Number;
        }

        return new Pong { Number = sum };
    }

    private async IAsyncEnumerable<Pong> CountAsync(Ping ping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < ping.Number; i++)
        {
            yield return new Pong { Number = i, Payload = ping.Payload };
        }

        if (ping.Action == "fail")
        {
            throw new RpcException(RpcStatusCode.DataLoss, $"after {ping.Number}");
        }

        if (ping.Action == "endless")
        {
            try
            {
                yield return new Pong();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                _events.Writer.TryWrite("count ended");
            }
        }
    }
}
