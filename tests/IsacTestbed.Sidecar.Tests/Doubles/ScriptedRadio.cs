using System.Runtime.CompilerServices;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Sidecar.Tests.Doubles;

/// <summary>A radio whose misbehaviour is under the test's control, for what no emulated radio does: to never end, to hang, to throw.</summary>
/// <remarks>Its receiver yields a ramp: sample n of channel c of a window is (n, -n - c).</remarks>
public sealed class ScriptedRadio(string radioId, int channels = 1, int blockSamples = 4096, string antenna = "") : IRadio
{
    private readonly HashSet<string> _waveforms = [];
    private BurstSchedule? _armed;
    private int _blocks;
    private int _mutes;
    private int _driverCalls;

    public RadioDescription Description { get; } = new(
        radioId,
        "scripted",
        "0",
        antenna.Length == 0
            ? new Dictionary<string, string> { ["model"] = "ramp" }
            : new Dictionary<string, string> { ["model"] = "ramp", [TransmitLimits.AntennaKey] = antenna },
        channels,
        channels,
        new SettingRange(1e3, 1e8),
        new SettingRange(1e8, 6e9, 1e3),
        new SettingRange(0, 30, 0.5),
        new SettingRange(0, 60, 1),
        1e-3,
        0,
        blockSamples);

    /// <summary>Blocks yielded so far.</summary>
    public int Blocks => Volatile.Read(ref _blocks);

    /// <summary>How often it was muted.</summary>
    public int Mutes => Volatile.Read(ref _mutes);

    /// <summary>Completes at the first muting after it was set up.</summary>
    public TaskCompletionSource Muted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a run has begun.</summary>
    public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a run has ended, however.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When set, the run goes on for ever after its windows, until it is cancelled.</summary>
    public bool NeverEnds { get; init; }

    /// <summary>When set, the run throws this after its windows.</summary>
    public Exception? Failure { get; init; }

    /// <summary>How often the driver was reached by a tuning, a waveform or a schedule.</summary>
    public int DriverCalls => Volatile.Read(ref _driverCalls);

    /// <summary>Flags of every block.</summary>
    public CaptureFlags Flags { get; init; }

    public ValueTask<RadioSettings> ConfigureAsync(RadioSettingsRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _driverCalls);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.SampleRateHz);
        return ValueTask.FromResult(new RadioSettings(
            Tuned.To(request.SampleRateHz, Description.SampleRateHz),
            Tuned.To(request.FrequencyHz, Description.FrequencyHz),
            Tuned.To(request.TxGainDb, Description.TxGainDb),
            Tuned.To(request.RxGainDb, Description.RxGainDb)));
    }

    public ValueTask UploadWaveformAsync(Waveform waveform, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _driverCalls);
        _waveforms.Add(waveform.Id);
        Uploaded = waveform;
        return ValueTask.CompletedTask;
    }

    /// <summary>The last waveform that was stored.</summary>
    public Waveform? Uploaded { get; private set; }

    public ValueTask<DeviceTime> GetTimeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new DeviceTime(12345678901, 245.76e6));

    public ValueTask SetTimeAsync(DeviceTime time, TimeAlignment alignment, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<SensorReading>> ReadSensorsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SensorReading>>([new("ref_locked", "true", string.Empty), new("temperature", "41.5", "degC")]);

    public ValueTask ArmAsync(BurstSchedule schedule, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _driverCalls);
        if (schedule.Windows.Any(w => w.StartTick < 0))
        {
            throw new RadioException(RadioFaultCode.TooLate, radioId, "a window lies before tick 0.");
        }

        _armed = schedule;
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<RadioOutput> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BurstSchedule schedule = _armed ?? throw new RadioException(RadioFaultCode.NotSupported, radioId, "nothing is armed.");
        _armed = null;
        Running.TrySetResult();
        try
        {
            foreach (RxWindow window in schedule.Windows)
            {
                for (int first = 0; first < window.SampleCount; first += blockSamples)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Interlocked.Increment(ref _blocks);
                    yield return Block(window, first);
                    await Task.Yield();
                }
            }

            foreach (TxBurst burst in schedule.Bursts)
            {
                yield return new BurstReport(radioId, burst.BurstId, BurstOutcome.Transmitted, burst.EndTick);
            }

            if (NeverEnds)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (Failure is not null)
            {
                throw Failure;
            }
        }
        finally
        {
            Ended.TrySetResult();
        }
    }

    public ValueTask MuteAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _mutes);
        _armed = null;
        Muted.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private CaptureBlock Block(RxWindow window, int first)
    {
        int count = Math.Min(blockSamples, window.SampleCount - first);
        var block = new CaptureBlock(
            radioId, window.WindowId, window.StartTick + first, 1e6, channels, count, Flags, null, first + count == window.SampleCount);
        for (int channel = 0; channel < channels; channel++)
        {
            for (int n = 0; n < count; n++)
            {
                block.Real(channel)[n] = first + n;
                block.Imaginary(channel)[n] = -(first + n) - channel;
            }
        }

        return block;
    }
}
