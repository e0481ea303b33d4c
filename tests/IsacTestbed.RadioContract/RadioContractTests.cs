using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.RadioContract;

/// <summary>What every radio must do, whatever it is: inherited once per kind of radio.</summary>
/// <remarks>
/// The radio hears its own transmit channel 0 on its own receive channel 0 (leakage, an echo, or a cable with an attenuator). Ticks are counted from
/// the radio's time plus a margin, so that the suite runs on virtual, paced and real clocks.
/// </remarks>
public abstract class RadioContractTests
{
    /// <summary>Length of the test pulse.</summary>
    protected const int PulseSamples = 512;

    private const string PulseId = "contract-pulse";

    /// <summary>Opens a radio. Called once per test.</summary>
    protected abstract ValueTask<RadioUnderTest> OpenAsync();

    /// <summary>Time that every single step may take; generous, since a hang and not slowness is what it catches.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(60);

    /// <summary>Seconds between now and the first tick of a test's schedule, beyond the radio's lead time.</summary>
    protected virtual double MarginSeconds => 0.1;

    [ContractFact]
    public async Task Description_OfAnyRadio_IsSane()
    {
        await using RadioUnderTest bench = await OpenAsync();
        RadioDescription d = bench.Radio.Description;
        Assert.NotEmpty(d.RadioId);
        Assert.NotEmpty(d.Driver);
        Assert.InRange(d.TxChannels, 1, 1024);
        Assert.InRange(d.RxChannels, 1, 1024);
        Assert.True(d.SampleRateHz.Minimum > 0 && d.SampleRateHz.Maximum >= d.SampleRateHz.Minimum);
        Assert.True(d.FrequencyHz.Minimum > 0 && d.FrequencyHz.Maximum >= d.FrequencyHz.Minimum);
        Assert.True(d.TxGainDb.Maximum >= d.TxGainDb.Minimum);
        Assert.True(d.RxGainDb.Maximum >= d.RxGainDb.Minimum);
        Assert.True(d.FullScalePowerWatts > 0);
        Assert.True(d.LeadTimeSeconds >= 0);
        Assert.True(d.MaxBlockSamples > 0);
        Assert.True((long)d.MaxBlockSamples * d.RxChannels * 8 <= 256 * 1024, "a block fits in a message of 256 KiB");
    }

    [ContractFact]
    public async Task Configure_WithinRange_ActualIsClose()
    {
        await using RadioUnderTest bench = await OpenAsync();
        RadioSettings settings = await bench.Radio.ConfigureAsync(bench.Request, Token());
        Assert.Equal(bench.Request.SampleRateHz, settings.SampleRateHz.Requested);
        Assert.Equal(settings.SampleRateHz.Clipped, settings.SampleRateHz.Actual, settings.SampleRateHz.Clipped * 1e-3);
        Assert.Equal(settings.FrequencyHz.Clipped, settings.FrequencyHz.Actual, settings.FrequencyHz.Clipped * 1e-3);
    }

    [ContractFact]
    public async Task Configure_GainOutOfRange_IsClippedAndSaysSo()
    {
        await using RadioUnderTest bench = await OpenAsync();
        SettingRange range = bench.Radio.Description.RxGainDb;
        RadioSettings settings = await bench.Radio.ConfigureAsync(bench.Request with { RxGainDb = range.Maximum + 1000 }, Token());
        Assert.Equal(range.Maximum + 1000, settings.RxGainDb.Requested);
        Assert.Equal(range.Maximum, settings.RxGainDb.Clipped);
        Assert.InRange(settings.RxGainDb.Actual, range.Minimum, range.Maximum);
    }

