using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using IsacTestbed.Rpc.Tests.Protos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IsacTestbed.Rpc.Tests;

/// <summary>What is wrong on the wire ends the call with the status that gRPC prescribes and one line that says what and where.</summary>
public sealed class WireFaultTests
{
    private static readonly string EchoPath = ProbeMethods.Echo.Path;

    [Theory]
    [InlineData("0000", null, RpcStatusCode.Internal, "2 of 5 bytes")]
    [InlineData("0000000009AABB", null, RpcStatusCode.Internal, "2 of 9 bytes")]
    [InlineData("0700000000", null, RpcStatusCode.Internal, "0x07")]
    [InlineData("0100000000", null, RpcStatusCode.Internal, "without a grpc-encoding")]
    [InlineData("0100000000", "gzip", RpcStatusCode.Unimplemented, "gzip")]
    [InlineData("0000400001", null, RpcStatusCode.ResourceExhausted, "4194305 bytes")]
    [InlineData("00FFFFFFFF", null, RpcStatusCode.ResourceExhausted, "4294967295 bytes")]
    [InlineData("0000000001FF", null, RpcStatusCode.Internal, "cannot be read")]
    [InlineData("", null, RpcStatusCode.Internal, "without a response")]
    [InlineData("00000000000000000000", null, RpcStatusCode.Internal, "more than one")]
    public async Task Client_WithAMalformedResponse_NamesTheFault(string body, string? encoding, RpcStatusCode status, string text)
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapPost(EchoPath, async http =>
        {
            http.Response.ContentType = "application/grpc";
            if (encoding is not null)
            {
                http.Response.Headers["grpc-encoding"] = encoding;
            }

            await http.Response.Body.WriteAsync(Convert.FromHexString(body));
            http.Response.AppendTrailer("grpc-status", "0");
        }));

        RpcException error = await FailAsync(server.Port);

        Assert.Equal(status, error.StatusCode);
        Assert.Contains(text, error.Detail, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{server.Port}", error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000", null, RpcStatusCode.Internal)]
    [InlineData("0000000009AABB", null, RpcStatusCode.Internal)]
    [InlineData("0700000000", null, RpcStatusCode.Internal)]
    [InlineData("0100000000", null, RpcStatusCode.Internal)]
    [InlineData("0100000000", "gzip", RpcStatusCode.Unimplemented)]
    [InlineData("00FFFFFFFF", null, RpcStatusCode.ResourceExhausted)]
    [InlineData("0000000001FF", null, RpcStatusCode.Internal)]
    [InlineData("", null, RpcStatusCode.Internal)]
    [InlineData("00000000000000000000", null, RpcStatusCode.Internal)]
    public async Task Server_WithAMalformedRequest_AnswersTrailersOnly(string body, string? encoding, RpcStatusCode status)
    {
        await using RpcServer server = await StartEchoAsync();

        using HttpResponseMessage response = await PostAsync(server.Port, EchoPath, "application/grpc", Convert.FromHexString(body), ("grpc-encoding", encoding));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture), response.Headers.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("application/grpc", "/isac.rpc.test.Probe/None", 200, "12")]
    [InlineData("application/grpc+proto", "/", 200, "12")]
    [InlineData("application/json", "/isac.rpc.test.Probe/Echo", 415, null)]
    [InlineData("application/grpc-web", "/isac.rpc.test.Probe/Echo", 415, null)]
    [InlineData("text/plain", "/isac.rpc.test.Probe/None", 415, null)]
    public async Task Server_WithAnUnknownMethodOrContentType_SaysSo(string contentType, string path, int httpStatus, string? grpcStatus)
    {
        await using RpcServer server = await StartEchoAsync();

        using HttpResponseMessage response = await PostAsync(server.Port, path, contentType, [0, 0, 0, 0, 0]);

        Assert.Equal(httpStatus, (int)response.StatusCode);
        Assert.Equal(grpcStatus, response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? values.Single() : null);
    }

    [Theory]
    [InlineData("S1")]
    [InlineData("123456789S")]
    [InlineData("-1S")]
    [InlineData("5x")]
    public async Task Server_WithAMalformedTimeout_AnswersInternal(string timeout)
    {
        await using RpcServer server = await StartEchoAsync();

        using HttpResponseMessage response = await PostAsync(server.Port, EchoPath, "application/grpc", [0, 0, 0, 0, 0], ("grpc-timeout", timeout));

        Assert.Equal("13", response.Headers.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData(400, RpcStatusCode.Internal)]
    [InlineData(401, RpcStatusCode.Unauthenticated)]
    [InlineData(403, RpcStatusCode.PermissionDenied)]
    [InlineData(404, RpcStatusCode.Unimplemented)]
    [InlineData(502, RpcStatusCode.Unavailable)]
    [InlineData(503, RpcStatusCode.Unavailable)]
    [InlineData(500, RpcStatusCode.Unknown)]
    [InlineData(200, RpcStatusCode.Unknown)]
    public async Task Client_WithAWebServer_MapsTheHttpStatus(int httpStatus, RpcStatusCode expected)
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapPost(EchoPath, http =>
        {
            http.Response.StatusCode = httpStatus;
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<html>no radio here</html>");
        }));

        RpcException error = await FailAsync(server.Port);

        Assert.Equal(expected, error.StatusCode);
        Assert.Contains($"HTTP status {httpStatus}, content type 'text/html'", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_WithoutAServer_IsUnavailableInOneLineWithTheAddress()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        RpcException error = await FailAsync(port);

        Assert.Equal(RpcStatusCode.Unavailable, error.StatusCode);
        Assert.Contains($"http://127.0.0.1:{port}", error.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Detail);
    }

    [Fact]
    public async Task Client_WithAnHttp1Server_IsUnavailableAndSaysThatItIsNotHttp2()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Task answering = AnswerAsync();

        RpcException error = await FailAsync(port);
        listener.Stop();
        await answering;

        Assert.Equal(RpcStatusCode.Unavailable, error.StatusCode);
        Assert.Contains($"http://127.0.0.1:{port}", error.Detail, StringComparison.Ordinal);
        Assert.Contains("HTTP/2", error.Detail, StringComparison.Ordinal);

        async Task AnswerAsync()
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[24], 24);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }
    }

    [Fact]
    public async Task Client_WhoseConnectionIsCut_IsUnavailable()
    {
        var entered = new TaskCompletionSource<HttpContext>();
        await using RpcServer server = await Loopback.StartAsync(map => map.MapPost(EchoPath, async http =>
        {
            entered.SetResult(http);
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }), new RpcServerOptions { ShutdownTimeout = TimeSpan.FromMilliseconds(200) });
        Task<RpcException> failing = FailAsync(server.Port);
        HttpContext http = await entered.Task;

        http.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>()?.Abort();
        await server.StopAsync();

        Assert.Equal(RpcStatusCode.Unavailable, (await failing).StatusCode);
    }

    [Fact]
    public async Task Handler_ThatThrows_AnswersUnknownWithoutItsText()
    {
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcUnary(
            ProbeMethods.Echo, (_, _) => throw new InvalidOperationException("the secret")));

        RpcException error = await FailAsync(server.Port);

        Assert.Equal(RpcStatusCode.Unknown, error.StatusCode);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Marshaller_ThatWritesAnotherSizeThanItSaid_ResetsTheStream()
    {
        var lying = new RpcMarshaller<Pong>(_ => 3, (pong, destination) => pong.WriteTo(destination), Pong.Parser.ParseFrom);
        await using RpcServer server = await Loopback.StartAsync(map => map.MapRpcUnary(
            ProbeMethods.Echo with { ResponseMarshaller = lying }, (_, _) => Task.FromResult(new Pong { Text = "longer than three" })));

        RpcException error = await FailAsync(server.Port);

        Assert.Contains("reset", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessageLimits_OfBothSides_AreHeld()
    {
        await using RpcServer server = await StartEchoAsync(new RpcServerOptions { MaxReceiveMessageBytes = 20_000 });
        await using RpcChannel channel = Loopback.Connect(server, new RpcChannelOptions { MaxReceiveMessageBytes = 10_000 });

        Task<Pong> Call(int bytes) => channel.CallAsync(ProbeMethods.Echo, new Ping { Payload = ByteString.CopyFrom(new byte[bytes]) });

        Assert.Equal(9_000, (await Call(9_000)).Payload.Length);
        RpcException client = await Assert.ThrowsAsync<RpcException>(() => Call(15_000));
        Assert.Equal(RpcStatusCode.ResourceExhausted, client.StatusCode);
        Assert.Contains("10000", client.Detail, StringComparison.Ordinal);
        RpcException limit = await Assert.ThrowsAsync<RpcException>(() => Call(25_000));
        Assert.Equal(RpcStatusCode.ResourceExhausted, limit.StatusCode);
        Assert.Contains("20000", limit.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_OnAnotherAddressThanLoopback_NeedsTls() =>
        await Assert.ThrowsAsync<ArgumentException>(() => RpcServer.StartAsync(new IPEndPoint(IPAddress.Any, 0), _ => { }));

    private static Task<RpcServer> StartEchoAsync(RpcServerOptions? options = null) => Loopback.StartAsync(
        map => map.MapRpcUnary(ProbeMethods.Echo, (ping, _) => Task.FromResult(new Pong { Payload = ping.Payload })), options);

    private static async Task<RpcException> FailAsync(int port)
    {
        await using RpcChannel channel = Loopback.Connect(port);
        return await Assert.ThrowsAsync<RpcException>(() => channel.CallAsync(ProbeMethods.Echo, new Ping()));
    }

    private static async Task<HttpResponseMessage> PostAsync(
        int port, string path, string contentType, byte[] body, (string Name, string? Value)? header = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new(contentType) } },
        };
        if (header is (var name, { } value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }
}
