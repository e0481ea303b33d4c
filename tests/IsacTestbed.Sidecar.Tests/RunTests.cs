using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Tests.Doubles;
using BurstReport = IsacTestbed.Core.BurstReport;
using BurstSchedule = IsacTestbed.Core.BurstSchedule;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Sidecar.Tests;

public sealed class RunTests
{
    [Fact]
    public async Task Execute_SeveralRadios_DeliversEverySampleOfEachInOrder()
    {
        var a = new ScriptedRadio("a", channels: 2, blockSamples: 1000);
        var b = new ScriptedRadio("b", channels: 1, blockSamples: 70_000) { Flags = CaptureFlags.Unlocked };
        await using RadioSidecar sidecar = await Bench.StartAsync(a, b);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        var next = new Dictionary<string, long> { ["a"] = 0, ["b"] = 0 };
        var last = new Dictionary<string, bool>();

        await foreach (RadioOutput output in session.ExecuteAsync(
            [Bench.Receive("a", 10_500), Bench.Receive("b", 100_001)], CancellationToken.None))
        {
            using var block = (CaptureBlock)output;
            Assert.Equal(next[block.RadioId], block.FirstTick);
            Assert.Equal(block.RadioId == "b" ? CaptureFlags.Unlocked : CaptureFlags.None, block.Flags);
            for (int c = 0; c < block.ChannelCount; c++)
            {
                for (int n = 0; n < block.SampleCount; n++)
                {
                    Assert.Equal(block.FirstTick + n, block.Real(c)[n]);
                    Assert.Equal(-(block.FirstTick + n) - c, block.Imaginary(c)[n]);
                }
            }

            next[block.RadioId] += block.SampleCount;
            last[block.RadioId] = block.IsLast;
        }

        Assert.Equal((10_500, 100_001), (next["a"], next["b"]));
        Assert.Equal([true, true], last.Values);
    }

    [Fact]
    public async Task Execute_AsManyBurstsAsAWholePhaseHas_ReportsEach()
    {
        // A single round of the default scenario sends more than that: a message of 13 MB.
        const int Bursts = 100_000;
        await using RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("a"));
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        await session.Radio("a").UploadWaveformAsync(Bench.Constant("w", 100), CancellationToken.None);
        var schedule = new BurstSchedule("a", [.. Enumerable.Range(0, Bursts).Select(b => Bench.Burst(b, 1_000_000L * b, "w"))], []);

        RadioOutput[] outputs = await session.ExecuteAsync([schedule], CancellationToken.None).ToArrayAsync();