    [ContractFact]
    public async Task Configure_RateInTheWrongUnit_IsNeverTakenAsAsked()
    {
        await using RadioUnderTest bench = await OpenAsync();
        double megahertz = bench.Request.SampleRateHz / 1e6;
        RadioSettings settings = await bench.Radio.ConfigureAsync(bench.Request with { SampleRateHz = megahertz }, Token());
        Assert.Equal(megahertz, settings.SampleRateHz.Requested);
        Assert.True(settings.SampleRateHz.Actual >= bench.Radio.Description.SampleRateHz.Minimum);
        Assert.NotEqual(settings.SampleRateHz.Requested, settings.SampleRateHz.Actual);
    }

    [ContractTheory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-5e6)]
    public async Task Configure_RateThatIsNone_ThrowsArgument(double rate)
    {
        await using RadioUnderTest bench = await OpenAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await bench.Radio.ConfigureAsync(bench.Request with { SampleRateHz = rate }, Token()));
    }

    [ContractFact]
    public async Task Run_TimedBurst_AppearsAtItsTick()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        BurstSchedule schedule = Schedule(bench, [Burst(bench, 1, start + 1000)], new RxWindow(5, start, 4096));
        Recording heard = await RunAsync(bench, schedule);
        AssertPulse(bench, heard.Samples[5], 1000);
        BurstReport report = Assert.Single(heard.Reports);
        Assert.Equal((1, BurstOutcome.Transmitted), (report.BurstId, report.Outcome));
        Assert.Equal(schedule.Bursts[0].EndTick, report.Tick);
    }

    [ContractFact]
    public async Task Run_Windows_ComeCompleteInOrderAndEndOnce()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        int block = bench.Radio.Description.MaxBlockSamples;
        long start = await StartTickAsync(bench);
        RxWindow[] windows = [new RxWindow(3, start, 1), new RxWindow(1, start + 5000, (2 * block) + 1), new RxWindow(2, start + 5000 + (4L * block), block)];
        Recording heard = await RunAsync(bench, Schedule(bench, [], windows));
        Assert.Equal(windows.Select(w => w.WindowId), heard.Blocks.Select(b => b.WindowId).Distinct());
        foreach (RxWindow window in windows)
        {
            BlockFacts[] blocks = [.. heard.Blocks.Where(b => b.WindowId == window.WindowId)];
            long tick = window.StartTick;
            foreach (BlockFacts facts in blocks)
            {
                Assert.Equal(tick, facts.FirstTick);
                Assert.Equal(bench.Radio.Description.RxChannels, facts.ChannelCount);
                Assert.InRange(facts.SampleCount, 1, block);
                Assert.Equal(CaptureFlags.None, facts.Flags);
                tick += facts.SampleCount;
            }

            Assert.Equal(window.EndTick, tick);
            Assert.All(blocks[..^1], b => Assert.False(b.IsLast));
            Assert.True(blocks[^1].IsLast);
        }
    }

    [ContractFact]
    public async Task Run_TwoBurstsOneAcrossABlockBorder_BothAppear()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        int border = bench.Radio.Description.MaxBlockSamples;
        long start = await StartTickAsync(bench);
        int second = border - (PulseSamples / 2), length = border + 2048;
        int first = Math.Max(0, second - (3 * PulseSamples));
        Recording heard = await RunAsync(
            bench, Schedule(bench, [Burst(bench, 1, start + first), Burst(bench, 2, start + second)], new RxWindow(0, start, length)));
        AssertPulse(bench, heard.Samples[0].AsSpan(0, second), first);
        AssertPulse(bench, heard.Samples[0].AsSpan(first + PulseSamples + 64), second - first - PulseSamples - 64);
        Assert.Equal([1, 2], heard.Reports.Select(r => r.BurstId));
        Assert.All(heard.Reports, r => Assert.Equal(BurstOutcome.Transmitted, r.Outcome));
    }

    [ContractFact]
    public async Task Run_Repeats_ComeAtTheInterval()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        TxBurst burst = Burst(bench, 1, start + 100) with { Repeats = 3, IntervalTicks = 1500 };
        Recording heard = await RunAsync(bench, Schedule(bench, [burst], new RxWindow(0, start, 6000)));
        for (int r = 0; r < 3; r++)
        {
            AssertPulse(bench, heard.Samples[0].AsSpan(r * 1500, 1500), 100);
        }
    }

    [ContractFact]
    public async Task Run_WeightAndAmplitude_ScaleAndTurnTheSignal()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        var turned = Complex.FromPolarCoordinates(0.5, Math.PI / 2);
        TxBurst plain = Burst(bench, 1, start + 100);
        TxBurst weighted = Burst(bench, 2, start + 1500) with { Layers = [new TxLayer(PulseId, Weights(bench, turned))], Amplitude = 0.5 };
        Recording heard = await RunAsync(bench, Schedule(bench, [plain, weighted], new RxWindow(0, start, 3000)));
        (Complex reference, _) = Find(heard.Samples[0].AsSpan(0, 1400));
        (Complex scaled, _) = Find(heard.Samples[0].AsSpan(1400, 1600));
        Complex ratio = scaled / reference;

        // Each gain is measured with a relative error of 1 / sqrt(samples * SNR); five deviations of the weaker one.
        double tolerance = 5 / Math.Sqrt(PulseSamples * bench.Loopback.SignalToNoise / 16) + 0.02;
        Assert.InRange(ratio.Magnitude / 0.25, 1 - tolerance, 1 + tolerance);
        Assert.InRange(ratio.Phase - (Math.PI / 2), -tolerance, tolerance);
    }

    [ContractFact]
    public async Task Run_SeveralLayers_LeaveAsTheirSum()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        const int Later = 1200;
        float[] shifted = [.. new float[Later], .. Pulse().Real];
        await bench.Radio.UploadWaveformAsync(new Waveform("later", shifted, new float[shifted.Length]), Token());
        long start = await StartTickAsync(bench);
        TxBurst plain = Burst(bench, 1, start + 100);
        TxBurst layered = Burst(bench, 2, start + 1500) with
        {
            Layers =
            [
                new TxLayer(PulseId, Weights(bench, 0.5)),
                new TxLayer("later", Weights(bench, -0.5)),
                new TxLayer(PulseId, Weights(bench, 0.5 * Complex.ImaginaryOne)),
            ],
            IntervalTicks = shifted.Length,
        };
        Recording heard = await RunAsync(bench, Schedule(bench, [plain, layered], new RxWindow(0, start, 1500 + shifted.Length + 600)));
        (Complex reference, _) = Find(heard.Samples[0].AsSpan(0, 1400));
        (Complex first, int firstAt) = Find(heard.Samples[0].AsSpan(1400, Later));
        (Complex second, int secondAt) = Find(heard.Samples[0].AsSpan(1400 + Later));
        Assert.Equal(firstAt, secondAt);

        // Each gain is measured with a relative error of 1 / sqrt(samples * SNR); five deviations of the weaker one.
        double tolerance = 5 / Math.Sqrt(PulseSamples * bench.Loopback.SignalToNoise / 4) + 0.02;
        Assert.InRange(((first / reference) - new Complex(0.5, 0.5)).Magnitude, 0, tolerance);
        Assert.InRange(((second / reference) + 0.5).Magnitude, 0, tolerance);
    }

    [ContractFact]
    public async Task Arm_LayersThatAddUpBeyondFullScale_AreRefused()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        TxBurst burst = Burst(bench, 1, start + 100);
        await Assert.ThrowsAnyAsync<Exception>(async () => await bench.Radio.ArmAsync(Schedule(bench, [burst with { Layers = [burst.Layers[0], burst.Layers[0]] }]), Token()));

        // Two that cancel are within it, although their magnitudes add up to two.
        var opposite = new TxLayer(PulseId, Weights(bench, -1));
        await bench.Radio.ArmAsync(Schedule(bench, [burst with { Layers = [burst.Layers[0], opposite] }]), Token());
    }

    [ContractFact]
    public async Task Run_WindowBeforeAnyTransmitter_IsCompleteAndEmptyOfSignal()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        Recording heard = await RunAsync(
            bench, Schedule(bench, [Burst(bench, 1, start + 20000)], new RxWindow(0, start, 2000), new RxWindow(1, start + 19000, 3000)));
        Assert.Equal(2000, heard.Samples[0].Length);
        AssertPulse(bench, heard.Samples[1], 1000);
        double before = MeanPower(heard.Samples[0]);
        double pulse = MeanPower(heard.Samples[1].AsSpan((int)(1000 + bench.Loopback.DelayTicks), PulseSamples));
        Assert.True(before < 4 * pulse / bench.Loopback.SignalToNoise, $"power {before} before, {pulse} within the pulse");
    }

    [ContractFact]
    public async Task Run_SeveralSchedules_EachIsExecutedOnce()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        for (int round = 0; round < 3; round++)
        {
            long start = await StartTickAsync(bench);
            Recording heard = await RunAsync(bench, Schedule(bench, [Burst(bench, round, start + 300)], new RxWindow(round, start, 2000)));
            AssertPulse(bench, heard.Samples[round], 300);
            Assert.Equal(round, Assert.Single(heard.Reports).BurstId);
        }
    }

    [ContractFact]
    public async Task Arm_InThePast_IsTooLate()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        await RunAsync(bench, Schedule(bench, [], new RxWindow(0, start, 2000)));
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () =>
            await bench.Radio.ArmAsync(Schedule(bench, [Burst(bench, 1, start)], new RxWindow(0, start, 2000)), Token()));
        Assert.Equal((RadioFaultCode.TooLate, bench.Radio.Description.RadioId), (exception.Code, exception.RadioId));
    }

    [ContractFact]
    public async Task Arm_UnknownWaveform_IsRefused()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () =>
            await bench.Radio.ArmAsync(Schedule(bench, [Burst(bench, 1, start) with { Layers = [new TxLayer("never-uploaded", Weights(bench, Complex.One))] }]), Token()));
        Assert.Equal(RadioFaultCode.UnknownWaveform, exception.Code);
        Assert.Contains("never-uploaded", exception.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task Arm_WrongWeightCount_IsRefused()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        Complex[] tooMany = [.. Enumerable.Repeat(Complex.One, bench.Radio.Description.TxChannels + 1)];
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () =>
            await bench.Radio.ArmAsync(Schedule(bench, [Burst(bench, 1, start) with { Layers = [new TxLayer(PulseId, tooMany)] }]), Token()));
        Assert.Equal(RadioFaultCode.NotSupported, exception.Code);
    }

    [ContractFact]
    public async Task Arm_MalformedSchedule_ThrowsArgument()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await bench.Radio.ArmAsync(Schedule(bench, [], new RxWindow(0, start, 100), new RxWindow(1, start + 50, 100)), Token()));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await bench.Radio.ArmAsync(Schedule(bench, [Burst(bench, 1, start) with { IntervalTicks = 1, Repeats = 2 }]), Token()));
    }

    [ContractFact]
    public async Task Arm_Twice_TheSecondCounts()
    {
        await using RadioUnderTest bench = await ReadyAsync();

        // Arming, dropping what is armed and arming again: a driver takes its time for each.
        long start = await StartTickAsync(bench, steps: 3);
        await bench.Radio.ArmAsync(Schedule(bench, [Burst(bench, 1, start + 100)], new RxWindow(1, start, 2000)), Token());
        Recording heard = await RunAsync(bench, Schedule(bench, [Burst(bench, 2, start + 900)], new RxWindow(2, start, 2000)));
        AssertPulse(bench, heard.Samples[2], 900);
        Assert.Equal(2, Assert.Single(heard.Reports).BurstId);
    }

    [ContractFact]
    public async Task Run_WithoutArming_IsRefused()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        await Assert.ThrowsAsync<RadioException>(async () => await RunAsync(bench, null));
        long start = await StartTickAsync(bench);
        await RunAsync(bench, Schedule(bench, [], new RxWindow(0, start, 10)));
        await Assert.ThrowsAsync<RadioException>(async () => await RunAsync(bench, null));
    }

    [ContractFact]
    public async Task Arm_DuringARun_IsBusy()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        int length = 64 * bench.Radio.Description.MaxBlockSamples;
        await bench.Radio.ArmAsync(Schedule(bench, [], new RxWindow(0, start, length)), Token());
        await using IAsyncEnumerator<RadioOutput> run = bench.Radio.RunAsync(Token()).GetAsyncEnumerator();
        Assert.True(await run.MoveNextAsync());
        ((CaptureBlock)run.Current).Dispose();
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () =>
            await bench.Radio.ArmAsync(Schedule(bench, [], new RxWindow(0, start + (100L * length), 10)), Token()));
        Assert.Equal(RadioFaultCode.Busy, exception.Code);
    }

    [ContractFact]
    public async Task Run_Cancelled_EndsWithTheTokenAndLeavesTheRadioUsable()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        int length = 64 * bench.Radio.Description.MaxBlockSamples;
        await bench.Radio.ArmAsync(
            Schedule(bench, [Burst(bench, 1, start + length - 1000)], new RxWindow(0, start, length)), Token());
        using var cancellation = new CancellationTokenSource();
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (RadioOutput output in bench.Radio.RunAsync(cancellation.Token))
            {
                (output as CaptureBlock)?.Dispose();
                await cancellation.CancelAsync();
            }
        });
        Assert.Equal(cancellation.Token, exception.CancellationToken);

        // What had not been sent at the cancellation is not sent afterwards.
        start = await StartTickAsync(bench, start + length);
        Recording heard = await RunAsync(bench, Schedule(bench, [Burst(bench, 2, start + 500)], new RxWindow(0, start, 2000)));
        AssertPulse(bench, heard.Samples[0], 500);
        Assert.Equal(2, Assert.Single(heard.Reports).BurstId);
    }

    [ContractFact]
    public async Task Mute_DuringARun_EndsItWithTheBurstAborted()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        int length = 64 * bench.Radio.Description.MaxBlockSamples;
        await bench.Radio.ArmAsync(
            Schedule(bench, [Burst(bench, 1, start + length - 1000)], new RxWindow(0, start, length)), Token());
        var recording = new Recording();
        long received = 0;
        await foreach (RadioOutput output in bench.Radio.RunAsync(Token()))
        {
            received += recording.Add(output);
            await bench.Radio.MuteAsync(Token());
        }

        Assert.True(received < length);
        Assert.Equal(BurstOutcome.Aborted, Assert.Single(recording.Reports).Outcome);
    }

    [ContractFact]
    public async Task Mute_OfASilentRadio_IsHarmlessAndDropsWhatIsArmed()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        await bench.Radio.MuteAsync(Token());
        long start = await StartTickAsync(bench);
        await bench.Radio.ArmAsync(Schedule(bench, [Burst(bench, 1, start)], new RxWindow(0, start, 1000)), Token());
        await bench.Radio.MuteAsync(Token());
        await bench.Radio.MuteAsync(Token());
        await Assert.ThrowsAsync<RadioException>(async () => await RunAsync(bench, null));
    }

    [ContractFact]
    public async Task Dispose_WhileArmedAndTwice_IsHarmless()
    {
        RadioUnderTest bench = await ReadyAsync();
        long start = await StartTickAsync(bench);
        await bench.Radio.ArmAsync(Schedule(bench, [Burst(bench, 1, start)], new RxWindow(0, start, 1000)), Token());
        await bench.Radio.DisposeAsync();
        await bench.DisposeAsync();
    }

    [ContractFact]
    public async Task Time_OverARun_NeverGoesBack()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        DeviceTime first = await bench.Radio.GetTimeAsync(Token());
        DeviceTime second = await bench.Radio.GetTimeAsync(Token());
        Assert.True(second >= first);
        long start = await StartTickAsync(bench);
        await RunAsync(bench, Schedule(bench, [], new RxWindow(0, start, 2000)));
        DeviceTime third = await bench.Radio.GetTimeAsync(Token());
        Assert.True(third.Ticks >= start + 2000, $"{third} after a window up to {start + 2000}");
    }

    [ContractTheory]
    [InlineData(TimeAlignment.Now)]
    [InlineData(TimeAlignment.NextPps)]
    public async Task Time_Set_CountsFromThere(TimeAlignment alignment)
    {
        await using RadioUnderTest bench = await ReadyAsync();
        double rate = (await bench.Radio.GetTimeAsync(Token())).RateHz;
        var wanted = DeviceTime.FromSeconds(1000, rate);
        await bench.Radio.SetTimeAsync(wanted, alignment, Token());
        DeviceTime now = await bench.Radio.GetTimeAsync(Token());
        Assert.InRange(now.Seconds, 1000, 1000 + Patience.TotalSeconds);
        long start = await StartTickAsync(bench);
        Recording heard = await RunAsync(bench, Schedule(bench, [Burst(bench, 1, start + 100)], new RxWindow(0, start, 1500)));
        AssertPulse(bench, heard.Samples[0], 100);
    }

    [ContractFact]
    public async Task Sensors_OfAnyRadio_AreReadable()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        IReadOnlyList<SensorReading> sensors = await bench.Radio.ReadSensorsAsync(Token());
        Assert.All(sensors, s => Assert.NotEmpty(s.Name));
        Assert.Equal(sensors.Count, sensors.Select(s => s.Name).Distinct().Count());
    }

    [ContractFact]
    public async Task Waveform_OfTheSameId_IsReplaced()
    {
        await using RadioUnderTest bench = await ReadyAsync();
        Waveform pulse = Pulse();
        await bench.Radio.UploadWaveformAsync(new Waveform(PulseId, new float[PulseSamples], new float[PulseSamples]), Token());
        await bench.Radio.UploadWaveformAsync(pulse, Token());
        long start = await StartTickAsync(bench);
        Recording heard = await RunAsync(bench, Schedule(bench, [Burst(bench, 1, start + 200)], new RxWindow(0, start, 1500)));
        AssertPulse(bench, heard.Samples[0], 200);
    }

    /// <summary>A binary phase-coded pulse: full power, and a correlation peak of one sample.</summary>
    protected static Waveform Pulse()
    {
        var random = new CounterRandom(99, RandomPurpose.Test);
        float[] chips = new float[PulseSamples];
        for (int i = 0; i < PulseSamples; i += 2)
        {
            chips[i] = random.IntegerAt((ulong)i, 2) == 0 ? 1 : -1;
            chips[i + 1] = chips[i];
        }

        return new Waveform(PulseId, chips, new float[PulseSamples]);
    }

    private CancellationToken Token() => new CancellationTokenSource(Patience).Token;

    private async ValueTask<RadioUnderTest> ReadyAsync()
    {
        RadioUnderTest bench = await OpenAsync();
        await bench.Radio.ConfigureAsync(bench.Request, Token());
        await bench.Radio.UploadWaveformAsync(Pulse(), Token());
        return bench;
    }

    /// <summary>A tick that the radio can still meet, and not before a given one.</summary>
    private async ValueTask<long> StartTickAsync(RadioUnderTest bench, long notBefore = 0, int steps = 1)
    {
        DeviceTime now = await bench.Radio.GetTimeAsync(Token());
        long soon = now.Ticks + (long)Math.Ceiling((bench.Radio.Description.LeadTimeSeconds + (steps * MarginSeconds)) * now.RateHz);
        return Math.Max(soon, notBefore);
    }

    private static Complex[] Weights(RadioUnderTest bench, Complex first)
    {
        var weights = new Complex[bench.Radio.Description.TxChannels];
        weights[0] = first;
        return weights;
    }

    private static TxBurst Burst(RadioUnderTest bench, int id, long tick) =>
        new(id, tick, PulseId, 1, PulseSamples, 1, Weights(bench, Complex.One));

    private static BurstSchedule Schedule(RadioUnderTest bench, TxBurst[] bursts, params RxWindow[] windows) =>
        new(bench.Radio.Description.RadioId, bursts, windows);

    /// <summary>Arms a schedule, unless there is none, and runs to the end.</summary>
    private async Task<Recording> RunAsync(RadioUnderTest bench, BurstSchedule? schedule)
    {
        if (schedule is not null)
        {
            await bench.Radio.ArmAsync(schedule, Token());
        }

        var recording = new Recording();
        await foreach (RadioOutput output in bench.Radio.RunAsync(Token()))
        {
            recording.Add(output);
        }

        return recording;
    }

    private static void AssertPulse(RadioUnderTest bench, ReadOnlySpan<Complex> samples, long sentAt)
    {
        (Complex gain, int at) = Find(samples);
        long late = at - sentAt - bench.Loopback.DelayTicks;
        Assert.InRange(late, -bench.Loopback.DelayToleranceTicks, bench.Loopback.DelayToleranceTicks);
        if (bench.Loopback.Amplitude is { } amplitude)
        {
            double tolerance = (5 / Math.Sqrt(PulseSamples * bench.Loopback.SignalToNoise)) + 0.02;
            Assert.InRange(gain.Magnitude / amplitude, 1 - tolerance, 1 + tolerance);
        }
    }

    /// <summary>Where the pulse correlates best, and the complex gain there.</summary>
    private static (Complex Gain, int At) Find(ReadOnlySpan<Complex> samples)
    {
        Waveform pulse = Pulse();
        (Complex Gain, int At) best = (Complex.Zero, 0);
        for (int lag = 0; lag + PulseSamples <= samples.Length; lag++)
        {
            Complex sum = Complex.Zero;
            for (int i = 0; i < PulseSamples; i++)
            {
                sum += samples[lag + i] * pulse.Real[i];
            }

            best = sum.Magnitude / PulseSamples > best.Gain.Magnitude ? (sum / PulseSamples, lag) : best;
        }

        return best;
    }

    private static double MeanPower(ReadOnlySpan<Complex> samples)
    {
        double sum = 0;
        foreach (Complex sample in samples)
        {
            sum += (sample.Real * sample.Real) + (sample.Imaginary * sample.Imaginary);
        }

        return sum / samples.Length;
    }

    private sealed record BlockFacts(int WindowId, long FirstTick, int ChannelCount, int SampleCount, CaptureFlags Flags, bool IsLast);

    /// <summary>What came out of a run: channel 0 of each window, reports, and the facts of each block.</summary>
    private sealed class Recording
    {
        public Dictionary<int, Complex[]> Samples { get; } = [];

        public List<BurstReport> Reports { get; } = [];

        public List<BlockFacts> Blocks { get; } = [];

        /// <summary>Keeps an output and disposes a block.</summary>
        /// <returns>The number of samples received with it.</returns>
        public int Add(RadioOutput output)
        {
            if (output is BurstReport report)
            {
                Reports.Add(report);
                return 0;
            }

            using var block = (CaptureBlock)output;
            Blocks.Add(new BlockFacts(block.WindowId, block.FirstTick, block.ChannelCount, block.SampleCount, block.Flags, block.IsLast));
            var samples = new Complex[block.SampleCount];
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = new Complex(block.Real(0)[i], block.Imaginary(0)[i]);
            }

            Samples[block.WindowId] = [.. Samples.GetValueOrDefault(block.WindowId, []), .. samples];
            return samples.Length;
        }
    }
}
