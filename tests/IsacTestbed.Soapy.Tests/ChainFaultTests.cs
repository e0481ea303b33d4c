using System.Globalization;
using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Radio;

namespace IsacTestbed.Soapy.Tests;

/// <summary>
/// Faults that are injected into the emulated radio come through SoapyRemote's protocol, libSoapySDR and the radio on it, and arrive as what they are.
/// In lock-step, so that their ticks are exact.
/// </summary>
[Collection(AfterAll.Name)]
public sealed class ChainFaultTests
{
    private const int PulseSamples = 3000;

    [SoapyFact]
    public async Task Overflow_OfTheDevice_IsAGapAtItsTicks()
    {
        await using var chain = await Chain.OpenAsync();
        await chain.InjectAsync(InjectedFaultKind.Overflow, chain.Start + 5000, 2000);
        Recorded run = await chain.RunAsync([], new RxWindow(0, chain.Start, 20_000));
        Assert.Equal([new CaptureGap(chain.Start + 5000, 2000)], run.Blocks.SelectMany(b => b.Gaps));
        Assert.Single(run.Blocks, b => b.Flags == CaptureFlags.Overflow);
        Assert.All(run.Blocks, b => Assert.Contains(b.Flags, (CaptureFlags[])[CaptureFlags.None, CaptureFlags.Overflow]));
    }

    [SoapyFact]
    public async Task LateCommand_OfTheDevice_IsALateBurstAndTheNextOneLeaves()
    {
        await using var chain = await Chain.OpenAsync();
        await chain.InjectAsync(InjectedFaultKind.LateCommand, chain.Start, 1);
        Recorded run = await chain.RunAsync([chain.Burst(1, 0), chain.Burst(2, 900_000)], new RxWindow(0, chain.Start + 900_000, 5000));
        Assert.Equal([(1, BurstOutcome.Late), (2, BurstOutcome.Transmitted)], run.Reports.Select(r => (r.BurstId, r.Outcome)));
        Assert.Equal(chain.Start, run.Reports[0].Tick);
    }

    [SoapyFact]
    public async Task Underflow_OfTheDevice_CutsTheBurst()
    {
        await using var chain = await Chain.OpenAsync();
        await chain.InjectAsync(InjectedFaultKind.Underflow, chain.Start + 1000, 1);
        Recorded run = await chain.RunAsync([chain.Burst(1, 0)], new RxWindow(0, chain.Start, 5000));
        BurstReport report = Assert.Single(run.Reports);
        Assert.Equal((BurstOutcome.Underflow, chain.Start + 1000), (report.Outcome, report.Tick));
    }

    [SoapyFact]
    public async Task LostReference_OfTheDevice_IsSeenByItsSensor()
    {
        await using var chain = await Chain.OpenAsync();
        await chain.InjectAsync(InjectedFaultKind.LostReference, chain.Start + 500_000, 2_000_000);
        Recorded run = await chain.RunAsync([], new RxWindow(0, chain.Start, 1000), new RxWindow(1, chain.Start + 1_500_000, 1000));
        Assert.Equal([CaptureFlags.None, CaptureFlags.Unlocked], run.Blocks.Select(b => b.Flags));
    }

    [SoapyFact]
    public async Task StuckReceiver_OfTheDevice_IsAllZero()
    {
        await using var chain = await Chain.OpenAsync();
        await chain.InjectAsync(InjectedFaultKind.Stuck, chain.Start + 100_000, 50_000);
        Recorded run = await chain.RunAsync([], new RxWindow(0, chain.Start, 1000), new RxWindow(1, chain.Start + 110_000, 1000));
        Assert.Equal([CaptureFlags.None, CaptureFlags.AllZero], run.Blocks.Select(b => b.Flags));
    }

    [SoapyFact]
    public async Task Death_OfTheDevice_EndsTheRunWithLastWords()
    {
        await using var chain = await Chain.OpenAsync();
        await chain.InjectAsync(InjectedFaultKind.Dead, chain.Start + 5000, 1);
        Recorded run = await chain.RunAsync([], new RxWindow(0, chain.Start, 50_000));
        Assert.Equal(RadioFaultCode.Dead, Assert.IsType<RadioException>(run.Failure).Code);
        Assert.Equal(CaptureFlags.Dead, run.Blocks[^1].Flags);
        Assert.True(run.Blocks[^1].IsLast);
    }

    [SoapyFact]
    public async Task Server_ThatGoesAway_EndsTheRunAsDead()
    {
        await using var chain = await Chain.OpenAsync(AirClockMode.Paced);
        Task<Recorded> running = chain.RunAsync([], new RxWindow(0, chain.Start, 10_000_000));
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        await chain.StopServerAsync();
        Recorded run = await running;
        Assert.Equal(RadioFaultCode.Dead, Assert.IsType<RadioException>(run.Failure).Code);
        Assert.Equal(CaptureFlags.Dead, run.Blocks[^1].Flags);
        Assert.DoesNotContain(run.Blocks[..^1], b => b.Flags.HasFlag(CaptureFlags.AllZero));
    }