        Assert.Equal(Enumerable.Range(0, Bursts), outputs.Cast<BurstReport>().Select(r => r.BurstId));
    }

    [Fact]
    public async Task Execute_ArmingOneFails_RunsNone()
    {
        var a = new ScriptedRadio("a");
        var b = new ScriptedRadio("b");
        await using RadioSidecar sidecar = await Bench.StartAsync(a, b);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();

        RadioException refused = await Assert.ThrowsAsync<RadioException>(async () => await session
            .ExecuteAsync([Bench.Receive("a", 100), Bench.Receive("b", 100, start: -1)], CancellationToken.None).ToArrayAsync());

        Assert.Equal((RadioFaultCode.TooLate, "b"), (refused.Code, refused.RadioId));
        Assert.Equal((0, 0), (a.Blocks, b.Blocks));
        Assert.NotEqual(0, a.Mutes);

        // What was armed is dropped: nothing is left to run.
        await Assert.ThrowsAsync<RadioException>(async () => await session.Radio("a").RunAsync(CancellationToken.None).ToArrayAsync());
    }

    [Fact]
    public async Task Execute_OneRadioFails_OthersGoOnAndTheFaultComesAtTheEnd()
    {
        var good = new ScriptedRadio("good");
        var bad = new ScriptedRadio("bad") { Failure = new RadioException(RadioFaultCode.Dead, "bad", "the radio has stopped answering.") };
        await using RadioSidecar sidecar = await Bench.StartAsync(bad, good);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        long received = 0;

        RadioException failure = await Assert.ThrowsAsync<RadioException>(async () =>
        {
            await foreach (RadioOutput output in session.ExecuteAsync(
                [Bench.Receive("bad", 10), Bench.Receive("good", 50_000)], CancellationToken.None))
            {
                using var block = (CaptureBlock)output;
                received += block.RadioId == "good" ? block.SampleCount : 0;
            }
        });

        Assert.Equal((RadioFaultCode.Dead, "bad"), (failure.Code, failure.RadioId));
        Assert.Equal("Radio bad: the radio has stopped answering.", failure.Message);
        Assert.Equal(50_000, received);
        Assert.NotEqual(0, bad.Mutes);
        Assert.Equal(0, good.Mutes);
    }

    [Fact]
    public async Task Execute_DriverThrowsSomethingElse_IsADeadRadioWithTheDriversWords()
    {
        await using RadioSidecar sidecar = await Bench.StartAsync(
            new ScriptedRadio("a") { Failure = new InvalidOperationException("usb gone") });
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();

        RadioException failure = await Assert.ThrowsAsync<RadioException>(async () => await session
            .ExecuteAsync([Bench.Receive("a", 10)], CancellationToken.None).ToArrayAsync());

        Assert.Equal(RadioFaultCode.Dead, failure.Code);
        Assert.Contains("usb gone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_Cancelled_ReachesTheRadioAndMutesItAndThrowsWithTheCallersToken()
    {
        var radio = new ScriptedRadio("a") { NeverEnds = true };
        await using RadioSidecar sidecar = await Bench.StartAsync(radio);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        using var cancel = new CancellationTokenSource();
        Task run = session.ExecuteAsync([Bench.Receive("a", 10)], cancel.Token).ToArrayAsync();
        await radio.Running.Task.WaitAsync(Bench.Patience);

        await cancel.CancelAsync();

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        await radio.Ended.Task.WaitAsync(Bench.Patience);
        await radio.Muted.Task.WaitAsync(Bench.Patience);
    }

    [Fact]
    public async Task Execute_ClientVanishes_EndsTheRunAndMutes()
    {
        var radio = new ScriptedRadio("a") { NeverEnds = true };
        await using RadioSidecar sidecar = await Bench.StartAsync(radio);
        RpcChannel channel = Bench.Open(sidecar);
        string session = await Bench.LeaseAsync(channel, 30, "a");
        Task run = channel.ServerStreamAsync(Bench.ExecutePlain, Request(session, Bench.Receive("a", 10))).ToArrayAsync();
        await radio.Running.Task.WaitAsync(Bench.Patience);

        await channel.DisposeAsync();

        await radio.Ended.Task.WaitAsync(Bench.Patience);
        await radio.Muted.Task.WaitAsync(Bench.Patience);
        await Assert.ThrowsAsync<RpcException>(() => run);
    }

    [Fact]
    public async Task Execute_LeaseRunsOut_EndsTheRunAndMutes()
    {
        var time = new ManualTimeProvider();
        var radio = new ScriptedRadio("a") { NeverEnds = true };
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync([radio], new RadioSidecarOptions { TimeProvider = time });
        await using RpcChannel channel = Bench.Open(sidecar);
        string session = await Bench.LeaseAsync(channel, 10, "a");
        Task run = channel.ServerStreamAsync(Bench.ExecutePlain, Request(session, Bench.Receive("a", 10))).ToArrayAsync();
        await radio.Running.Task.WaitAsync(Bench.Patience);

        time.Advance(TimeSpan.FromSeconds(10));

        RpcException lost = await Assert.ThrowsAsync<RpcException>(() => run);
        Assert.Equal(Wire.V1.RadioFaultCode.LeaseLost, Bench.Detail(lost).Code);
        Assert.True(radio.Ended.Task.IsCompleted);
        Assert.NotEqual(0, radio.Mutes);
    }

    [Fact]
    public async Task Execute_ControllerStopsReading_RadioStopsProducingAndTheLeaseStillFreesIt()
    {
        // 64 KiB a block; windows and buffers on the way hold some tens of megabytes at most.
        const int Bound = 2000;
        var time = new ManualTimeProvider();
        var radio = new ScriptedRadio("a", blockSamples: 8192);
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync([radio], new RadioSidecarOptions { TimeProvider = time });
        await using RpcChannel channel = Bench.Open(sidecar);
        await using RpcChannel other = Bench.Open(sidecar);
        string session = await Bench.LeaseAsync(channel, 10, "a");
        await using IAsyncEnumerator<Wire.V1.ExecuteScheduleResponse> outputs = channel
            .ServerStreamAsync(Bench.ExecutePlain, Request(session, Bench.Receive("a", 1 << 30))).GetAsyncEnumerator();
        Assert.True(await outputs.MoveNextAsync());

        int before = -1;
        while (before != radio.Blocks)
        {
            before = radio.Blocks;
            await Task.Delay(300);
        }

        Assert.InRange(before, 1, Bound);
        time.Advance(TimeSpan.FromSeconds(10));
        await radio.Ended.Task.WaitAsync(Bench.Patience);
        await radio.Muted.Task.WaitAsync(Bench.Patience);

        // The dead-locked reader does not keep the radio from the next controller.
        string next = await Bench.LeaseAsync(other, 10, "a");
        Wire.V1.ExecuteScheduleResponse[] all = await other
            .ServerStreamAsync(Bench.ExecutePlain, Request(next, Bench.Receive("a", 10))).ToArrayAsync();
        Assert.Equal(10, all[^1].Summary.SampleCount);
    }

    [Fact]
    public async Task Execute_SecondRunOfARunningRadio_IsBusy()
    {
        var radio = new ScriptedRadio("a") { NeverEnds = true };
        await using RadioSidecar sidecar = await Bench.StartAsync(radio);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        using var cancel = new CancellationTokenSource();
        Task run = session.ExecuteAsync([Bench.Receive("a", 10)], cancel.Token).ToArrayAsync();
        await radio.Running.Task.WaitAsync(Bench.Patience);

        RadioException busy = await Assert.ThrowsAsync<RadioException>(async () => await session
            .ExecuteAsync([Bench.Receive("a", 10)], CancellationToken.None).ToArrayAsync());

        Assert.Equal(RadioFaultCode.Busy, busy.Code);
        Assert.False(radio.Ended.Task.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Execute_Bursts_ReportsEachAndCountsThemInTheSummary()
    {
        await using RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("a"));
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        await session.UploadAsync([Bench.Constant("w", 50), Bench.Constant("v", 100_000, 0.5f)], ["a"], CancellationToken.None);

        RadioOutput[] outputs = await session.ExecuteAsync(
            [new BurstSchedule("a", [Bench.Burst(7, 0, "w"), Bench.Burst(8, 200, "w")], [])], CancellationToken.None).ToArrayAsync();

        Assert.Equal([(7, 100L), (8, 300L)], outputs.Cast<BurstReport>().Select(r => (r.BurstId, r.Tick)));
    }

    private static Wire.V1.ExecuteScheduleRequest Request(string session, BurstSchedule schedule) => new()
    {
        SessionId = session,
        Schedules =
        {
            new Wire.V1.BurstSchedule
            {
                RadioId = schedule.RadioId,
                Windows = { schedule.Windows.Select(w => new Wire.V1.RxWindow { WindowId = w.WindowId, StartTick = w.StartTick, SampleCount = w.SampleCount }) },
            },
        },
    };
}
