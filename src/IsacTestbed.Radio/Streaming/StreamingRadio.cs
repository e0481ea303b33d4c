using System.Runtime.CompilerServices;
using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>A contract radio on a streaming device: SoapySDR, UHD, or whatever implements <see cref="IStreamingDevice"/>.</summary>
/// <remarks>
/// Arming activates the streams: a continuous receive stream runs into a ring from which the windows are cut by tick, since timed receive commands
/// are unreliable under load. Running writes the bursts, each shortly ahead of its time. The end of a run, however it comes about, silences the
/// transmitter and deactivates the streams. On a device in lock-step an armed radio holds the time of all others until it runs.
/// Samples are relative to full scale both ways. A device that stops answering is dead for good: dispose it and open it again.
/// </remarks>
public sealed class StreamingRadio : IRadio
{
    private static readonly TimeSpan OpenTimeLimit = TimeSpan.FromSeconds(90);

    private readonly StreamingDeviceDescription _device;
    private readonly StreamingRadioOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly DeviceControl _control;
    private readonly SemaphoreSlim _step = new(1, 1);
    private readonly WaveformStore _waveforms;
    private readonly Lock _lock = new();
    private StreamingSession? _session;
    private RadioSettings? _settings;
    private StreamingExecution? _armed;
    private StreamingExecution? _running;
    private bool _isDisposed;

    private StreamingRadio(
        StreamingDeviceDescription device, StreamingRadioOptions options, TimeProvider timeProvider, DeviceControl control)
    {
        _device = device;
        _options = options;
        _timeProvider = timeProvider;
        _control = control;
        Description = new RadioDescription(
            options.RadioId,
            device.Driver,
            device.Serial,
            Hardware(device, options),
            device.TxChannels,
            device.RxChannels,
            DeviceSetup.Envelope(device.SampleRatesHz),
            DeviceSetup.Envelope(device.FrequenciesHz),
            options.TxGains?.RangeDb ?? device.TxGainsDb,
            options.RxGains?.RangeDb ?? device.RxGainsDb,
            (options.FullScalePowerWatts ?? device.FullScalePowerWatts)!.Value,
            options.LeadTimeSeconds,
            Math.Max(1, options.MaxBlockSamples / device.RxChannels));
        _waveforms = new WaveformStore(Description);
    }

    /// <inheritdoc/>
    public RadioDescription Description { get; }

