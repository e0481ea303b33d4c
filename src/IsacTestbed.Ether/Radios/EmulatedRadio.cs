using System.Globalization;
using System.Runtime.CompilerServices;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Ether;

/// <summary>The radio of one node on the emulated air.</summary>
/// <remarks>
/// Transmit samples are relative to full scale: |x| = 1 at 0 dB gain radiates the node's full-scale power. Receive samples are square roots of
/// watts times 10^(gain / 20). Sample rate and carrier are the scene's; a request for others is answered with them as clipped and actual.
/// </remarks>
public sealed class EmulatedRadio : IRadio, IFaultInjection
{
    /// <summary>Samples over all channels of the largest block: 256 KiB.</summary>
    internal const int LargestBlock = 32768;

    private readonly Lock _lock = new();
    private readonly EmulatedAir _air;
    private readonly int _index;
    private readonly AirNode _node;
    private readonly ReceiverChain _receiver;
    private readonly WaveformStore _waveforms;
    private readonly FaultScript _faults = new();
    private RadioSettings _settings;
    private ScheduleExecution? _armed;
    private ScheduleExecution? _running;
    private bool _isDisposed;

    internal EmulatedRadio(EmulatedAir air, int index, ReceiverChain receiver, int largestBlock)
    {
        _air = air;
        _index = index;
        _node = air.Scene.Nodes[index];
        _receiver = receiver;
        double rate = air.Scene.SampleRateHz, carrier = air.Scene.CarrierFrequencyHz;
        Description = new RadioDescription(
            _node.Id,
            "emulated",
            string.Create(CultureInfo.InvariantCulture, $"ether-{air.Scene.Seed}-{index}"),
            new Dictionary<string, string>
            {
                ["model"] = "emulated air",
                ["clock"] = air.Clock.Mode == AirClockMode.Virtual ? "virtual" : "paced",
            },
            _node.TxCount,
            _node.RxCount,
            new SettingRange(rate, rate),
            new SettingRange(carrier, carrier),
            new SettingRange(-120, 30),
            new SettingRange(-60, 140),
            _node.FullScalePowerWatts,
            air.Clock.Mode == AirClockMode.Virtual ? 0 : 0.005,
            Math.Max(1, largestBlock / Math.Max(1, _node.RxCount)));
        _waveforms = new WaveformStore(Description);
        _settings = Tune(new RadioSettingsRequest(rate, carrier, 0, 0));
    }

    /// <inheritdoc/>
    public RadioDescription Description { get; }

    /// <summary>The scripted faults.</summary>
    internal FaultScript Faults => _faults;

    /// <summary>The receiver.</summary>
    internal ReceiverChain Receiver => _receiver;

    /// <summary>Full scale of the receiver's converter; infinite without one.</summary>
    internal double ClipLevel => _node.Impairments.ClipLevel;

