using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>Samples that go on the air as they arrive, on some channels of one radio: bursts whose waveforms come in pieces.</summary>
/// <remarks>
/// One writer. A burst that runs dry is over: the rest of a timed one is dropped, since it would leave at the wrong time; an untimed one starts
/// anew with the next samples. Everything is guarded by the lock of <see cref="AirStreams"/>; reports are made under it.
/// </remarks>
internal sealed class TxStream
{
    /// <summary>How far ahead an untimed burst starts on a paced clock, for its samples to arrive.</summary>
    private const double UntimedLeadSeconds = 0.05;

    private readonly AirStreams _streams;
    private readonly EmulatedRadio _radio;
    private readonly int _node;
    private readonly IReadOnlyList<System.Numerics.Complex>[] _weights;
    private readonly Action _takeIn;
    private readonly Action<TransmitReport> _report;
    private readonly StreamedSegment?[] _segments;
    private readonly Queue<Interval> _pending = new();
    private readonly List<BurstOnAir> _onAir = [];
    private long _start;
    private long _next;
    private long _lastEnd = long.MinValue;
    private long _pendingSamples;
    private bool _isOpen;
    private bool _isTimed;
    private bool _isDropping;

    /// <param name="streams">All streams.</param>
    /// <param name="radio">The radio.</param>
    /// <param name="node">Its node.</param>
    /// <param name="channels">Its channels on which the samples go out.</param>
    /// <param name="bufferSamples">Samples per channel that are taken ahead of the air.</param>
    /// <param name="takeIn">Takes in what the writer has sent so far; called without the lock.</param>
    /// <param name="report">Hears what became of the bursts; called under the lock.</param>
    public TxStream(
        AirStreams streams,
        EmulatedRadio radio,
        int node,
        IReadOnlyList<int> channels,
        long bufferSamples,
        Action takeIn,
        Action<TransmitReport> report)
    {
        _streams = streams;
        _radio = radio;
        _node = node;
        _weights = [.. channels.Select(c => Enumerable.Range(0, radio.Description.TxChannels)
            .Select(i => i == c ? System.Numerics.Complex.One : System.Numerics.Complex.Zero).ToArray())];
        BufferSamples = bufferSamples;
        _takeIn = takeIn;
        _report = report;
        _segments = new StreamedSegment?[channels.Count];
    }

    /// <summary>Samples per channel that are taken ahead of the air.</summary>
    public long BufferSamples { get; }

    /// <summary>Takes in what the writer has sent so far. Not under the lock.</summary>
    public void TakeIn() => _takeIn();

    /// <summary>Whether so many samples find room; under the lock.</summary>
    public bool HasRoom(int count)
    {
        long now = _streams.NowLocked, queued = _pendingSamples;
        if (_pending.TryPeek(out Interval first))
        {
            // Bursts follow each other: only the first can have left in part.
            queued -= Math.Clamp(now - first.Start, 0, first.End - first.Start);
        }

        queued += _isOpen ? Math.Max(0, _next - Math.Max(_start, now)) : 0;
        return queued == 0 || queued + count <= BufferSamples;
    }

    /// <summary>Where the next samples belong; under the lock.</summary>
    /// <param name="tick">Tick of the first of them; null when they follow those before, or start at once.</param>
    /// <returns>Whether they are wanted; otherwise they are dropped.</returns>
    public bool Begin(long? tick)
    {
        long now = _streams.NowLocked;
        PassTo(now);
        if (tick is { } at && !(_isOpen && at == _next))
        {
            Close();
            _isDropping = false;
            if (at < now || at < _lastEnd || (!_radio.Faults.IsEmpty && _radio.Faults.TakeLateCommand(at)))
            {
                _isDropping = true;
                _report(new TransmitReport(TransmitReportKind.Late, at));
                return false;
            }

            Open(at, isTimed: true);
        }
        else if (!_isOpen && !_isDropping)
        {
            long lead = _streams.IsLockStep ? 0 : (long)(UntimedLeadSeconds * _streams.Air.Scene.SampleRateHz);
            Open(Math.Max(now + lead, _lastEnd), isTimed: false);
        }

        return !_isDropping;
    }

    /// <summary>Room for samples of all channels; under the lock.</summary>
    /// <param name="wanted">Samples per channel.</param>
    /// <returns>How many go into the segment at hand, at least one.</returns>
    public int Reserve(int wanted)
    {
        if (_segments[0] is null || _segments[0]!.Count == StreamedSegment.Capacity)
        {
            StartSegments();
        }

        int count = 0;
        foreach (StreamedSegment? segment in _segments)
        {
            count = segment!.Reserve(wanted);
        }

        return count;
    }

    /// <summary>Where the reserved samples of a channel go.</summary>
    public StreamedSegment Segment(int channel) => _segments[channel]!;