    /// <summary>
    /// Opens a device, selects clock, time and antennas, and leaves it in a defined state: lowest sample rate, carrier and gains.
    /// </summary>
    /// <param name="options">What the driver does not know.</param>
    /// <param name="open">Opens the device; called once, on the thread that makes all control calls.</param>
    /// <param name="timeProvider">The host's clock; null for the system's.</param>
    /// <param name="cancellationToken">Gives up; a device that opens afterwards is closed again.</param>
    /// <exception cref="RadioException">No such device, it does not answer, or it has no receive channel.</exception>
    public static async Task<StreamingRadio> OpenAsync(
        StreamingRadioOptions options, Func<IStreamingDevice> open, TimeProvider? timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentException.ThrowIfNullOrEmpty(options.RadioId);
        if (options.FullScalePowerWatts is { } power && (!(power > 0) || double.IsInfinity(power)))
        {
            throw new ArgumentException($"A full-scale power of {power} W; it must be positive and finite.", nameof(options));
        }

        TimeProvider time = timeProvider ?? TimeProvider.System;
        var control = new DeviceControl(options.RadioId, options.ControlTimeLimit, time);
        try
        {
            StreamingDeviceDescription device = await control.OpenAsync(open, OpenTimeLimit, cancellationToken).ConfigureAwait(false);
            DeviceSetup.Check(device, options);
            var radio = new StreamingRadio(device, options, time, control);
            await control.CallAsync(d => DeviceSetup.Select(d, options), "selecting clock, time and antennas", cancellationToken).ConfigureAwait(false);
            var lowest = new RadioSettingsRequest(
                radio.Description.SampleRateHz.Minimum,
                radio.Description.FrequencyHz.Minimum,
                radio.Description.TxGainDb.Minimum,
                radio.Description.RxGainDb.Minimum);
            radio._settings = await control.CallAsync(d => DeviceSetup.Tune(d, options, lowest), "tuning", cancellationToken).ConfigureAwait(false);
            return radio;
        }
        catch (Exception exception)
        {
            // Whoever gave up does not wait for a driver that hangs; it is closed when it comes back.
            Task closing = control.CloseAsync();
            await (exception is OperationCanceledException ? Task.CompletedTask : closing).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Refused while a schedule is armed: changing the rate moves all ticks. Mute first.</remarks>
    public async ValueTask<RadioSettings> ConfigureAsync(RadioSettingsRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequirePositive(request.SampleRateHz, "sample rate in hertz");
        RequirePositive(request.FrequencyHz, "carrier frequency in hertz");
        if (!double.IsFinite(request.TxGainDb) || !double.IsFinite(request.RxGainDb))
        {
            throw new ArgumentException($"Gains of {request.TxGainDb} and {request.RxGainDb} dB; both must be finite.", nameof(request));
        }

        using Step step = await EnterAsync(cancellationToken).ConfigureAwait(false);
        RequireDisarmed();
        if (_session is { } session && session.RateHz != DeviceSetup.Nearest(request.SampleRateHz, _device.SampleRatesHz))
        {
            _session = null;
            await _control.CallAsync(_ => session.Close(), "closing the streams", cancellationToken).ConfigureAwait(false);
        }

        _settings = await _control.CallAsync(device => DeviceSetup.Tune(device, _options, request), "tuning", cancellationToken).ConfigureAwait(false);
        await OpenStreamsAsync(_settings.SampleRateHz.Actual, cancellationToken).ConfigureAwait(false);
        return _settings;
    }

    /// <inheritdoc/>
    public ValueTask UploadWaveformAsync(Waveform waveform, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _control.RequireAlive();
            _waveforms.Store(waveform);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<DeviceTime> GetTimeAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        (long tick, double rate) = await _control.CallAsync(
            device => (device.ReadTick(), _settings!.SampleRateHz.Actual), "reading the time", cancellationToken).ConfigureAwait(false);
        return new DeviceTime(tick, rate);
    }

    /// <inheritdoc/>
    /// <remarks>Refused while a schedule is armed: its ticks would mean another time. Mute first.</remarks>
    public async ValueTask SetTimeAsync(DeviceTime time, TimeAlignment alignment, CancellationToken cancellationToken)
    {
        if (alignment is not (TimeAlignment.Now or TimeAlignment.NextPps))
        {
            throw new ArgumentException($"A time is set now or at the next PPS, not {alignment}.", nameof(alignment));
        }

        using Step step = await EnterAsync(cancellationToken).ConfigureAwait(false);
        RequireDisarmed();
        double rate = _settings!.SampleRateHz.Actual;
        if (time.RateHz != rate || time.Ticks < 0)
        {
            throw new ArgumentException($"{time} does not fit a clock of {rate:G17} Hz that starts at zero.", nameof(time));
        }

        await _control.CallAsync(device => device.SetTick(time.Ticks, alignment, cancellationToken), "setting the time", cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SensorReading>> ReadSensorsAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return await _control.CallAsync(device => device.ReadSensors(), "reading the sensors", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Samples that would exceed the converter's full scale on a channel are refused, not clipped.</remarks>
    public async ValueTask ArmAsync(BurstSchedule schedule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        schedule.Validate();
        if (schedule.RadioId != Description.RadioId)
        {
            throw new ArgumentException($"A schedule of radio {schedule.RadioId} was given to radio {Description.RadioId}.", nameof(schedule));
        }

        using Step step = await EnterAsync(cancellationToken).ConfigureAwait(false);
        RequireIdle();
        BurstSignal[] signals;
        lock (_lock)
        {
            signals = [.. schedule.Bursts.Select(_waveforms.Require)];
        }

        await DisarmAsync().ConfigureAwait(false);
        StreamingSession session = await OpenStreamsAsync(_settings!.SampleRateHz.Actual, cancellationToken).ConfigureAwait(false);
        _armed = await _control.CallAsync(device => Prepare(device, session, schedule, signals), "arming", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RadioOutput> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StreamingExecution execution = await BeginAsync(cancellationToken).ConfigureAwait(false);
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
            await execution.EndAsync().ConfigureAwait(false);
            lock (_lock)
            {
                _running = null;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>A run that is on its way ends by itself: its remaining bursts are reported as aborted, its windows end where they are.</remarks>
    public async ValueTask MuteAsync(CancellationToken cancellationToken)
    {
        StreamingExecution? running;
        lock (_lock)
        {
            running = _running;
        }

        // The transmitter first, and without waiting for anything that may be going on.
        running?.Stop();
        if (running is not null)
        {
            await running.EndAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        await _step.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var step = new Step(_step);
        await DisarmAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        // With its own time limits, and whatever fails on the way: the transmitter ends silent.
        await MuteAsync(CancellationToken.None).ConfigureAwait(false);
        if (_session is { IsGivenUp: false } session)
        {
            try
            {
                await _control.CallAsync(_ => session.Close(), "closing the streams", CancellationToken.None).ConfigureAwait(false);
            }
            catch (RadioException)
            {
                // A dead device cannot be closed; it is given up.
            }
        }

        if (_session is { IsGivenUp: true })
        {
            _control.GiveUp();
        }

        await _control.CloseAsync().ConfigureAwait(false);
        _step.Dispose();
    }

    /// <summary>What the driver says of the device, and the antenna port that was selected, which transmit limits ask for.</summary>
    private static IReadOnlyDictionary<string, string> Hardware(StreamingDeviceDescription device, StreamingRadioOptions options) =>
        options.TxAntenna is { } port
            ? new Dictionary<string, string>(device.Hardware) { [TransmitLimits.AntennaKey] = port }
            : device.Hardware;

    private static void RequirePositive(double value, string what)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw new ArgumentException($"A {what} of {value}; it must be positive and finite.");
        }
    }

    /// <summary>Opens the streams unless they are open; that takes its time, and is best over before a schedule's lead time counts.</summary>
    private async Task<StreamingSession> OpenStreamsAsync(double rateHz, CancellationToken cancellationToken) =>
        _session ??= await StreamingSession.OpenAsync(_device, _options, _timeProvider, _control, rateHz, cancellationToken).ConfigureAwait(false);

    private StreamingExecution Prepare(IStreamingDevice device, StreamingSession session, BurstSchedule schedule, BurstSignal[] signals)
    {
        long timestamp = _timeProvider.GetTimestamp();
        long now = device.ReadTick(), earliest = now + (long)Math.Ceiling(_options.LeadTimeSeconds * session.RateHz);
        if (schedule.Bursts.Count + schedule.Windows.Count > 0 && schedule.FirstTick < earliest)
        {
            throw new StreamingDeviceException(
                RadioFaultCode.TooLate, $"the schedule starts at tick {schedule.FirstTick}; the earliest possible is {earliest}.");
        }

        var execution = new StreamingExecution(session, schedule, signals, now, timestamp);
        execution.Activate();
        return execution;
    }

    private async Task<StreamingExecution> BeginAsync(CancellationToken cancellationToken)
    {
        using Step step = await EnterAsync(cancellationToken).ConfigureAwait(false);
        RequireIdle();
        StreamingExecution execution = _armed ?? throw new RadioException(
            RadioFaultCode.NotSupported, Description.RadioId, "nothing is armed; arm a schedule before each run.");
        lock (_lock)
        {
            _armed = null;
            _running = execution;
        }

        execution.Begin();
        return execution;
    }

    /// <summary>Ends a schedule that was armed and not run; within a step.</summary>
    private async Task DisarmAsync()
    {
        if (_armed is { } armed)
        {
            _armed = null;
            await armed.EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until no other call changes the radio's state.</summary>
    private async Task<Step> EnterAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        await _step.WaitAsync(cancellationToken).ConfigureAwait(false);
        var step = new Step(_step);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _control.RequireAlive();
        }
        catch
        {
            step.Dispose();
            throw;
        }

        return step;
    }

    private void RequireIdle()
    {
        lock (_lock)
        {
            if (_running is not null)
            {
                throw new RadioException(RadioFaultCode.Busy, Description.RadioId, "a schedule is being executed; wait for its end or mute.");
            }
        }
    }

    private void RequireDisarmed()
    {
        RequireIdle();
        if (_armed is not null)
        {
            throw new RadioException(RadioFaultCode.Busy, Description.RadioId, "a schedule is armed; run it or mute first.");
        }
    }

    /// <summary>One call's turn to change the radio's state.</summary>
    private readonly struct Step(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
