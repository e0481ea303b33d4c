using IsacTestbed.Control.Sidecars;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Tests.Doubles;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Sidecar.Tests;

public sealed class LeaseTests
{
    [Fact]
    public async Task Lease_NotRenewed_MutesAndFreesItsRadios()
    {
        var time = new ManualTimeProvider();
        var radio = new ScriptedRadio("a");
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync([radio], new RadioSidecarOptions { TimeProvider = time });
        await using RpcChannel channel = Bench.Open(sidecar);
        string session = await Bench.LeaseAsync(channel, 10, "a");

        time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Equal(0, radio.Mutes);
        time.Advance(TimeSpan.FromSeconds(0.001));

        await radio.Muted.Task.WaitAsync(Bench.Patience);
        Assert.NotEqual(session, await Bench.LeaseAsync(channel, 10, "a"));
        RpcException lost = await Assert.ThrowsAsync<RpcException>(() =>
            channel.CallAsync(RadioMethods.RenewLease, new RenewLeaseRequest { SessionId = session }));
        Assert.Equal(RpcStatusCode.Aborted, lost.StatusCode);
        Assert.Equal(Wire.V1.RadioFaultCode.LeaseLost, Bench.Detail(lost).Code);
    }

    [Fact]
    public async Task Lease_Renewed_CountsAnewFromTheRenewal()
    {
        var time = new ManualTimeProvider();
        var radio = new ScriptedRadio("a");
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync([radio], new RadioSidecarOptions { TimeProvider = time });
        await using RpcChannel channel = Bench.Open(sidecar);
        string session = await Bench.LeaseAsync(channel, 10, "a");

        for (int i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(8));
            RenewLeaseResponse renewed = await channel.CallAsync(RadioMethods.RenewLease, new RenewLeaseRequest { SessionId = session });
            Assert.Equal(10, renewed.ExpiresInSeconds);
        }

