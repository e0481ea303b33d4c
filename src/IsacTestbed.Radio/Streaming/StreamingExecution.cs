using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>One schedule on its way through a streaming device, from arming to the end. One reader; stopping is thread safe.</summary>
internal sealed class StreamingExecution : IAsyncDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeaveDriverLimit = TimeSpan.FromSeconds(5);

    private readonly StreamingSession _session;
    private readonly ReceivePump _pump;
    private readonly TransmitWriter? _writer;
    private readonly TransmitListener? _listener;
    private readonly TransmitLedger _ledger;
    private readonly LockRecord _lockRecord;
    private readonly DeviceClock _deviceClock;
    private readonly AsyncSignal _progress = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _endLock = new();
    private readonly Lock _permitLock = new();
    private readonly WindowCutter _cutter;
    private readonly long _statusTicks;
    private readonly long _marginTicks;
    private readonly long _endTick;
    private Task? _end;
    private Task _watching = Task.CompletedTask;
    private volatile RadioException? _death;
    private int _burst;
    private long _waitingSince;
    private bool _isWaiting;
    private RadioException? _lastWords;
    private volatile bool _tellsLock = true;
    private long _nextAskTick;

    /// <summary>Prepares a schedule; the streams are not active yet.</summary>
    /// <param name="session">The open streams and what they share.</param>
    /// <param name="schedule">The schedule, checked.</param>
    /// <param name="signals">What its bursts send.</param>
    /// <param name="now">The radio's time, as a tick.</param>
    /// <param name="timestamp">The host's time when it was asked.</param>
    public StreamingExecution(StreamingSession session, BurstSchedule schedule, BurstSignal[] signals, long now, long timestamp)
    {
        _session = session;
        Schedule = schedule;
        StreamingRadioOptions options = session.Options;
        double rate = session.RateHz;
        _statusTicks = (long)(options.BurstStatusSeconds * rate);
        _ledger = new TransmitLedger(schedule.Bursts, session.Description.AcknowledgesBursts);
        _lockRecord = new LockRecord(now);
        _deviceClock = new DeviceClock(session.TimeProvider, rate);
        _deviceClock.Anchor(now, timestamp);
        _cutter = new WindowCutter(session, schedule, _lockRecord);
        _pump = new ReceivePump(
            session.Receive, session.Ring, session.Description.Clock, session.TimeProvider, options.DeadAfter, PumpProgressed);
        session.Ring.Reset(now);
        _nextAskTick = now;

        // In lock-step the writer runs ahead by half of what the device takes, and the pump stays behind it by half of that.
        long aheadTicks = IsLockStep ? session.Description.TransmitBufferSamples / 2 : (long)(options.TransmitAheadSeconds * rate);
        _marginTicks = aheadTicks / 2;
        _endTick = schedule.EndTick + (session.Description.AcknowledgesBursts || schedule.Bursts.Count == 0 ? 0 : _statusTicks);
        if (schedule.Bursts.Count > 0)
        {
            ITransmitStream transmit = session.Transmit!;
            var timing = new TransmitTiming(
                IsLockStep ? () => session.Ring.Head : () => _deviceClock.Now,
                IsLockStep ? _ => WatchInterval : tick => Shorter(_deviceClock.Until(tick), WatchInterval),
                aheadTicks,
                (long)(options.LongSilenceSeconds * rate),
                IsLockStep ? null : options.DeadAfter);
            _writer = new TransmitWriter(transmit, signals, _ledger, timing, session.TimeProvider, WriterProgressed);
            _listener = new TransmitListener(transmit, Told);
        }
    }

    /// <summary>The schedule.</summary>
    public BurstSchedule Schedule { get; }

    private bool IsLockStep => _session.Description.Clock == StreamClock.LockStep;

    /// <summary>Activates the streams; on the control thread. In real time the pump starts at once, in lock-step with the run.</summary>
    public void Activate()
    {
        _session.Transmit?.Activate();
        _session.Receive.Activate();
        if (!IsLockStep)
        {
            _pump.Start($"{Schedule.RadioId} receive");
        }
    }

    /// <summary>Starts: from now on the bursts are sent and time may pass.</summary>
    public void Begin()
    {
        Permit();
        if (IsLockStep)
        {
            _pump.Start($"{Schedule.RadioId} receive");
        }

        _listener?.Start($"{Schedule.RadioId} transmit status");
        _writer?.Start($"{Schedule.RadioId} transmit");
        _watching = WatchAsync();
    }

    /// <summary>Makes the run end: nothing more is sent.</summary>
    public void Stop()
    {
        lock (_endLock)
        {
            if (_end is null)
            {
                _stop.Cancel();
                _writer?.Stop();
            }
        }

        _progress.Set();
    }

    /// <summary>The next block or report; null at the end.</summary>
    /// <exception cref="RadioException">The radio died.</exception>
    public async ValueTask<RadioOutput?> NextAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration wake = cancellationToken.Register(_progress.Set);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Permit();
            await AskInLockStepAsync().ConfigureAwait(false);
            if (_lastWords is { } dying)
            {
                return await LastWordsAsync(dying).ConfigureAwait(false);
            }

            if (_stop.IsCancellationRequested)
            {
                await EndAsync().ConfigureAwait(false);
                return _burst < Schedule.Bursts.Count ? Report(_ledger.Outcome(_burst, 0, 0, false)) : null;
            }

            RadioOutput? output = Ready(out bool isFinished);
            if (output is not null || isFinished)
            {
                return output;
            }

            if (Death() is { } death)
            {
                return await LastWordsAsync(death).ConfigureAwait(false);
            }

            await _progress.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends everything: the transmitter is silent, the threads are out of the driver, the streams inactive. May be called again.</summary>
    public Task EndAsync()
    {
        lock (_endLock)
        {
            return _end ??= EndOnceAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>The output that is due now, in order of ticks; null when it is still to come.</summary>
    private RadioOutput? Ready(out bool isFinished)
    {
        long head = _session.Ring.HasStarted ? _session.Ring.Head : long.MinValue;
        long reportTick = _burst < Schedule.Bursts.Count ? _ledger.ReportTick(_burst) : long.MaxValue;
        bool isEmpty = Schedule.Bursts.Count + Schedule.Windows.Count == 0;
        isFinished = reportTick == long.MaxValue && _cutter.Position == long.MaxValue && (head >= Schedule.EndTick || isEmpty);
        if (isFinished || (reportTick == long.MaxValue && _cutter.Position == long.MaxValue))
        {
            return null;
        }

        _cutter.SkipLost();

        if (reportTick > _cutter.Position)
        {
            return head >= _cutter.NextEnd ? _cutter.Cut() : null;
        }

        BurstOutcome outcome = _ledger.Outcome(_burst, head, _statusTicks, IsWaitOver(head >= reportTick));
        return outcome == BurstOutcome.Unspecified ? null : Report(outcome);
    }

    /// <summary>Whether an acknowledgement has been waited for long enough, counted from when the burst was over.</summary>
    private bool IsWaitOver(bool isBurstOver)
    {
        if (isBurstOver && !_isWaiting)
        {
            _waitingSince = _session.TimeProvider.GetTimestamp();
        }

        _isWaiting = isBurstOver;
        return isBurstOver && _session.TimeProvider.GetElapsedTime(_waitingSince) > _session.Options.DeadAfter;
    }

    private BurstReport Report(BurstOutcome outcome)
    {
        int index = _burst++;
        _isWaiting = false;
        return new BurstReport(Schedule.RadioId, Schedule.Bursts[index].BurstId, outcome, _ledger.ReportTick(index));
    }

    /// <summary>The window that the death interrupts, the bursts that it cut, then the exception.</summary>
    private async ValueTask<RadioOutput> LastWordsAsync(RadioException death)
    {
        bool isFirst = _lastWords is null;
        _lastWords = death;
        await EndAsync().ConfigureAwait(false);
        if (death.Code == RadioFaultCode.Dead)
        {
            _session.Control.Bury(death);
        }

        if (isFirst && _cutter.CutDead() is { } block)
        {
            return block;
        }

        return _burst < Schedule.Bursts.Count ? Report(_ledger.Outcome(_burst, 0, 0, false)) : throw death;
    }

    private RadioException? Death()
    {
        StreamingDeviceException? fault = _pump.Fault ?? _writer?.Fault ?? _listener?.Fault;
        if (fault is not null)
        {
            _death ??= new RadioException(fault.Code, Schedule.RadioId, fault.Message, fault);
        }

        return _death;
    }

    /// <summary>Tells the pump how far it may read.</summary>
    private void Permit()
    {
        // Reader and writer both come here: whoever comes last must have seen what the other did.
        lock (_permitLock)
        {
            long written = _writer?.WrittenUntil ?? long.MaxValue;
            long limit = written == long.MaxValue ? long.MaxValue : written - _marginTicks;
            long end = Math.Min(_endTick, _tellsLock ? _nextAskTick : long.MaxValue - _session.Receive.MaxSamples);
            _pump.Permit(_cutter.Position, Math.Min(limit, end + _session.Receive.MaxSamples));
        }
    }

    private void PumpProgressed()
    {
        _writer?.TimePassed();
        _progress.Set();
    }

    private void WriterProgressed()
    {
        Permit();
        _progress.Set();
    }

    private void Told(TransmitEvent told)
    {
        _ledger.Book(told, Now());
        _progress.Set();
    }

    private long Now() => IsLockStep ? _session.Ring.Head : _deviceClock.Now;

    /// <summary>Looks whether the device is still there, and in real time asks now and then for time and lock.</summary>
    private async Task WatchAsync()
    {
        StreamingRadioOptions options = _session.Options;
        using var timer = new PeriodicTimer(Shorter(TimeSpan.FromSeconds(options.LockPollSeconds), WatchInterval), _session.TimeProvider);
        try
        {
            for (long asked = 0; !_stop.IsCancellationRequested; await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                bool isSilent = _pump.Silence > options.DeadAfter + WatchInterval;
                if (isSilent && !IsLockStep)
                {
                    // A thread that hangs in the driver cannot say so itself.
                    throw new RadioException(
                        RadioFaultCode.Dead, Schedule.RadioId, $"the receive stream hangs for {_pump.Silence.TotalSeconds:0.#} s.");
                }

                bool isTime = asked == 0 || _session.TimeProvider.GetElapsedTime(asked).TotalSeconds >= options.LockPollSeconds;
                if (IsLockStep ? isSilent : isTime)
                {
                    // In lock-step the others may hold the time as long as they like, but the device must still answer.
                    asked = _session.TimeProvider.GetTimestamp();
                    await AskAsync().ConfigureAwait(false);
                }

                // The reader's waiting has limits of its own.
                _progress.Set();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the run.
        }
        catch (RadioException exception)
        {
            Die(exception);
        }
    }

    /// <summary>
    /// In lock-step, asks for the lock at fixed distances of the device's time, which waits for the answer: so it does not depend on how fast the
    /// host is.
    /// </summary>
    private async ValueTask AskInLockStepAsync()
    {
        if (IsLockStep && _tellsLock && _session.Ring.Head >= _nextAskTick && !_stop.IsCancellationRequested)
        {
            try
            {
                await AskAsync().ConfigureAwait(false);
                lock (_permitLock)
                {
                    _nextAskTick = _session.Ring.Head + (long)(_session.Options.LockPollSeconds * _session.RateHz);
                }

                Permit();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The end of the run.
            }
            catch (RadioException exception)
            {
                Die(exception);
            }
        }
    }

    /// <summary>A device that refuses to tell its time in the middle of a run is gone, whatever words it has for it.</summary>
    private void Die(RadioException cause)
    {
        _death ??= cause.Code == RadioFaultCode.Dead
            ? cause
            : new RadioException(RadioFaultCode.Dead, Schedule.RadioId, $"the device has failed: {cause.InnerException?.Message ?? cause.Message}", cause);
        _progress.Set();
    }

    private async Task AskAsync()
    {
        long timestamp = _session.TimeProvider.GetTimestamp();
        (long tick, bool? isLocked) = await _session.Control.CallAsync(
            device => (device.ReadTick(), _tellsLock ? device.ReadReferenceLock() : null), "asking for time and lock", _stop.Token).ConfigureAwait(false);
        _deviceClock.Anchor(tick, timestamp);
        _tellsLock = isLocked is not null;
        if (isLocked is { } locked)
        {
            _lockRecord.Book(locked, tick);
        }
    }

    private async Task EndOnceAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _writer?.Stop();
        _listener?.Stop();
        _pump.Stop();
        long cut = _session.Ring.HasStarted ? Now() : Schedule.FirstTick;
        bool hasLeft = await LeavesAsync(_writer?.Ended ?? Task.CompletedTask).ConfigureAwait(false);

        // Also with a hanging write: the transmitter is silenced whatever happens.
        hasLeft &= await LeavesAsync(Task.Run(_session.SilenceTransmitter)).ConfigureAwait(false);
        _ledger.Abort(cut);
        hasLeft &= await LeavesAsync(Task.WhenAll(_pump.Ended, _listener?.Ended ?? Task.CompletedTask, _watching)).ConfigureAwait(false);
        hasLeft = hasLeft && await LeavesAsync(Task.Run(_session.Receive.Deactivate)).ConfigureAwait(false);
        if (hasLeft)
        {
            _pump.Dispose();
            _writer?.Dispose();
            _listener?.Dispose();
        }
        else
        {
            _session.GiveUp();
        }
    }

    /// <summary>Whether a thread comes out of the driver in time; a native call that hangs cannot be ended.</summary>
    private async Task<bool> LeavesAsync(Task ended)
    {
        try
        {
            await ended.WaitAsync(LeaveDriverLimit, _session.TimeProvider).ConfigureAwait(false);
            return true;
        }
        catch (StreamingDeviceException exception)
        {
            _death ??= new RadioException(exception.Code, Schedule.RadioId, $"ending the transmission: {exception.Message}", exception);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
