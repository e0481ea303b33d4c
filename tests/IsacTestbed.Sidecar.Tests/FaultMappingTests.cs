using IsacTestbed.Control.Sidecars;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Mapping;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests;

public sealed class FaultMappingTests
{
    public static TheoryData<RadioFaultCode> Codes => [.. Enum.GetValues<RadioFaultCode>().Where(c => c != RadioFaultCode.Unspecified)];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task RadioException_OverTheWire_IsTheSameException(RadioFaultCode code)
    {
        var thrown = new RadioException(code, "a", "it said: \"ä\", 100 %.");
        await using RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("a") { Failure = thrown });
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();

        RadioException received = await Assert.ThrowsAsync<RadioException>(async () => await session
            .ExecuteAsync([Bench.Receive("a", 10)], CancellationToken.None).ToArrayAsync());

        Assert.Equal((thrown.Code, thrown.RadioId, thrown.Message), (received.Code, received.RadioId, received.Message));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void EveryCode_HasAStatusOfItsOwnMeaning(RadioFaultCode code) => Assert.NotEqual(RpcStatusCode.Unknown, FaultMapping.ToStatus(code));

    [Fact]
    public void Enumerations_OfContractAndWire_CarryTheSameNumbers()
    {
        AssertSame<RadioFaultCode, Wire.V1.RadioFaultCode>();
        AssertSame<TimeAlignment, Wire.V1.TimeAlignment>();
        AssertSame<InjectedFaultKind, Wire.V1.InjectedFaultKind>();
        AssertSame<Core.BurstOutcome, Wire.V1.BurstOutcome>();
        Assert.Equal(
            Enum.GetValues<Core.CaptureFlags>().Select(v => (v.ToString(), (int)v)).Where(v => v.Item2 != 0),
            Enum.GetValues<Wire.V1.CaptureFlag>().Select(v => (v.ToString(), (int)v)).Where(v => v.Item2 != 0));
    }

    private static void AssertSame<TContract, TWire>()
        where TContract : struct, Enum
        where TWire : struct, Enum =>
        Assert.Equal(
            Enum.GetValues<TContract>().Select(v => (v.ToString(), Convert.ToInt32(v, null))),
            Enum.GetValues<TWire>().Select(v => (v.ToString(), Convert.ToInt32(v, null))));
}
