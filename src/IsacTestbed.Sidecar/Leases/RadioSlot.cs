using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Sidecar.Leases;

/// <summary>One radio of the sidecar with what the sidecar must know about it: who holds it, how it is tuned, what it has stored.</summary>
/// <remarks>The lease is guarded by the table's lock. Everything else is guarded by this object's own lock.</remarks>
internal sealed class RadioSlot(IRadio radio, TransmitLimits limits, TimeSpan muteTimeout)
{
    private static readonly TimeSpan EndingRunGrace = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Length, double PeakAmplitude, double MeanPower)> _waveforms = [];
    private double _txGainDb;
    private TaskCompletionSource? _run;

    /// <summary>The radio.</summary>
    public IRadio Radio { get; } = radio;

    /// <summary>The longest time that muting may take.</summary>
    public TimeSpan MuteTimeout { get; } = muteTimeout;

    /// <summary>Name of the radio.</summary>
    public string RadioId => Radio.Description.RadioId;

    /// <summary>Who holds it; null when it is free. Only the lease table reads and writes it.</summary>
    public Lease? Lease { get; set; }

    /// <summary>Tunes the radio within the limits.</summary>
    public async ValueTask<RadioSettings> ConfigureAsync(RadioSettingsRequest request, CancellationToken cancellationToken)
    {
        limits.RequireFrequency(RadioId, request.FrequencyHz);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        RadioSettings settings = await Radio.ConfigureAsync(request, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _txGainDb = settings.TxGainDb.Actual;
        }

        // What the radio made of the request may lie outside although the request did not.
        limits.RequireFrequency(RadioId, settings.FrequencyHz.Actual);
        return settings;
    }

    /// <summary>Stores a waveform and remembers its power.</summary>
    public async ValueTask UploadAsync(Waveform waveform, CancellationToken cancellationToken)
    {
        await Radio.UploadWaveformAsync(waveform, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _waveforms[waveform.Id] = (waveform.Length, waveform.PeakAmplitude, waveform.MeanPower);
        }
    }

    /// <summary>Checks a schedule against the limits and arms the radio.</summary>
    /// <exception cref="RadioException">A limit is exceeded, or the radio refuses.</exception>
    public async ValueTask ArmAsync(BurstSchedule schedule, CancellationToken cancellationToken)
    {
        RequireLimits(schedule);
        await Radio.ArmAsync(schedule, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Claims the radio for a run; waits a moment for one that is just ending.</summary>
    /// <exception cref="RadioException">It is running already.</exception>
    public async ValueTask BeginRunAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_run is not null)
            {
                throw new RadioException(RadioFaultCode.Busy, RadioId, "it is executing another schedule.");
            }

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
    public void EndRun()
    {
        lock (_lock)
        {
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

    /// <summary>Silences the radio whatever the state of the caller: with a token and a time limit of its own.</summary>
    /// <returns>Null, or why the radio could not be told; the caller logs it.</returns>
    public async Task<Exception?> MuteAsync()
    {
        using var limit = new CancellationTokenSource(MuteTimeout);
        try
        {
            // A radio that ignores the token must not hold up the others.
            await Radio.MuteAsync(limit.Token).AsTask().WaitAsync(MuteTimeout, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception;
        }
    }

    private void RequireLimits(BurstSchedule schedule)
    {
        if (limits == TransmitLimits.None || schedule.Bursts.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            double gain = Math.Pow(10, _txGainDb / 10);
            double onAir = 0;
            foreach (TxBurst burst in schedule.Bursts)
            {
                if (!_waveforms.TryGetValue(burst.WaveformId, out (int Length, double PeakAmplitude, double MeanPower) waveform))
                {
                    throw new RadioException(
                        RadioFaultCode.UnknownWaveform, RadioId, $"burst {burst.BurstId} names the waveform '{burst.WaveformId}', which was not uploaded.");
                }

                double scale = burst.Amplitude * burst.Weights.Max(w => w.Magnitude);
                limits.RequireAmplitude(RadioId, burst.BurstId, scale * waveform.PeakAmplitude);
                limits.RequirePower(
                    RadioId, burst.BurstId, scale * scale * waveform.MeanPower * gain * Radio.Description.FullScalePowerWatts);
                onAir += (double)burst.Repeats * waveform.Length;
            }

            limits.RequireDutyCycle(RadioId, onAir / (schedule.EndTick - schedule.FirstTick));
        }
    }
}
