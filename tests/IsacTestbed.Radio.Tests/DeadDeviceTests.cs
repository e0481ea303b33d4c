using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>Devices that stop answering, in every way: the caller is told within the time limit, and is never held up by the driver.</summary>
[Collection(RealTime.Name)]
public sealed class DeadDeviceTests
{
    private static readonly StreamingRadioOptions Impatient = Bench.Options with
    {
        DeadAfter = TimeSpan.FromSeconds(0.5),
        ControlTimeLimit = TimeSpan.FromSeconds(1),
    };

    [Theory]
    [InlineData("silent")]
    [InlineData("hangs")]
    [InlineData("failed")]
    public async Task ReceiveStream_ThatStops_EndsTheRunAsDead(string how)
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        StreamingRadio radio = await Run.ReadyAsync(device, Impatient);
        long start = await Run.SoonAsync(radio), end = start + 100_000;
        device.Script.SilentTick = how == "silent" ? end : long.MaxValue;
        device.Script.HangTick = how == "hangs" ? end : long.MaxValue;
        device.Script.FailTick = how == "failed" ? end : long.MaxValue;
        Run run = await Run.OfAsync(radio, Run.Schedule([Run.Burst(1, start), Run.Burst(2, start + 3_000_000)], new RxWindow(0, start, 4_000_000)));
        RadioException exception = Assert.IsType<RadioException>(run.Failure);
        Assert.Equal((RadioFaultCode.Dead, Bench.RadioId), (exception.Code, exception.RadioId));

        // What came before is delivered; then one block says that the rest is lost.
        Run.Block last = run.Blocks[^1];
        Assert.Equal(CaptureFlags.Dead, last.Flags);
        Assert.True(last.IsLast);
        Assert.Equal(start + 4_000_000, last.FirstTick + last.SampleCount);
        Assert.True(Assert.Single(last.Gaps).FirstTick > end - radio.Description.MaxBlockSamples, "samples before the death are kept");
        Assert.All(run.Blocks[..^1], b => Assert.Equal(CaptureFlags.None, b.Flags));
        Assert.Equal([BurstOutcome.Transmitted, BurstOutcome.Aborted], run.Reports.Select(r => r.Outcome));
        Assert.False(device.Transmit.IsActive);

        // It stays dead, and says so at once.
        exception = await Assert.ThrowsAsync<RadioException>(async () => await radio.GetTimeAsync(Run.Token()));
        Assert.Equal(RadioFaultCode.Dead, exception.Code);
        await radio.DisposeAsync();

        // A device with a thread in it is left open rather than closed underneath it.
        Assert.Equal(how != "hangs", device.IsDisposed);
        device.Script.Release.Set();
    }

    [Fact]
    public async Task ControlCall_ThatHangs_CostsTheTimeLimitOnce()
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        StreamingRadio radio = await Run.ReadyAsync(device, Impatient);
        device.Script.ControlHangs = true;
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () => await radio.GetTimeAsync(Run.Token()));
        Assert.Equal(RadioFaultCode.Dead, exception.Code);
        Assert.Contains("reading the time", exception.Message, StringComparison.Ordinal);
        exception = await Assert.ThrowsAsync<RadioException>(async () => await radio.ReadSensorsAsync(Run.Token()));
        Assert.Equal(RadioFaultCode.Dead, exception.Code);
        await radio.DisposeAsync();
        device.Script.Release.Set();
    }

    [Fact]
    public async Task ControlCall_ThatHangsInLockStep_IsFoundThoughNobodyReads()
    {
        // In lock-step silence may only mean that somebody else holds the time: the device is asked.
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device, Impatient);
        long start = await Run.SoonAsync(radio);
        device.Script.SilentTick = start + 5000;
        await radio.ArmAsync(Run.Schedule([], new RxWindow(0, start, 100_000)), Run.Token());
        Task<Run> running = Run.OfArmedAsync(radio);
        await Task.Delay(Impatient.DeadAfter * 3);
        Assert.False(running.IsCompleted, "a device that answers is not dead, however long it waits for others");
        device.Script.ControlHangs = true;
        Run run = await running;
        Assert.Equal(RadioFaultCode.Dead, Assert.IsType<RadioException>(run.Failure).Code);
        device.Script.Release.Set();
    }

    [Fact]
    public async Task TransmitStream_ThatTakesNothing_EndsTheRunAsDead()
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        await using StreamingRadio radio = await Run.ReadyAsync(device, Impatient);
        long start = await Run.SoonAsync(radio);
        device.Script.RefusesWrites = true;
        Run run = await Run.OfAsync(radio, Run.Schedule([Run.Burst(1, start)], new RxWindow(0, start, 2_000_000)));
        Assert.Equal(RadioFaultCode.Dead, Assert.IsType<RadioException>(run.Failure).Code);
        Assert.Equal(BurstOutcome.Aborted, Assert.Single(run.Reports).Outcome);
        device.Script.Release.Set();
    }

    [Fact]
    public async Task Opening_ThatIsGivenUp_ReturnsAtOnceAndClosesTheDeviceLater()
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        using var mayOpen = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        Task<StreamingRadio> opening = StreamingRadio.OpenAsync(
            Bench.Options,
            () =>
            {
                mayOpen.Wait();
                return device;
            },
            null,
            cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.False(device.IsDisposed);
        mayOpen.Set();
        CancellationToken patience = Run.Token();
        while (!device.IsDisposed)
        {
            await Task.Delay(5, patience);
        }
    }

    [Fact]
    public async Task Opening_WithASourceThatIsNone_GivesTheDriversWordsAndCloses()
    {
        var device = new LoopbackDevice(StreamClock.RealTime);
        RadioException exception = await Assert.ThrowsAsync<RadioException>(() => Bench.OpenAsync(device, Bench.Options with { ClockSource = "sundial" }));
        Assert.Equal((RadioFaultCode.NotSupported, Bench.RadioId), (exception.Code, exception.RadioId));
        Assert.Contains("sundial", exception.Message, StringComparison.Ordinal);
        Assert.Contains("internal, external", exception.Message, StringComparison.Ordinal);
        Assert.True(device.IsDisposed);
    }

    [Fact]
    public async Task Configuring_WhileArmed_IsBusy()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Run.ReadyAsync(device);
        long start = await Run.SoonAsync(radio);
        await radio.ArmAsync(Run.Schedule([], new RxWindow(0, start, 100)), Run.Token());
        var request = new RadioSettingsRequest(LoopbackDevice.RateHz, LoopbackDevice.CarrierHz, 0, 0);
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () => await radio.ConfigureAsync(request, Run.Token()));
        Assert.Equal(RadioFaultCode.Busy, exception.Code);
        await radio.MuteAsync(Run.Token());
        await radio.ConfigureAsync(request, Run.Token());
    }
}