    /// <summary>The reserved samples are there; under the lock.</summary>
    public void Publish(int count)
    {
        foreach (StreamedSegment? segment in _segments)
        {
            segment!.Publish(count);
        }

        _next += count;
    }

    /// <summary>The burst ends here; under the lock.</summary>
    public void EndBurst()
    {
        Close();
        _isDropping = false;
    }

    /// <summary>Mutes: what has not left by now does not leave any more; under the lock.</summary>
    public void Mute()
    {
        long now = _streams.NowLocked;
        foreach (BurstOnAir burst in _onAir)
        {
            burst.Cut(now, BurstOutcome.Aborted);
        }

        Abandon();
    }

    /// <summary>Forgets all bursts, as after the time was set; under the lock.</summary>
    public void Abandon()
    {
        _isOpen = _isDropping = false;
        _lastEnd = long.MinValue;
        _pending.Clear();
        _pendingSamples = 0;
        _onAir.Clear();
        Array.Clear(_segments);
    }

    /// <summary>Time passes; under the lock.</summary>
    public void PassTo(long horizon)
    {
        while (_pending.TryPeek(out Interval burst) && Leaves(burst, horizon))
        {
            Dequeue();
        }

        StrikeFaults(horizon);
        if (_isOpen && _next < horizon)
        {
            RunDry(_next);
        }

        if (_onAir.Count > 0 && _onAir[0].EndTick < horizon)
        {
            _onAir.RemoveAll(b => b.EndTick < horizon);
        }
    }

    /// <summary>Whether a burst that was written to its end is over by a time, and how.</summary>
    private bool Leaves(Interval burst, long horizon)
    {
        if (!_radio.Faults.IsEmpty && _radio.Faults.TakeUnderflow(burst.Start, Math.Min(horizon, burst.End)) is { } within)
        {
            CutFrom(within, BurstOutcome.Underflow, burst.End);
            _report(new TransmitReport(TransmitReportKind.Underflow, within));
            return true;
        }

        if (burst.End <= horizon)
        {
            _report(new TransmitReport(TransmitReportKind.Completed, burst.End));
            return true;
        }

        return false;
    }

    /// <summary>Lets faults strike the burst that is being written, and the radio as a whole.</summary>
    private void StrikeFaults(long horizon)
    {
        if (_onAir.Count == 0 || _radio.Faults.IsEmpty)
        {
            return;
        }

        if (_isOpen && _radio.Faults.TakeUnderflow(_start, Math.Min(horizon, _next)) is { } tick)
        {
            CutFrom(tick, BurstOutcome.Underflow, long.MaxValue);
            RunDry(tick);
            _isDropping = true;
        }

        if (_radio.Faults.DeadTick < horizon)
        {
            CutFrom(_radio.Faults.DeadTick, BurstOutcome.Aborted, long.MaxValue);
        }
    }

    /// <summary>Cuts what starts before some tick.</summary>
    private void CutFrom(long tick, BurstOutcome outcome, long startsBefore)
    {
        foreach (BurstOnAir burst in _onAir)
        {
            if (burst.Burst.StartTick < startsBefore)
            {
                burst.Cut(tick, outcome);
            }
        }
    }

    private void RunDry(long tick)
    {
        _isDropping = _isTimed;
        _isOpen = false;
        _lastEnd = tick;
        Array.Clear(_segments);
        _report(new TransmitReport(TransmitReportKind.Underflow, tick));
    }

    private void Open(long tick, bool isTimed)
    {
        _isOpen = true;
        _isTimed = isTimed;
        _start = _next = tick;
        Array.Clear(_segments);
    }

    private void Close()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _lastEnd = _next;
            _pending.Enqueue(new Interval(_start, _next));
            _pendingSamples += _next - _start;
            Array.Clear(_segments);
        }
    }

    private void Dequeue()
    {
        Interval gone = _pending.Dequeue();
        _pendingSamples -= gone.End - gone.Start;
    }

    private void StartSegments()
    {
        var bursts = new BurstOnAir[_segments.Length];
        for (int c = 0; c < bursts.Length; c++)
        {
            _segments[c] = new StreamedSegment(_streams.Pool, startsFull: _next > _start);
            var burst = new TxBurst(_streams.NextBurstId(), _next, "stream", 1, StreamedSegment.Capacity, 1, _weights[c]);
            bursts[c] = new BurstOnAir(
                _node, burst, [new LayerOnAir(null, _segments[c], _weights[c])], Math.Sqrt(_streams.Air.Scene.Nodes[_node].FullScalePowerWatts))
            {
                // A stream needs no start: what arrives is sent.
                IsStarted = true,
            };
        }

        _onAir.AddRange(bursts);
        _streams.Air.Add(bursts);
    }

    private readonly record struct Interval(long Start, long End);
}
