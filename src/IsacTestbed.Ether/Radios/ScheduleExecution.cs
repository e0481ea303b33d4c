using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Ether;

/// <summary>One schedule on its way through a radio: yields blocks and reports by tick. One reader; stopping is thread safe.</summary>
internal sealed class ScheduleExecution : IDisposable
{
    /// <summary>Blocks that a paced radio keeps for a slow reader before it loses samples.</summary>
    private const int BufferedBlocks = 32;

    private readonly EmulatedAir _air;
    private readonly EmulatedRadio _radio;
    private readonly ReceiverChain _receiver;
    private readonly FaultScript _faults;
    private readonly double _rxAmplitude;
    private readonly CancellationTokenSource _stop = new();
    private int _burst;
    private int _window;
    private long _position;
    private long _lostFrom = -1;
    private CaptureFlags _lostFlags;
    private bool _hasStarted;

    public ScheduleExecution(
        EmulatedAir air,
        EmulatedRadio radio,
        BurstSchedule schedule,
        BurstOnAir[] bursts,
        ReceiverChain receiver,
        FaultScript faults,
        double rxAmplitude)
    {
        _air = air;
        _radio = radio;
        Schedule = schedule;
        Bursts = bursts;
        _receiver = receiver;
        _faults = faults;
        _rxAmplitude = rxAmplitude;
        _position = schedule.Windows.Count > 0 ? schedule.Windows[0].StartTick : long.MaxValue;
    }

    public BurstSchedule Schedule { get; }

    public BurstOnAir[] Bursts { get; }

    /// <summary>The work that is going on now.</summary>
    public Task Rendering { get; private set; } = Task.CompletedTask;

    /// <summary>Starts: from now on the bursts are sent. On a paced clock what lies in the past is late.</summary>
    public void Begin()
    {
        long now = _air.Clock.Now;
        foreach (BurstOnAir burst in Bursts)
        {
            if (_air.Clock.Mode == AirClockMode.Paced && burst.Burst.StartTick < now)
            {
                burst.Cut(burst.Burst.StartTick, BurstOutcome.Late);
            }

            burst.IsStarted = true;
        }
    }

    /// <summary>Mutes: whatever has not left by now does not leave any more.</summary>
    public void Stop()
    {
        long now = _air.Clock.Now;
        foreach (BurstOnAir burst in Bursts)
        {
            burst.Cut(now, BurstOutcome.Aborted);
        }

        _stop.Cancel();
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>The next block or report; null at the end.</summary>
    /// <exception cref="RadioException">The radio died.</exception>
    public async ValueTask<RadioOutput?> NextAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        while (!_stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await StartSlowlyAsync(either.Token).ConfigureAwait(false);
                long reportTick = _burst < Bursts.Length ? Bursts[_burst].EndTick : long.MaxValue;
                if (_faults.DeadTick != long.MaxValue && Math.Min(reportTick, _position) >= _faults.DeadTick)
                {
                    await _air.Clock.WaitUntilAsync(_faults.DeadTick, either.Token).ConfigureAwait(false);
                    _air.Clock.Advance(_faults.DeadTick);
                    throw _radio.DeadException();
                }

                if (reportTick == long.MaxValue && _position == long.MaxValue)
                {
                    await _air.Clock.WaitUntilAsync(Schedule.EndTick, either.Token).ConfigureAwait(false);
                    _air.Clock.Advance(Schedule.EndTick);
                    return null;
                }

                if (reportTick <= _position)
                {
                    await _air.Clock.WaitUntilAsync(reportTick, either.Token).ConfigureAwait(false);
                    _air.Clock.Advance(reportTick);
                    return Report();
                }

                return await NextBlockAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The run was cancelled.", exception, cancellationToken);
            }
        }

