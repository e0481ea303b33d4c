using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using IsacTestbed.Rpc.Tests.Protos;

namespace IsacTestbed.Rpc.Tests;

/// <summary>The texts of gRPC's headers, and TLS.</summary>
public sealed class WireFormatTests
{
    [Theory]
    [InlineData(1L, "100n")]
    [InlineData(5_000_000L, "500000u")]
    [InlineData(10_000_000L, "1000000u")]
    [InlineData(600_000_000L, "60000000u")]
    [InlineData(600_000_000_000L, "60000000m")]
    [InlineData(36_000_000_000_000L, "3600000S")]
    public void Timeout_InTicks_IsWrittenInTheFinestUnitThatHoldsIt(long ticks, string expected) =>
        Assert.Equal(expected, RpcTimeout.Format(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void Timeout_OfAnyLength_IsReadBackNeverShorterAndAtMostOneUnitLonger() =>
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<PositiveInt>(), (mantissa, scale) =>
        {
            var timeout = TimeSpan.FromTicks((long)mantissa.Get << (scale.Get % 32));
            string text = RpcTimeout.Format(timeout);
            Assert.InRange(text.Length, 2, 9);
            Assert.True(RpcTimeout.TryParse(text, out TimeSpan back));

            // The next finer unit would need more than 99,999,999 and units are at most a factor of 1000 apart, so the value is above 99,999.
            Assert.InRange(back.Ticks - timeout.Ticks, 0, Math.Max(0, timeout.Ticks / 99_999 + 1));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void StatusText_OfAnyUnicode_SurvivesPercentEncodingAsPrintableAscii() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            // A lone surrogate has no UTF-8; both sides see its replacement.
            string valid = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get));
            string encoded = PercentEncoding.Encode(valid);
            Assert.All(encoded, c => Assert.InRange(c, ' ', '~'));
            Assert.Equal(valid, PercentEncoding.Decode(encoded));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    public void PercentDecoding_OfAMalformedEscape_LeavesItAsItIs(string text, string expected) =>
        Assert.Equal(expected, PercentEncoding.Decode(text));

    [Theory]
    [InlineData("AQ", 1)]
    [InlineData("AQ==", 1)]
    [InlineData("AQI", 2)]
    [InlineData("AQID", 3)]
    public void BinaryHeader_WithOrWithoutPadding_IsRead(string text, int length) =>
        Assert.Equal(Enumerable.Range(1, length).Select(i => (byte)i), Base64.Decode(text));

    [Theory]
    [InlineData("Upper", "x")]
    [InlineData("grpc-status", "0")]
    [InlineData("data-bin", "text")]
    [InlineData("key", "line\nbreak")]
    [InlineData("key", "ü")]
    public void Metadata_ThatCannotTravel_IsRefused(string key, string value) =>
        Assert.Throws<ArgumentException>(() => new RpcMetadata().Add(key, value));

    [Fact]
    public async Task Tls_WithACertificateThatTheClientChecks_CarriesCalls()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using RpcServer server = await Loopback.StartAsync(
            map => map.MapRpcUnary(ProbeMethods.Echo, (ping, _) => Task.FromResult(new Pong { Number = ping.Number })),
            new RpcServerOptions { Certificate = certificate });
        var address = new Uri($"https://127.0.0.1:{server.Port}");
        await using var trusting = new RpcChannel(address, new RpcChannelOptions
        {
            Tls = new() { RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString() },
        });
        await using var strict = new RpcChannel(address);

        Assert.Equal(5, (await trusting.CallAsync(ProbeMethods.Echo, new Ping { Number = 5 })).Number);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => strict.CallAsync(ProbeMethods.Echo, new Ping()));
        Assert.Equal(RpcStatusCode.Unavailable, refused.StatusCode);
        Assert.Contains("secure", refused.Detail, StringComparison.Ordinal);
    }
}
