using IsacTestbed.Control.Sidecars;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests;

/// <summary>A peer that is gone without a word: no packet comes any more, and none says that the connection is closed.</summary>
public sealed class DeadPeerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Network_GoneWithinARun_EndsTheCallMutesTheRadioAndFreesIt()
    {
        // The lease is a minute and cannot be what ends the run: the pings of both sides must.
        var radio = new ScriptedRadio("a") { NeverEnds = true };
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync(
            [radio], new RadioSidecarOptions { KeepAlivePingDelay = Second, KeepAlivePingTimeout = Second });
        await using var proxy = new FreezingProxy(sidecar.EndPoint);
        await using SidecarClient client = await SidecarClient.ConnectAsync(
            proxy.Address, new SidecarClientOptions { Holder = "alice", Lease = 60 * Second, KeepAlivePingDelay = Second, KeepAlivePingTimeout = Second, CallTimeout = 10 * Second });
        await using SidecarSession session = await client.OpenSessionAsync();
        Task run = session.ExecuteAsync([Bench.Receive("a", 10)], CancellationToken.None).ToArrayAsync();
        await radio.Running.Task.WaitAsync(Bench.Patience);

        proxy.Freeze();

        RadioException lost = await Assert.ThrowsAsync<RadioException>(() => run.WaitAsync(Bench.Patience));
        Assert.Equal(RadioFaultCode.Unreachable, lost.Code);
        await radio.Ended.Task.WaitAsync(Bench.Patience);
        await radio.Muted.Task.WaitAsync(Bench.Patience);
    }

    [Fact]
    public async Task Network_GoneBetweenRuns_EndsTheLeaseOnBothSides()
    {
        var radio = new ScriptedRadio("a");
        await using RadioSidecar sidecar = await Bench.StartAsync(radio);
        await using var proxy = new FreezingProxy(sidecar.EndPoint);
        await using SidecarClient client = await SidecarClient.ConnectAsync(
            proxy.Address, new SidecarClientOptions { Holder = "alice", Lease = 2 * Second, KeepAlivePingDelay = Second, KeepAlivePingTimeout = Second, CallTimeout = 10 * Second });
        await using SidecarSession session = await client.OpenSessionAsync();
        var lost = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = session.Lost.Register(() => lost.TrySetResult());
        Assert.Equal(0, radio.Mutes);

        proxy.Freeze();

        await radio.Muted.Task.WaitAsync(Bench.Patience);
        await lost.Task.WaitAsync(Bench.Patience);
        Assert.Equal(RadioFaultCode.Unreachable, session.Loss!.Code);
        await using SidecarClient other = await Bench.ConnectAsync(sidecar, "bob");
        await using SidecarSession taken = await other.OpenSessionAsync();
    }
}
