using System.Numerics;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests.Limits;

/// <summary>What a profile forbids is refused by name before the driver hears of it.</summary>
public sealed class TransmitLimitTests
{
    private const double SampleRateHz = 1e6;

    private static readonly FrequencyBand[] Ism = [new(2.4e9, 2.4835e9), new(5.725e9, 5.875e9)];

    [Theory]
    [InlineData(2.44e9, true)]
    [InlineData(5.8e9, true)]
    [InlineData(3.5e9, false)]

    // The carrier lies within, half of the sampled band does not.
    [InlineData(2.4002e9, false)]
    [InlineData(2.4005e9, true)]
    [InlineData(2.4832e9, false)]
    [InlineData(double.NaN, false)]
    public async Task Frequency_OfSeveralBands_IsHeldWithTheWholeSampledBand(double hertz, bool allowed)
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { Bands = Ism });
        await TransmitBench.CheckAsync(allowed, "sampled band", () => bench.TuneAsync(hertz));
        Assert.Equal(allowed ? 1 : 0, bench.Radio.DriverCalls);
    }

    [Fact]
    public async Task Gain_AboveTheLimit_IsRefusedAndTheRadioKeepsItsOwn()
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { MaxGainDb = 10 });
        await bench.TuneAsync(2.45e9, gain: 10);
        await TransmitBench.CheckAsync(false, "transmit gain of 10.5 dB", () => bench.TuneAsync(2.45e9, gain: 10.5));
        Assert.Equal(1, bench.Radio.DriverCalls);
    }

    [Fact]
    public async Task TuningThatEndsOutside_BlocksTransmissionUntilItIsTunedWithin()
    {
        // The radio rounds to whole kilohertz: 2,400,500,400 is asked for and 2,400,500,000 is made, whose sampled band begins at the very edge.
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { Bands = [new FrequencyBand(2.4000002e9, 2.4835e9)] });
        await bench.UploadAsync(Bench.Constant("w", 10));
        await TransmitBench.CheckAsync(false, "sampled band", () => bench.TuneAsync(2.4005004e9));
        await TransmitBench.CheckAsync(false, "sampled band", () => bench.ArmAsync(Bench.Burst(1, 0, "w")));
        await bench.TuneAsync(2.45e9);
        await bench.ArmAsync(Bench.Burst(1, 0, "w"));
    }

    [Fact]
    public async Task NeverTuned_CannotTransmit()
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { MaxGainDb = 30 });
        await bench.UploadAsync(Bench.Constant("w", 10));
        await TransmitBench.CheckAsync(false, "not been tuned", () => bench.ArmAsync(Bench.Burst(1, 0, "w")));
    }

    [Theory]
    [InlineData(0.3, 0, true)]

    // 0.3^2 of 1 mW is 0.09 mW; one decibel more exceeds 0.1 mW.
    [InlineData(0.3, 1, false)]
    [InlineData(0.32, 0, false)]
    public async Task Power_AtTheAntenna_CountsAmplitudeWaveformAndGain(double amplitude, double gain, bool allowed)
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { MaxPowerWatts = 1e-4 });
        await bench.TuneAsync(2.45e9, gain);
        await bench.UploadAsync(Bench.Constant("w", 10));
        int before = bench.Radio.DriverCalls;
        await TransmitBench.CheckAsync(allowed, " W on a channel", () => bench.ArmAsync(Bench.Burst(1, 0, "w", amplitude: amplitude)));
        Assert.Equal(before + (allowed ? 1 : 0), bench.Radio.DriverCalls);
    }

    [Fact]
    public async Task Power_GainRaisedAfterArming_IsRefusedAtTheRun()
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { MaxPowerWatts = 1e-4 });
        await bench.TuneAsync(2.45e9);
        await bench.UploadAsync(Bench.Constant("w", 10));
        await bench.ArmAsync(Bench.Burst(1, 0, "w", amplitude: 0.3));
        await bench.TuneAsync(2.45e9, gain: 30);

        await TransmitBench.CheckAsync(false, " W on a channel", () => bench.Remote.RunAsync(CancellationToken.None).ToArrayAsync());

        Assert.False(bench.Radio.Running.Task.IsCompleted);
        Assert.True(bench.Radio.Muted.Task.IsCompleted);
    }

    [Fact]
    public async Task Waveform_ReplacedWhileArmed_IsRefused()
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { MaxPowerWatts = 1e-4 });
        await bench.TuneAsync(2.45e9);
        await bench.UploadAsync(Bench.Constant("w", 10, 0.1f));
        await bench.ArmAsync(Bench.Burst(1, 0, "w"));

        RadioException busy = await Assert.ThrowsAsync<RadioException>(() => bench.UploadAsync(Bench.Constant("w", 10)));

        Assert.Equal(RadioFaultCode.Busy, busy.Code);
        await bench.Remote.MuteAsync(CancellationToken.None);
        await bench.UploadAsync(Bench.Constant("w", 10));
    }

    [Fact]
    public async Task Configure_WhileOnTheAir_IsBusy()
    {
        await using var bench = await TransmitBench.OpenAsync(TransmitLimits.None, new ScriptedRadio("a") { NeverEnds = true });
        await bench.TuneAsync(2.45e9);
        await bench.UploadAsync(Bench.Constant("w", 10));
        await bench.ArmAsync(Bench.Burst(1, 0, "w"));
        using var stop = new CancellationTokenSource();
        Task run = bench.Remote.RunAsync(stop.Token).ToArrayAsync();
        await bench.Radio.Running.Task.WaitAsync(Bench.Patience);

        RadioException busy = await Assert.ThrowsAsync<RadioException>(() => bench.TuneAsync(2.46e9));

        Assert.Equal(RadioFaultCode.Busy, busy.Code);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Theory]
    [InlineData("", false, "does not say")]
    [InlineData("TX/RX", true, "")]
    [InlineData("TX/RX,TX2", false, "port TX2")]
    public async Task Antenna_OtherThanThePermitted_CannotTransmit(string antenna, bool allowed, string says)
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { AntennaPorts = ["TX/RX"] }, new ScriptedRadio("a", antenna: antenna));
        await bench.TuneAsync(2.45e9);
        await bench.UploadAsync(Bench.Constant("w", 10));
        await TransmitBench.CheckAsync(allowed, says, () => bench.ArmAsync(Bench.Burst(1, 0, "w")));
    }

    [Fact]
    public async Task DutyCycle_WithoutAPeriod_IsOfEachSchedule()
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { MaxDutyCycle = 0.25 });
        await bench.TuneAsync(2.45e9);
        await bench.UploadAsync(Bench.Constant("w", 10));
        await TransmitBench.CheckAsync(false, "of its time", () => bench.ArmAsync(Bench.Burst(1, 0, "w", interval: 39, repeats: 4)));
        await bench.ArmAsync(Bench.Burst(1, 0, "w", interval: 40, repeats: 4));
    }

    [Fact]
    public async Task DutyCycle_OverAPeriod_SumsAllRunsAndForgetsThemAPeriodAfterTheirEnd()
    {
        // A tenth of 10 s is one second: 10^6 samples. Each run takes 0.4 s.
        var time = new ManualTimeProvider();
        await using var bench = await TransmitBench.OpenAsync(
            new TransmitLimits { MaxDutyCycle = 0.1, DutyPeriod = TimeSpan.FromSeconds(10) }, time: time);
        await bench.TuneAsync(2.45e9);
        await bench.UploadAsync(Bench.Constant("w", 1000));
        TxBurst burst = Bench.Burst(1, 0, "w", interval: 1000, repeats: 400);
        for (int run = 0; run < 2; run++)
        {
            await bench.ArmAsync(burst);
            await bench.Remote.RunAsync(CancellationToken.None).ToArrayAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await TransmitBench.CheckAsync(false, "0.8 s within the last 10 s", () => bench.ArmAsync(burst));
        time.Advance(TimeSpan.FromSeconds(7.9));
        await TransmitBench.CheckAsync(false, "0.8 s within the last 10 s", () => bench.ArmAsync(burst));
        time.Advance(TimeSpan.FromSeconds(0.2));
        await bench.ArmAsync(burst);
        await TransmitBench.CheckAsync(false, "after 0.4 s", () => bench.ArmAsync(burst with { Repeats = 601 }));
    }

    [Theory]
    [InlineData(1, 1, 0, true)]

    // Half a step of a 16-bit converter is what rounding may do; a whole one clips.
    [InlineData(1.000007, 1, 0, true)]
    [InlineData(1.00004, 1, 0, false)]
    [InlineData(1.3, 0.75, 0, true)]
    [InlineData(1.3, 0.8, 0, false)]

    // Turned by 45 degrees, a sample of magnitude 1.41 has 1 in I and in Q; turned by 90 it has all of it in Q.
    [InlineData(1.4142, 1, 1, true)]
    [InlineData(1.4142, 1, 2, false)]
    public async Task FullScale_OfIAndQAfterAmplitudeAndWeight_IsHeldWithoutAnyProfile(double peak, double amplitude, int eighths, bool allowed)
    {
        await using var bench = await TransmitBench.OpenAsync(TransmitLimits.None);
        float[] samples = new float[64];
        samples[50] = (float)peak;
        await bench.UploadAsync(new Waveform("w", samples, new float[64]));
        Complex weight = Complex.FromPolarCoordinates(1, Math.PI / 4 * eighths);
        TxBurst burst = Bench.Burst(1, 0, "w", amplitude: amplitude) with { Layers = [new TxLayer("w", [weight])] };
        await TransmitBench.CheckAsync(allowed, "of full scale in I or Q on channel 0", () => bench.ArmAsync(burst));
    }

    [Theory]

    // Of two equal waveforms the amplitudes add, not the powers: (0.6 + 0.6)^2 / 2 of 1 mW is 0.72 mW.
    [InlineData(0.6, 0.6, 0.71e-3, false)]
    [InlineData(0.6, 0.6, 0.73e-3, true)]
    [InlineData(0.9, -0.9, 1e-9, true)]
    [InlineData(0.6, -0.2, 0.07e-3, false)]
    public async Task Power_OfLayers_IsThatOfTheirSum(double first, double second, double limitWatts, bool allowed)
    {
        await using var bench = await TransmitBench.OpenAsync(new TransmitLimits { MaxPowerWatts = limitWatts });
        await bench.TuneAsync(2.45e9);
        await bench.UploadAsync(Bench.Constant("w", 100, (float)Math.Sqrt(0.5)));
        TxBurst burst = Bench.Burst(1, 0, "w") with { Layers = [new TxLayer("w", [first]), new TxLayer("w", [second])] };
        await TransmitBench.CheckAsync(allowed, " W on a channel", () => bench.ArmAsync(burst));
    }

    [Fact]
    public async Task FullScale_OfLayersThatAddUp_IsHeld()
    {
        await using var bench = await TransmitBench.OpenAsync(TransmitLimits.None);
        await bench.UploadAsync(Bench.Constant("w", 5000, 0.6f));
        TxBurst burst = Bench.Burst(1, 0, "w", interval: 5000);
        await TransmitBench.CheckAsync(
            false, "reaches 1.2 of full scale in I or Q on channel 0", () => bench.ArmAsync(burst with { Layers = [burst.Layers[0], burst.Layers[0]] }));
    }

    [Fact]
    public async Task FullScale_Refusal_NamesAnAmplitudeThatFits()
    {
        await using var bench = await TransmitBench.OpenAsync(TransmitLimits.None);
        await bench.UploadAsync(Bench.Constant("w", 10, 1.6f));
        await TransmitBench.CheckAsync(false, "at most 0.625", () => bench.ArmAsync(Bench.Burst(1, 0, "w")));
        await bench.ArmAsync(Bench.Burst(1, 0, "w", amplitude: 0.625));
    }

    /// <summary>A scripted radio behind a sidecar with limits.</summary>
    private sealed class TransmitBench(ScriptedRadio radio, RadioSidecar sidecar, SidecarClient client, SidecarSession session) : IAsyncDisposable
    {
        public ScriptedRadio Radio => radio;

        public RemoteRadio Remote => session.Radios[0];

        public static async Task<TransmitBench> OpenAsync(TransmitLimits limits, ScriptedRadio? radio = null, TimeProvider? time = null)
        {
            radio ??= new ScriptedRadio("a");
            RadioSidecar sidecar = await RadioSidecar.StartAsync(
                [radio], new RadioSidecarOptions { Limits = limits, TimeProvider = time ?? TimeProvider.System });
            SidecarClient client = await Bench.ConnectAsync(sidecar);
            return new TransmitBench(radio, sidecar, client, await client.OpenSessionAsync());
        }

        public async Task TuneAsync(double hertz, double gain = 0) =>
            await Remote.ConfigureAsync(new RadioSettingsRequest(SampleRateHz, hertz, gain, 0), CancellationToken.None);

        public async Task UploadAsync(Waveform waveform) => await Remote.UploadWaveformAsync(waveform, CancellationToken.None);

        public async Task ArmAsync(TxBurst burst) => await Remote.ArmAsync(new BurstSchedule("a", [burst], []), CancellationToken.None);

        public static async Task CheckAsync(bool allowed, string says, Func<Task> action)
        {
            if (allowed)
            {
                await action();
                return;
            }

            RadioException refused = await Assert.ThrowsAsync<RadioException>(action);
            Assert.Equal((RadioFaultCode.LimitExceeded, "a"), (refused.Code, refused.RadioId));
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        }

        public async ValueTask DisposeAsync()
        {
            await session.DisposeAsync();
            await client.DisposeAsync();
            await sidecar.DisposeAsync();
        }
    }
}
