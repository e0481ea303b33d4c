using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>One run of a radio, as the tests look at it: blocks, reports and how it ended.</summary>
internal sealed class Run
{
    public const int PulseSamples = 4000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public List<Block> Blocks { get; } = [];

    public List<BurstReport> Reports { get; } = [];

    public Exception? Failure { get; private set; }

    /// <summary>A pulse of constant magnitude: wherever it is received, the power says so.</summary>
    public static Waveform Pulse { get; } = new("pulse", [.. Enumerable.Repeat(1f, PulseSamples)], new float[PulseSamples]);

    /// <summary>The flags of all blocks together.</summary>
    public CaptureFlags Flags => Blocks.Aggregate(CaptureFlags.None, (flags, block) => flags | block.Flags);

    public IEnumerable<CaptureGap> Gaps => Blocks.SelectMany(b => b.Gaps);

    public static CancellationToken Token() => new CancellationTokenSource(Patience).Token;

    public static TxBurst Burst(int id, long tick, int repeats = 1, int interval = PulseSamples) =>
        new(id, tick, Pulse.Id, repeats, interval, 1, [Complex.One, Complex.Zero]);

    /// <summary>Opens a radio that is tuned and has the pulse.</summary>
    public static async Task<StreamingRadio> ReadyAsync(LoopbackDevice device, StreamingRadioOptions? options = null)
    {
        StreamingRadio radio = await Bench.OpenAsync(device, options);
        await radio.ConfigureAsync(new RadioSettingsRequest(LoopbackDevice.RateHz, LoopbackDevice.CarrierHz, 0, 0), Token());
        await radio.UploadWaveformAsync(Pulse, Token());
        return radio;
    }

    public static async Task<long> SoonAsync(StreamingRadio radio) =>
        (await radio.GetTimeAsync(Token())).Ticks + (long)((radio.Description.LeadTimeSeconds + 0.1) * LoopbackDevice.RateHz);

    public static BurstSchedule Schedule(IReadOnlyList<TxBurst> bursts, params RxWindow[] windows) => new(Bench.RadioId, bursts, windows);

    /// <summary>Arms and runs a schedule.</summary>
    public static async Task<Run> OfAsync(StreamingRadio radio, BurstSchedule schedule)
    {
        await radio.ArmAsync(schedule, Token());
        return await OfArmedAsync(radio);
    }

    /// <summary>Runs what is armed.</summary>
    public static async Task<Run> OfArmedAsync(StreamingRadio radio)
    {
        var run = new Run();
        try
        {
            await foreach (RadioOutput output in radio.RunAsync(Token()))
            {
                run.Add(output);
            }
        }
        catch (RadioException exception)
        {
            run.Failure = exception;
        }

        return run;
    }

    public void Add(RadioOutput output)
    {
        if (output is BurstReport report)
        {
            Reports.Add(report);
            return;
        }

        using var block = (CaptureBlock)output;
        Blocks.Add(new Block(block.WindowId, block.FirstTick, block.SampleCount, block.Flags, [.. block.Gaps], block.IsLast, block.Real(0).ToArray()));
    }

    /// <summary>The ticks at which a received signal is well above the noise, as first and end of each run of them.</summary>
    public List<(long First, long End)> Signals()
    {
        // The pulse arrives at Gain, the noise lies 50 dB below it: a tenth of the amplitude parts them beyond doubt.
        List<(long First, long End)> signals = [];
        foreach (Block block in Blocks)
        {
            for (int i = 0; i < block.Real.Length; i++)
            {
                if (Math.Abs(block.Real[i]) > LoopbackDevice.Gain / 10)
                {
                    long tick = block.FirstTick + i;
                    if (signals.Count > 0 && signals[^1].End == tick)
                    {
                        signals[^1] = (signals[^1].First, tick + 1);
                    }
                    else
                    {
                        signals.Add((tick, tick + 1));
                    }
                }
            }
        }

        return signals;
    }

    internal sealed record Block(int WindowId, long FirstTick, int SampleCount, CaptureFlags Flags, CaptureGap[] Gaps, bool IsLast, float[] Real);
}
