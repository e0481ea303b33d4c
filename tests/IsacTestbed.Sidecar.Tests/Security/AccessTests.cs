using System.Net;
using System.Security.Cryptography.X509Certificates;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Standard;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests.Security;

/// <summary>Every way into a protected sidecar but the right one is closed.</summary>
public sealed class AccessTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task TokenAndAuthority_Right_LetIn()
    {
        await using RadioSidecar sidecar = await StartAsync();
        Assert.Equal(Uri.UriSchemeHttps, sidecar.Address.Scheme);
        await using SidecarClient client = await SidecarClient.ConnectAsync(sidecar.Address, Connection(Token));
        await using SidecarSession session = await client.OpenSessionAsync();
        await session.Radios[0].ReadSensorsAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("1123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    public async Task Token_Wrong_IsRefusedInOneLineThatDoesNotRepeatIt(string wrong)
    {
        await using RadioSidecar sidecar = await StartAsync();
        RadioException refused = await Assert.ThrowsAsync<RadioException>(() => SidecarClient.ConnectAsync(sidecar.Address, Connection(wrong)));
        Assert.Contains("not this server's", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Token_Missing_IsRefusedOnEveryMethodOfEveryService()
    {
        await using RadioSidecar sidecar = await StartAsync();
        await using RpcChannel channel = new(sidecar.Address, new RpcChannelOptions { Tls = TlsTrust.Only(_authority.Roots) });
        Func<Task>[] calls =
        [
            () => channel.CallAsync(RadioMethods.GetHardwareInfo, new Wire.V1.GetHardwareInfoRequest()),
            () => channel.CallAsync(RadioMethods.ListRadios, new Wire.V1.ListRadiosRequest()),
            () => channel.CallAsync(RadioMethods.OpenSession, new Wire.V1.OpenSessionRequest { Holder = "eve", LeaseSeconds = 1, RadioIds = { "a" } }),
            () => channel.CallAsync(RadioMethods.GetTime, new Wire.V1.GetTimeRequest { RadioId = "a" }),
            () => channel.ServerStreamAsync(Bench.ExecutePlain, new Wire.V1.ExecuteScheduleRequest()).ToArrayAsync(),
            () => channel.ClientStreamAsync(RadioMethods.UploadWaveforms, Of<Wire.V1.UploadWaveformsRequest>()),
            () => channel.DuplexAsync(RadioMethods.KeepSession, Of<Wire.V1.KeepSessionRequest>()).ToArrayAsync(),
            () => channel.CallAsync(HealthService.Check, new Wire.Health.HealthCheckRequest()),
            () => channel.ServerStreamAsync(HealthService.Watch, new Wire.Health.HealthCheckRequest()).ToArrayAsync(),
            () => channel.DuplexAsync(ReflectionService.Method, Of(new Wire.Reflection.ServerReflectionRequest { ListServices = "*" })).ToArrayAsync(),
            () => channel.CallAsync(Unknown, new Wire.V1.GetTimeRequest()),
        ];

        foreach (Func<Task> call in calls)
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(RpcStatusCode.Unauthenticated, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Token_ByOrdinaryHttp_IsAskedForToo()
    {
        await using RadioSidecar sidecar = await StartAsync();
        using var handler = new SocketsHttpHandler { SslOptions = TlsTrust.Only(_authority.Roots) };
        using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await http.GetAsync(sidecar.Address);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("Bearer " + Token, "Bearer " + Token)]
    [InlineData("Bearer " + Token, "Bearer other")]
    [InlineData("bearer " + Token)]
    [InlineData("Basic " + Token)]
    [InlineData(Token)]
    [InlineData("Bearer  " + Token)]
    [InlineData("Bearer ")]
    [InlineData("")]
    public async Task AuthorizationHeader_OfAnotherForm_IsRefused(params string[] values)
    {
        await using RadioSidecar sidecar = await StartAsync();
        using var handler = new SocketsHttpHandler { SslOptions = TlsTrust.Only(_authority.Roots) };
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(sidecar.Address, "/grpc.health.v1.Health/Check"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("authorization", values);
        using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);
        Assert.Equal(["16"], response.Headers.GetValues("grpc-status"));
    }

    [Fact]
    public async Task Token_ForPlainText_IsNeverSent()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => new RpcChannel(new Uri("http://127.0.0.1:1"), new RpcChannelOptions { AccessToken = new AccessToken(Token) }));
        Assert.DoesNotContain(Token, refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => RadioSidecar.StartAsync(
            [new ScriptedRadio("a")], new RadioSidecarOptions { AccessToken = new AccessToken(Token) }));
    }

    [Fact]
    public async Task PlainHttp_ToATlsPort_FindsNoSidecar()
    {
        await using RadioSidecar sidecar = await StartAsync();
        var plain = new UriBuilder(sidecar.Address) { Scheme = Uri.UriSchemeHttp };
        await UnreachableAsync(plain.Uri, new SidecarClientOptions());
    }

    [Fact]
    public async Task Tls_ToAPlainPort_FindsNoSidecar()
    {
        await using RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("a"));
        var secure = new UriBuilder(sidecar.Address) { Scheme = Uri.UriSchemeHttps };
        await UnreachableAsync(secure.Uri, Connection(Token));
    }

    [Theory]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("another name", "NameMismatch")]
    [InlineData("another authority", "")]
    [InlineData("the system's authorities", "")]
    public async Task ServerCertificate_ThatProvesNothing_IsNotBelieved(string what, string says)
    {
        using var foreign = new TestAuthority();
        using X509Certificate2 certificate = what switch
        {
            "expired" => _authority.Server(validDays: -1),
            "another name" => _authority.Server("localhost"),
            "another authority" => foreign.Server(),
            _ => _authority.Server(),
        };
        await using RadioSidecar sidecar = await StartAsync(certificate);
        SidecarClientOptions connection = Connection(Token);
        string message = await UnreachableAsync(
            sidecar.Address, what == "the system's authorities" ? connection with { Tls = TlsTrust.Only(null) } : connection);
        Assert.Contains("certificate", message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(says, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("expired", false)]
    [InlineData("another authority's", false)]
    [InlineData("a server's", false)]
    [InlineData("right", true)]
    public async Task ClientCertificate_WhereAskedFor_MustBeRight(string what, bool letIn)
    {
        using var foreign = new TestAuthority();
        using X509Certificate2? own = what switch
        {
            "none" => null,
            "expired" => _authority.Client(validDays: -1),
            "another authority's" => foreign.Client(),
            "a server's" => _authority.Server(),
            _ => _authority.Client(),
        };
        using X509Certificate2 certificate = _authority.Server();
        await using RadioSidecar sidecar = await StartAsync(certificate, _authority.Roots);
        SidecarClientOptions connection = Connection(Token) with { Tls = TlsTrust.Only(_authority.Roots, own) };
        if (letIn)
        {
            await using SidecarClient client = await SidecarClient.ConnectAsync(sidecar.Address, connection);
        }
        else
        {
            await UnreachableAsync(sidecar.Address, connection);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Start_OnAnyAddressButLoopback_NeedsBoth(bool certificate, bool token)
    {
        using X509Certificate2 served = _authority.Server();
        await Assert.ThrowsAsync<ArgumentException>(() => RadioSidecar.StartAsync(
            [new ScriptedRadio("a")],
            new RadioSidecarOptions
            {
                EndPoint = new IPEndPoint(IPAddress.Any, 0),
                Certificate = certificate ? served : null,
                AccessToken = token ? new AccessToken(Token) : null,
            }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789 abcdef0")]
    [InlineData("0123456789abcdef\n")]
    [InlineData("0123456789abcdefé")]
    public void AccessToken_TooShortOrUnprintable_IsRefusedWithoutRepeatingIt(string text)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new AccessToken(text));
        Assert.True(text.Length == 0 || !refused.Message.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void AccessToken_Printed_DoesNotShowItself() =>
        Assert.DoesNotContain(Token, $"{new AccessToken(Token)} {new SidecarClientOptions { AccessToken = new AccessToken(Token) }}", StringComparison.Ordinal);

    private static readonly RpcMethod<Wire.V1.GetTimeRequest, Wire.V1.GetTimeResponse> Unknown =
        new("isac.testbed.v1.Nothing", "Here", RpcMethodKind.Unary, RadioMethods.GetTime.RequestMarshaller, RadioMethods.GetTime.ResponseMarshaller);

    private SidecarClientOptions Connection(string token) => new() { Tls = TlsTrust.Only(_authority.Roots), AccessToken = new AccessToken(token) };

    private async Task<RadioSidecar> StartAsync(X509Certificate2? certificate = null, X509Certificate2Collection? clientAuthorities = null) =>
        await RadioSidecar.StartAsync(
            [new ScriptedRadio("a")],
            new RadioSidecarOptions
            {
                Certificate = certificate ?? _authority.Server(),
                AccessToken = new AccessToken(Token),
                ClientAuthorities = clientAuthorities,
            });

    private static async Task<string> UnreachableAsync(Uri address, SidecarClientOptions connection)
    {
        RadioException refused = await Assert.ThrowsAsync<RadioException>(() => SidecarClient.ConnectAsync(address, connection));
        Assert.Equal(RadioFaultCode.Unreachable, refused.Code);
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private static async IAsyncEnumerable<T> Of<T>(params T[] messages)
    {
        await Task.Yield();
        foreach (T message in messages)
        {
            yield return message;
        }
    }
}