    /// <summary>First tick of the schedule that it holds; <see cref="long.MaxValue"/> for none.</summary>
    internal long PendingTick
    {
        get
        {
            lock (_lock)
            {
                return Math.Min(_armed?.Schedule.FirstTick ?? long.MaxValue, _running?.Schedule.FirstTick ?? long.MaxValue);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<RadioSettings> ConfigureAsync(RadioSettingsRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        RequirePositive(request.SampleRateHz, "sample rate in hertz");
        RequirePositive(request.FrequencyHz, "carrier frequency in hertz");
        if (!double.IsFinite(request.TxGainDb) || !double.IsFinite(request.RxGainDb))
        {
            throw new ArgumentException($"Gains of {request.TxGainDb} and {request.RxGainDb} dB; both must be finite.", nameof(request));
        }

        lock (_lock)
        {
            RequireIdle();
            _settings = Tune(request);
            return ValueTask.FromResult(_settings);
        }
    }

    /// <inheritdoc/>
    public ValueTask UploadWaveformAsync(Waveform waveform, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            RequireAlive();
            _waveforms.Store(waveform);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<DeviceTime> GetTimeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            RequireAlive();
        }

        return ValueTask.FromResult(new DeviceTime(_air.Clock.Now, _air.Scene.SampleRateHz));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// All radios of the air share one clock. On a virtual clock the next PPS edge comes at once; on a paced one the call waits for the edge, that
    /// is for the next whole second of the common clock.
    /// </remarks>
    public async ValueTask SetTimeAsync(DeviceTime time, TimeAlignment alignment, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (alignment is not (TimeAlignment.Now or TimeAlignment.NextPps))
        {
            throw new ArgumentException($"A time is set now or at the next PPS, not {alignment}.", nameof(alignment));
        }

        if (time.RateHz != _air.Scene.SampleRateHz || time.Ticks < 0)
        {
            throw new ArgumentException($"{time} does not fit a clock of {_air.Scene.SampleRateHz:G17} Hz that starts at zero.", nameof(time));
        }

        lock (_lock)
        {
            RequireIdle();
        }

        if (alignment == TimeAlignment.NextPps && _air.Clock.Mode == AirClockMode.Paced)
        {
            double edge = Math.Floor((_air.Clock.Now / time.RateHz) + 1) * time.RateHz;
            await _air.Clock.WaitUntilAsync((long)Math.Ceiling(edge), cancellationToken).ConfigureAwait(false);
        }

        _air.SetTime(Description.RadioId, time.Ticks);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SensorReading>> ReadSensorsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            RequireAlive();
        }

        long now = _air.Clock.Now;
        string locked = _faults.Intervals(InjectedFaultKind.LostReference).Any(i => i.Overlaps(now, now + 1)) ? "false" : "true";
        IReadOnlyList<SensorReading> readings =
        [
            new SensorReading("ref_locked", locked, string.Empty),
            new SensorReading("lo_locked", "true", string.Empty),
            new SensorReading("temperature", "35.0", "C"),
        ];
        return ValueTask.FromResult(readings);
    }

    /// <inheritdoc/>
    /// <remarks>Samples that would exceed the converter's full scale on a channel are refused, not clipped.</remarks>
    public ValueTask ArmAsync(BurstSchedule schedule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        cancellationToken.ThrowIfCancellationRequested();
        schedule.Validate();
        if (schedule.RadioId != Description.RadioId)
        {
            throw new ArgumentException($"A schedule of radio {schedule.RadioId} was given to radio {Description.RadioId}.", nameof(schedule));
        }

        lock (_lock)
        {
            RequireIdle();
            if (schedule.Windows.Count > 0 && Description.RxChannels == 0)
            {
                throw new RadioException(RadioFaultCode.NotSupported, Description.RadioId, "a receive window, but the radio has no receive channel.");
            }

            double amplitude = Math.Sqrt(_node.FullScalePowerWatts) * Amplitude(_settings.TxGainDb);
            BurstOnAir[] bursts = [.. schedule.Bursts.Select(b => new BurstOnAir(_index, b, LayerOnAir.Of(_waveforms.Require(b)), amplitude))];
            long earliest = _air.Clock.Now + (long)Math.Ceiling(Description.LeadTimeSeconds * _air.Scene.SampleRateHz);
            if (schedule.Bursts.Count + schedule.Windows.Count > 0 && schedule.FirstTick < earliest)
            {
                throw new RadioException(
                    RadioFaultCode.TooLate, Description.RadioId, $"the schedule starts at tick {schedule.FirstTick}; the earliest possible is {earliest}.");
            }

            Disarm();
            _faults.Strike(bursts);
            _armed = new ScheduleExecution(_air, this, schedule, bursts, _receiver, _faults, Amplitude(_settings.RxGainDb));
            _air.Add(bursts);
        }

        _air.Forget();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RadioOutput> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ScheduleExecution execution = Begin();
        try
        {
            while (await execution.NextAsync(cancellationToken).ConfigureAwait(false) is { } output)
            {
                yield return output;
            }
        }
        finally
        {
            // Also after cancellation, a fault, or a reader that left early: what is not yet sent is not sent.
            execution.Stop();
            lock (_lock)
            {
                _running = null;
            }

            execution.Dispose();
            _air.Forget();
        }
    }

    /// <inheritdoc/>
    /// <remarks>A run that is on its way ends by itself: its remaining bursts are reported as aborted, its windows end where they are.</remarks>
    public ValueTask MuteAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Disarm();
            _running?.Stop();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask InjectAsync(InjectedFault fault, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fault);
        cancellationToken.ThrowIfCancellationRequested();
        if (fault.Kind == InjectedFaultKind.Unspecified || !Enum.IsDefined(fault.Kind))
        {
            throw new ArgumentException($"No such fault: {fault.Kind}.", nameof(fault));
        }

        bool lasts = fault.Kind is not (InjectedFaultKind.LateCommand or InjectedFaultKind.Underflow or InjectedFaultKind.Dead);
        if (fault.Tick < 0 || (lasts && fault.DurationTicks < 1))
        {
            throw new ArgumentException(
                $"Fault {fault.Kind} at tick {fault.Tick} for {fault.DurationTicks} ticks; the tick is not negative, the duration at least 1.", nameof(fault));
        }

        lock (_lock)
        {
            RequireAlive();
            _faults.Add(fault);
            _faults.Strike(_running?.Bursts ?? _armed?.Bursts ?? []);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task ended;
        lock (_lock)
        {
            _isDisposed = true;
            Disarm();
            _running?.Stop();
            ended = _running?.Rendering ?? Task.CompletedTask;
        }

        await ended.ConfigureAwait(false);
    }

    private ScheduleExecution Begin()
    {
        lock (_lock)
        {
            RequireIdle();
            _running = _armed ?? throw new RadioException(
                RadioFaultCode.NotSupported, Description.RadioId, "nothing is armed; arm a schedule before each run.");
            _armed = null;
            _running.Begin();
            return _running;
        }
    }

    /// <summary>Drops a schedule that was armed and not run; under the lock.</summary>
    private void Disarm()
    {
        if (_armed is not null)
        {
            _air.Remove(_armed.Bursts);
            _armed.Dispose();
            _armed = null;
        }
    }

    private RadioSettings Tune(RadioSettingsRequest request) => new(
        Tuned.To(request.SampleRateHz, Description.SampleRateHz),
        Tuned.To(request.FrequencyHz, Description.FrequencyHz),
        Tuned.To(request.TxGainDb, Description.TxGainDb),
        Tuned.To(request.RxGainDb, Description.RxGainDb));

    /// <summary>Throws unless the radio is alive and not running; under the lock.</summary>
    private void RequireIdle()
    {
        RequireAlive();
        if (_running is not null)
        {
            throw new RadioException(RadioFaultCode.Busy, Description.RadioId, "a schedule is being executed; wait for its end or mute.");
        }
    }

    private void RequireAlive()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_faults.DeadTick <= _air.Clock.Now)
        {
            throw DeadException();
        }
    }

    internal RadioException DeadException() => new(RadioFaultCode.Dead, Description.RadioId, "the radio has stopped answering.");

    private static double Amplitude(Tuned gainDb) => Math.Sqrt(new Decibels(gainDb.Actual).ToPowerRatio().Value);

    private static void RequirePositive(double value, string what)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw new ArgumentException($"A {what} of {value}; it must be positive and finite.");
        }
    }
}