        return _burst < Bursts.Length ? Report() : null;
    }

    private BurstReport Report()
    {
        BurstOnAir burst = Bursts[_burst++];
        return new BurstReport(Schedule.RadioId, burst.Burst.BurstId, burst.Outcome, burst.EndTick);
    }

    private async ValueTask StartSlowlyAsync(CancellationToken cancellationToken)
    {
        if (!_hasStarted)
        {
            _hasStarted = true;
            long ticks = _faults.SlowTicks;
            if (ticks > 0)
            {
                var delay = TimeSpan.FromSeconds(ticks / _air.Scene.SampleRateHz);
                await Task.Delay(delay, _air.Clock.TimeProvider, cancellationToken).ConfigureAwait(false);
            }

            if (_air.Clock.Mode == AirClockMode.Paced && _position < _air.Clock.Now)
            {
                _lostFlags = CaptureFlags.Late;
            }
        }
    }

    private async ValueTask<CaptureBlock> NextBlockAsync(CancellationToken cancellationToken)
    {
        RxWindow window = Schedule.Windows[_window];
        long end = BlockEnd(window);
        await _air.Clock.WaitUntilAsync(end, cancellationToken).ConfigureAwait(false);
        if (LoseOldSamples(window, _air.Clock.Now) && _position == window.EndTick)
        {
            // Nothing of the window is left: one block of zeros says so.
            return LostEnd(window);
        }

        end = BlockEnd(window);
        long first = _position;
        BurstTimeline bursts = _air.Bursts;
        if (_air.Clock.Mode == AirClockMode.Paced)
        {
            bursts = new BurstTimeline(bursts.All.Where(b => b.IsStarted));
        }

        Task<CaptureBlock> rendering = Task.Run(() => Render(window, first, (int)(end - first), bursts), CancellationToken.None);
        Rendering = rendering;
        CaptureBlock block = await rendering.ConfigureAwait(false);
        _lostFrom = -1;
        _lostFlags = CaptureFlags.None;
        _air.Clock.Advance(end);
        MoveTo(window, end);
        return block;
    }

    /// <summary>Where the next block ends: at the largest size, the window's end, or where a fault begins or ends to zero the samples.</summary>
    private long BlockEnd(RxWindow window)
    {
        long end = Math.Min(_position + _radio.Description.MaxBlockSamples, Math.Min(window.EndTick, _faults.DeadTick));
        foreach (TickInterval stuck in _faults.Intervals(InjectedFaultKind.Stuck))
        {
            end = stuck.First > _position ? Math.Min(end, stuck.First) : end;
            end = stuck.End > _position ? Math.Min(end, stuck.End) : end;
        }

        return end;
    }

    /// <summary>On a paced clock, gives up the samples that a slow reader has left too long.</summary>
    private bool LoseOldSamples(RxWindow window, long now)
    {
        long kept = now - ((long)BufferedBlocks * _radio.Description.MaxBlockSamples);
        long from = _lostFlags.HasFlag(CaptureFlags.Late) && _lostFrom < 0 ? now : kept;
        if (_air.Clock.Mode != AirClockMode.Paced || from <= _position)
        {
            return false;
        }

        _lostFrom = _lostFrom < 0 ? _position : _lostFrom;
        _lostFlags |= _lostFlags.HasFlag(CaptureFlags.Late) ? CaptureFlags.None : CaptureFlags.Overflow;
        _position = Math.Min(from, window.EndTick);
        return true;
    }

    private CaptureBlock LostEnd(RxWindow window)
    {
        int count = (int)Math.Min(window.EndTick - _lostFrom, _radio.Description.MaxBlockSamples);
        var block = new CaptureBlock(
            Schedule.RadioId,
            window.WindowId,
            window.EndTick - count,
            _air.Scene.SampleRateHz,
            _radio.Description.RxChannels,
            count,
            _lostFlags,
            [new CaptureGap(_lostFrom, window.EndTick - _lostFrom)],
            isLast: true);
        FaultScript.Silence(block, 0, count);
        _lostFrom = -1;
        _lostFlags = CaptureFlags.None;
        MoveTo(window, window.EndTick);
        return block;
    }

    private void MoveTo(RxWindow window, long tick)
    {
        _position = tick;
        if (tick >= window.EndTick)
        {
            _window++;
            _position = _window < Schedule.Windows.Count ? Schedule.Windows[_window].StartTick : long.MaxValue;
        }
    }

    private CaptureBlock Render(RxWindow window, long first, int count, BurstTimeline bursts)
    {
        long end = first + count;
        TickInterval[] overflows = [.. _faults.Intervals(InjectedFaultKind.Overflow).Where(i => i.Overlaps(first, end))];
        TickInterval[] unlocked = _faults.Intervals(InjectedFaultKind.LostReference);
        List<CaptureGap> gaps = _lostFrom >= 0 ? [new CaptureGap(_lostFrom, first - _lostFrom)] : [];
        CaptureFlags flags = _lostFlags;
        foreach (TickInterval overflow in overflows)
        {
            long gapStart = Math.Max(first, overflow.First);
            gaps.Add(new CaptureGap(gapStart, Math.Min(end, overflow.End) - gapStart));
            flags |= CaptureFlags.Overflow;
        }

        flags |= unlocked.Any(i => i.Overlaps(first, end)) ? CaptureFlags.Unlocked : CaptureFlags.None;
        var block = new CaptureBlock(
            Schedule.RadioId,
            window.WindowId,
            first,
            _air.Scene.SampleRateHz,
            _radio.Description.RxChannels,
            count,
            flags,
            gaps,
            isLast: end == window.EndTick);
        _receiver.Receive(block, window.StartTick, bursts, _rxAmplitude, unlocked);
        _faults.Distort(block, _radio.ClipLevel);
        foreach (TickInterval interval in overflows)
        {
            FaultScript.Silence(block, (int)Math.Max(0, interval.First - first), (int)(Math.Min(end, interval.End) - first));
        }

        return block;
    }
}