    [SoapyFact]
    public async Task TwoRadios_InLockStep_RunTogetherAndRepeatBitForBit()
    {
        float[][] once = await TogetherAsync(), again = await TogetherAsync();
        Assert.Equal(once[0], again[0]);
        Assert.Equal(once[1], again[1]);
        Assert.NotEqual(once[0], once[1]);

        static async Task<float[][]> TogetherAsync()
        {
            await using ServedAir served = ServedAir.Start(AirClockMode.Virtual, radios: 2);
            await using StreamingRadio first = await served.OpenAsync(0), second = await served.OpenAsync(1);
            StreamingRadio[] radios = [first, second];
            long start = 1_000_000;
            foreach (StreamingRadio radio in radios)
            {
                await radio.ConfigureAsync(new RadioSettingsRequest(ServedAir.RateHz, ServedAir.CarrierHz, 0, 0), CancellationToken.None);
                await radio.UploadWaveformAsync(Chain.Pulse, CancellationToken.None);
                string id = radio.Description.RadioId;
                var burst = new TxBurst(1, start + 2000, Chain.Pulse.Id, 1, PulseSamples, 1, [Complex.One, Complex.Zero]);
                await radio.ArmAsync(new BurstSchedule(id, [burst], [new RxWindow(0, start, 40_000)]), CancellationToken.None);
            }

            Recorded[] runs = await Task.WhenAll(radios.Select(r => Recorded.OfArmedAsync(r)));
            Assert.All(runs, r => Assert.Null(r.Failure));
            Assert.All(runs, r => Assert.Equal(BurstOutcome.Transmitted, Assert.Single(r.Reports).Outcome));
            return [.. runs.Select(r => r.Blocks.SelectMany(b => b.Real).ToArray())];
        }
    }

    /// <summary>A radio on the chain, tuned and with the pulse, and the tick at which its test starts.</summary>
    private sealed class Chain : IAsyncDisposable
    {
        private readonly ServedAir _served;
        private readonly StreamingRadio _radio;

        private Chain(ServedAir served, StreamingRadio radio, long start)
        {
            _served = served;
            _radio = radio;
            Start = start;
        }

        public static Waveform Pulse { get; } = new("pulse", [.. Enumerable.Repeat(1f, PulseSamples)], new float[PulseSamples]);

        public long Start { get; }

        public static async Task<Chain> OpenAsync(AirClockMode mode = AirClockMode.Virtual)
        {
            ServedAir served = ServedAir.Start(mode);
            StreamingRadio radio = await served.OpenAsync();
            await radio.ConfigureAsync(new RadioSettingsRequest(ServedAir.RateHz, ServedAir.CarrierHz, 0, 0), CancellationToken.None);
            await radio.UploadWaveformAsync(Pulse, CancellationToken.None);
            DeviceTime now = await radio.GetTimeAsync(CancellationToken.None);
            return new Chain(served, radio, now.Ticks + 700_000);
        }

        public TxBurst Burst(int id, long offset) => new(id, Start + offset, Pulse.Id, 1, PulseSamples, 1, [Complex.One, Complex.Zero]);

        /// <summary>Injects as a foreign program would: by a setting of the device.</summary>
        public Task InjectAsync(InjectedFaultKind kind, long tick, long duration)
        {
            using var device = SoapyDevice.Make(_served.Arguments());
            string key = device.Settings[0].Key;
            device.WriteSetting(key, string.Create(CultureInfo.InvariantCulture, $"{kind} {tick} {duration}"));
            return Task.CompletedTask;
        }

        public async Task<Recorded> RunAsync(TxBurst[] bursts, params RxWindow[] windows)
        {
            await _radio.ArmAsync(new BurstSchedule(_radio.Description.RadioId, bursts, windows), CancellationToken.None);
            return await Recorded.OfArmedAsync(_radio);
        }

        public ValueTask StopServerAsync() => _served.DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            await _radio.DisposeAsync();
            await _served.DisposeAsync();
        }
    }

    private sealed record RecordedBlock(CaptureFlags Flags, CaptureGap[] Gaps, bool IsLast, float[] Real);

    /// <summary>What a run brought, and how it ended.</summary>
    private sealed class Recorded
    {
        public List<RecordedBlock> Blocks { get; } = [];

        public List<BurstReport> Reports { get; } = [];

        public RadioException? Failure { get; private set; }

        public static async Task<Recorded> OfArmedAsync(StreamingRadio radio)
        {
            var run = new Recorded();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            try
            {
                await foreach (RadioOutput output in radio.RunAsync(patience.Token))
                {
                    if (output is BurstReport report)
                    {
                        run.Reports.Add(report);
                        continue;
                    }

                    using var block = (CaptureBlock)output;
                    run.Blocks.Add(new RecordedBlock(block.Flags, [.. block.Gaps], block.IsLast, block.Real(0).ToArray()));
                }
            }
            catch (RadioException exception)
            {
                run.Failure = exception;
            }

            return run;
        }
    }
}
