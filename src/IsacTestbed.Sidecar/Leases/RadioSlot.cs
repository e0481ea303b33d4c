using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Limits;

namespace IsacTestbed.Sidecar.Leases;

/// <summary>One radio of the sidecar with what the sidecar must know about it: who holds it, what it may transmit, whether it runs.</summary>
/// <remarks>The lease is guarded by the table's lock. Everything else is guarded by this object's own lock.</remarks>
internal sealed class RadioSlot(IRadio radio, TransmitGuard guard, TimeSpan muteTimeout)
{
    private static readonly TimeSpan EndingRunGrace = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private BurstSchedule? _armed;
    private RadioSettings? _settings;
    private TaskCompletionSource? _run;

    /// <summary>The radio.</summary>
    public IRadio Radio { get; } = radio;

    /// <summary>The longest time that muting may take.</summary>
    public TimeSpan MuteTimeout { get; } = muteTimeout;

    /// <summary>Name of the radio.</summary>
    public string RadioId => Radio.Description.RadioId;

    /// <summary>Who holds it; null when it is free. Only the lease table reads and writes it.</summary>
    public Lease? Lease { get; set; }

    /// <summary>How it was last tuned through this sidecar; null when it was not.</summary>
    public RadioSettings? Settings
    {
        get
        {
            lock (_lock)
            {
                return _settings;
            }
        }
    }

    /// <summary>Tunes the radio within the limits.</summary>
    /// <exception cref="RadioException">A limit forbids it, or the radio refuses or is executing a schedule.</exception>
    public async ValueTask<RadioSettings> ConfigureAsync(RadioSettingsRequest request, CancellationToken cancellationToken)
    {
        guard.RequireTuning(request);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            // What is on the air was found within the limits as the radio is tuned now.
            RequireIdleLocked();
        }

        RadioSettings settings = await Radio.ConfigureAsync(request, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _settings = settings;
        }

        guard.Tuned(settings);
        return settings;
    }

    /// <summary>Stores a waveform and remembers its power.</summary>
    /// <exception cref="RadioException">A schedule that is armed or on the air uses the waveform of this name.</exception>
    public async ValueTask UploadAsync(Waveform waveform, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_armed?.Bursts.Any(b => b.Layers.Any(l => l.WaveformId == waveform.Id)) == true)
            {
                throw new RadioException(
                    RadioFaultCode.Busy, RadioId, $"the waveform '{waveform.Id}' is armed or on the air; store the new one under another name, or mute first.");
            }
        }

        await Radio.UploadWaveformAsync(waveform, cancellationToken).ConfigureAwait(false);
        guard.Store(waveform);
    }

    /// <summary>Checks a schedule against the limits and arms the radio.</summary>
    /// <exception cref="RadioException">A limit is exceeded, or the radio refuses.</exception>
    public async ValueTask ArmAsync(BurstSchedule schedule, CancellationToken cancellationToken)
    {
        guard.Require(schedule);
        await Radio.ArmAsync(schedule, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _armed = schedule;
        }
    }

    /// <summary>What is armed goes on the air now: checks it once more and counts its time.</summary>
    /// <exception cref="RadioException">A limit is exceeded by now.</exception>
    public TransmitPlan BeginTransmission()
    {
        BurstSchedule? schedule;
        lock (_lock)
        {
            schedule = _armed;
        }

        return schedule is null ? TransmitPlan.Silent : guard.Begin(schedule);
    }

    /// <summary>Claims the radio for a run; waits a moment for one that is just ending.</summary>
    /// <exception cref="RadioException">It is running already.</exception>
    public async ValueTask BeginRunAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            RequireIdleLocked();
            _run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>
    /// Waits a moment for a run that is just ending: a controller that cancelled one and goes on at once must not race with the news of it.
    /// </summary>
    public async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        await WhenIdle().WaitAsync(EndingRunGrace, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Gives the radio free for the next run.</summary>
    /// <param name="armed">Whether what was armed stays so, because nothing ran.</param>
    public void EndRun(bool armed)
    {
        guard.End();
        lock (_lock)
        {
            _armed = armed ? _armed : null;
            _run?.TrySetResult();
            _run = null;
        }
    }

    /// <summary>Completes when the run that goes on now, if any, has ended.</summary>
    public Task WhenIdle()
    {
        lock (_lock)
        {
            return _run?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Silences the radio for a controller that asked for it.</summary>
    public async Task MuteAsync(CancellationToken cancellationToken)
    {
        await Radio.MuteAsync(cancellationToken).ConfigureAwait(false);
        Disarm();
    }

    /// <summary>Silences the radio whatever the state of the caller: with a token and a time limit of its own.</summary>
    /// <returns>Null, or why the radio could not be told; the caller logs it.</returns>
    public async Task<Exception?> MuteAsync()
    {
        using var limit = new CancellationTokenSource(MuteTimeout);
        try
        {
            // A radio that ignores the token must not hold up the others.
            await Radio.MuteAsync(limit.Token).AsTask().WaitAsync(MuteTimeout, CancellationToken.None).ConfigureAwait(false);
            Disarm();
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception;
        }
    }

    private void Disarm()
    {
        lock (_lock)
        {
            // Within a run, what was armed is what ends now; the run's end clears it.
            _armed = _run is null ? null : _armed;
        }
    }

    private void RequireIdleLocked()
    {
        if (_run is not null)
        {
            throw new RadioException(RadioFaultCode.Busy, RadioId, "it is executing another schedule.");
        }
    }
}