        Assert.Equal(0, radio.Mutes);
        time.Advance(TimeSpan.FromSeconds(10));
        await radio.Muted.Task.WaitAsync(Bench.Patience);
    }

    [Fact]
    public async Task Lease_AboveTheLongest_IsShortenedToIt()
    {
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync(
            [new ScriptedRadio("a")], new RadioSidecarOptions { MaximumLease = TimeSpan.FromSeconds(7) });
        await using RpcChannel channel = Bench.Open(sidecar);

        OpenSessionResponse opened = await channel.CallAsync(
            RadioMethods.OpenSession, new OpenSessionRequest { Holder = "alice", LeaseSeconds = 1e12, RadioIds = { "a" } });

        Assert.Equal(7, opened.LeaseSeconds);
    }

    [Fact]
    public async Task OpenSession_RadioHeldByAnother_SaysWhoAndForHowLong()
    {
        var time = new ManualTimeProvider();
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync(
            [new ScriptedRadio("a"), new ScriptedRadio("b")], new RadioSidecarOptions { TimeProvider = time });
        await using RpcChannel channel = Bench.Open(sidecar);
        await Bench.LeaseAsync(channel, 10, "a");
        time.Advance(TimeSpan.FromSeconds(4));

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => channel.CallAsync(
            RadioMethods.OpenSession, new OpenSessionRequest { Holder = "bob", LeaseSeconds = 5, RadioIds = { "b", "a" } }));

        FaultDetail detail = Bench.Detail(refused);
        Assert.Equal(RpcStatusCode.Aborted, refused.StatusCode);
        Assert.Equal(("a", "alice", 6.0), (detail.RadioId, detail.LeaseHolder, detail.LeaseRemainingSeconds));

        // All or none: b was not taken.
        await Bench.LeaseAsync(channel, 5, "b");
    }

    [Fact]
    public async Task SecondController_OverTheClient_GetsLeaseLostThatNamesTheHolder()
    {
        await using RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("a"));
        await using SidecarClient alice = await Bench.ConnectAsync(sidecar);
        await using SidecarClient bob = await Bench.ConnectAsync(sidecar, "bob");
        await using SidecarSession session = await alice.OpenSessionAsync();

        RadioException refused = await Assert.ThrowsAsync<RadioException>(() => bob.OpenSessionAsync());

        Assert.Equal((RadioFaultCode.LeaseLost, "a"), (refused.Code, refused.RadioId));
        Assert.Contains("alice", refused.Message, StringComparison.Ordinal);
        await session.DisposeAsync();
        await using SidecarSession taken = await bob.OpenSessionAsync();
    }

    [Fact]
    public async Task KeepSession_LeaseRunningOut_WarnsThenTellsOfTheRevocationAndEnds()
    {
        var time = new ManualTimeProvider();
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync(
            [new ScriptedRadio("a")], new RadioSidecarOptions { TimeProvider = time });
        await using RpcChannel channel = Bench.Open(sidecar);
        string session = await Bench.LeaseAsync(channel, 9, "a");
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<KeepSessionResponse> events = channel
            .DuplexAsync(RadioMethods.KeepSession, OneBeat(session, stop.Token)).GetAsyncEnumerator();

        Assert.True(await events.MoveNextAsync());
        Assert.Equal(9, events.Current.Renewed.ExpiresInSeconds);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(3, events.Current.Expiring.ExpiresInSeconds);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(await events.MoveNextAsync());
        Assert.Contains("not renewed", events.Current.Revoked.Reason, StringComparison.Ordinal);
        Assert.False(await events.MoveNextAsync());
        await stop.CancelAsync();
    }

    [Fact]
    public async Task SidecarSession_KeptByTheClient_OutlivesItsLeaseManyTimes()
    {
        ManualTimeProvider serverTime = new(), clientTime = new();
        var radio = new ScriptedRadio("a");
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync([radio], new RadioSidecarOptions { TimeProvider = serverTime });
        await using SidecarClient client = await SidecarClient.ConnectAsync(
            sidecar.Address, new SidecarClientOptions { Holder = "alice", Lease = TimeSpan.FromSeconds(3), TimeProvider = clientTime });
        await using SidecarSession session = await client.OpenSessionAsync();
        await using RpcChannel channel = Bench.Open(sidecar);

        for (int second = 0; second < 12; second++)
        {
            // The client's clock moves when its keeper has read an answer and waits for its next beat: no faster than answers come.
            await Bench.UntilAsync(() => Task.FromResult(clientTime.IsDueIn(TimeSpan.FromSeconds(1)) && clientTime.IsDueIn(TimeSpan.FromSeconds(3))));
            serverTime.Advance(TimeSpan.FromSeconds(1));
            clientTime.Advance(TimeSpan.FromSeconds(1));
            await Bench.UntilAsync(async () => await RemainingAsync() == 3);
        }

        Assert.Null(session.Loss);
        Assert.Equal(0, radio.Mutes);
        await session.DisposeAsync();
        Assert.NotEqual(0, radio.Mutes);

        // As another controller would ask.
        async Task<double> RemainingAsync()
        {
            RpcException held = await Assert.ThrowsAsync<RpcException>(() => Bench.LeaseAsync(channel, 1, "a"));
            return Bench.Detail(held).LeaseRemainingSeconds;
        }
    }

    [Fact]
    public async Task SidecarSession_SidecarStops_IsLostWithAReason()
    {
        RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("a"));
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        await session.Radios[0].ReadSensorsAsync(CancellationToken.None);
        var lost = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = session.Lost.Register(() => lost.TrySetResult());

        // The keeper's call may not have arrived yet; one more round trip on the same connection comes after it.
        await session.Radios[0].ReadSensorsAsync(CancellationToken.None);
        await sidecar.DisposeAsync();

        await lost.Task.WaitAsync(Bench.Patience);
        Assert.NotNull(session.Loss);
    }

    private static async IAsyncEnumerable<KeepSessionRequest> OneBeat(
        string session, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new KeepSessionRequest { SessionId = session };
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
