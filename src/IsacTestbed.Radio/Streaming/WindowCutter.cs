using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>Cuts the blocks of a schedule's receive windows from the ring, and finds what they suffered.</summary>
/// <remarks>Used by the reader alone, but for <see cref="Position"/>.</remarks>
internal sealed class WindowCutter
{
    /// <summary>Shorter runs of zeros come from a live receiver too: its noise is often less than half a step of the converter.</summary>
    private const int LeastZeros = 64;

    private readonly StreamingSession _session;
    private readonly BurstSchedule _schedule;
    private readonly LockRecord _lockRecord;
    private readonly int _blockSamples;
    private int _window;
    private long _position;
    private long? _lostFrom;

    /// <summary>Starts at the first window.</summary>
    public WindowCutter(StreamingSession session, BurstSchedule schedule, LockRecord lockRecord)
    {
        _session = session;
        _schedule = schedule;
        _lockRecord = lockRecord;
        _blockSamples = Math.Max(1, session.Options.MaxBlockSamples / session.Description.RxChannels);
        _position = schedule.Windows.Count > 0 ? schedule.Windows[0].StartTick : long.MaxValue;
    }

    /// <summary>First tick of the next block; <see cref="long.MaxValue"/> behind the last window.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>One past the last tick of the next block.</summary>
    public long NextEnd => Math.Min(_position + _blockSamples, Window.EndTick);

    private RxWindow Window => _schedule.Windows[_window];

    /// <summary>Passes over whole blocks that can be read no more; the next block names them as a gap.</summary>
    public void SkipLost()
    {
        if (_position == long.MaxValue || !_session.Ring.HasStarted || _session.Ring.Tail < NextEnd)
        {
            return;
        }

        long target = Math.Min(_session.Ring.Tail, Window.EndTick - Math.Min(_blockSamples, Window.EndTick - _position));
        if (target > _position)
        {
            _lostFrom ??= _position;
            Interlocked.Exchange(ref _position, target);
        }
    }

    /// <summary>The next block; its samples have all been received, or are known to be lost.</summary>
    public CaptureBlock Cut()
    {
        List<CaptureGap> gaps = [];
        CaptureBlock block = NewBlock((int)(NextEnd - _position), gaps);
        _session.Ring.Copy(block, gaps);
        long present = block.SampleCount - gaps.Sum(g => g.SampleCount);
        if (_lostFrom is { } lostFrom)
        {
            block.AddFlags(_session.Ring.LossFlags(lostFrom, _position));
            gaps.Insert(0, new CaptureGap(lostFrom, _position - lostFrom));
        }

        block.AddFlags(_lockRecord.WasMissing(block.FirstTick, block.FirstTick + block.SampleCount) ? CaptureFlags.Unlocked : CaptureFlags.None);
        FlagLevels(block, present);
        MoveTo(block.FirstTick + block.SampleCount);
        return block;
    }

    /// <summary>The end of the window that a dead radio leaves open: no signal, all lost; null when no window is left.</summary>
    public CaptureBlock? CutDead()
    {
        if (_position == long.MaxValue)
        {
            return null;
        }

        RxWindow window = Window;
        long lostFrom = _lostFrom ?? _position;
        int count = (int)Math.Min(_blockSamples, window.EndTick - _position);
        Interlocked.Exchange(ref _position, window.EndTick - count);
        CaptureBlock block = NewBlock(count, [new CaptureGap(lostFrom, window.EndTick - lostFrom)]);
        block.AddFlags(CaptureFlags.Dead);
        for (int c = 0; c < block.ChannelCount; c++)
        {
            block.Real(c).Clear();
            block.Imaginary(c).Clear();
        }

        MoveTo(window.EndTick);
        return block;
    }

    private CaptureBlock NewBlock(int count, List<CaptureGap> gaps) => new(
        _schedule.RadioId,
        Window.WindowId,
        _position,
        _session.RateHz,
        _session.Description.RxChannels,
        count,
        CaptureFlags.None,
        gaps,
        isLast: _position + count == Window.EndTick);

    private void FlagLevels(CaptureBlock block, long present)
    {
        for (int c = 0; c < block.ChannelCount; c++)
        {
            float peak = MathF.Max(SampleLayout.Peak(block.Real(c)), SampleLayout.Peak(block.Imaginary(c)));
            block.AddFlags(peak >= _session.Receive.ClipLevel ? CaptureFlags.Clipped : CaptureFlags.None);
            block.AddFlags(peak == 0 && present >= LeastZeros ? CaptureFlags.AllZero : CaptureFlags.None);
        }
    }

    private void MoveTo(long tick)
    {
        _lostFrom = null;
        if (tick == Window.EndTick)
        {
            _window++;
            tick = _window < _schedule.Windows.Count ? Window.StartTick : long.MaxValue;
        }

        Interlocked.Exchange(ref _position, tick);
    }
}
