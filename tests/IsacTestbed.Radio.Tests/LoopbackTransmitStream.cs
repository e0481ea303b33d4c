namespace IsacTestbed.Radio.Tests;

/// <summary>The transmitter of <see cref="LoopbackDevice"/>: takes timed bursts, and tells when one is late, runs dry or has left.</summary>
internal sealed class LoopbackTransmitStream(LoopbackDevice device) : ITransmitStream
{
    private readonly Lock _lock = new();
    private readonly List<Chunk> _air = [];
    private readonly Queue<TransmitEvent> _events = new();
    private readonly List<long> _ends = [];
    private int _timedWrites;
    private bool _isOpen;
    private bool _isDropping;
    private long _next;

    public SampleFormat Format => device.Format;

    public float FullScale => Format == SampleFormat.ComplexFloat32 ? 1 : 32767;

    public int MaxSamples => 2048;

    public bool IsActive { get; private set; }

    /// <summary>Timed parts written so far.</summary>
    public int TimedWrites => _timedWrites;

    /// <summary>Writes that each timed part took, and samples in them.</summary>
    public List<long> PartStarts { get; } = [];

    public void Activate() => IsActive = true;

    public void Deactivate()
    {
        lock (_lock)
        {
            IsActive = false;
            long now = device.Now;
            _air.RemoveAll(c => c.First >= now);
            for (int i = 0; i < _air.Count; i++)
            {
                _air[i] = _air[i].Before(now);
            }

            _isOpen = false;
            _ends.Clear();
            _events.Clear();
        }
    }

    public TransmitResult Write(StreamBuffer buffer, int offset, int count, long? startTick, bool endOfBurst, int timeLimitMicroseconds)
    {
        if (device.Script.RefusesWrites)
        {
            device.Script.Release.Wait(timeLimitMicroseconds / 1000);
            return new TransmitResult(TransmitStatus.TimedOut, 0);
        }

        lock (_lock)
        {
            if (!IsActive)
            {
                return new TransmitResult(TransmitStatus.Failed, 0);
            }

            long now = device.Now;
            if (startTick is { } start)
            {
                PartStarts.Add(start);
                bool isLate = start < now || device.Script.LateWrites.ContainsKey(_timedWrites);
                _timedWrites++;
                _isOpen = true;
                _isDropping = isLate;
                _next = start;
                if (isLate)
                {
                    _events.Enqueue(new TransmitEvent(TransmitEventKind.Late, now));
                }
            }

            // A driver takes at times less than it is given.
            int taken = Math.Min(count, 1500);
            if (_isOpen && !_isDropping && (_next < now || _next + taken > device.Script.DryTick))
            {
                _isDropping = true;
                long dry = _next < now ? _next : Math.Max(_next, device.Script.DryTick);
                Keep(buffer, offset, (int)Math.Clamp(dry - _next, 0, taken));
                _events.Enqueue(new TransmitEvent(TransmitEventKind.Underflow, dry));
                device.Script.DryTick = long.MaxValue;
            }

            if (_isOpen && !_isDropping)
            {
                Keep(buffer, offset, taken);
            }

            _next += taken;
            if (endOfBurst && taken == count)
            {
                if (_isOpen && !_isDropping)
                {
                    _ends.Add(_next);
                }

                _isOpen = false;
            }

            return new TransmitResult(TransmitStatus.Accepted, taken);
        }
    }

    public TransmitEvent ReadEvent(int timeLimitMicroseconds)
    {
        lock (_lock)
        {
            if (_events.TryDequeue(out TransmitEvent told))
            {
                return told;
            }

            int ended = device.Description.AcknowledgesBursts ? _ends.FindIndex(e => e <= device.Now) : -1;
            if (ended >= 0)
            {
                told = new TransmitEvent(TransmitEventKind.BurstEnded, _ends[ended]);
                _ends.RemoveAt(ended);
                return told;
            }
        }

        return default;
    }

    public void Dispose() => IsActive = false;

    /// <summary>Forgets everything that was sent.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _air.Clear();
        }
    }

    /// <summary>Adds what is on the air to received samples.</summary>
    public void AddTo(long first, Span<float> real, Span<float> imaginary)
    {
        lock (_lock)
        {
            _air.RemoveAll(c => c.End < first - 100_000);
            foreach (Chunk chunk in _air)
            {
                long from = Math.Max(first, chunk.First), to = Math.Min(first + real.Length, chunk.End);
                for (long tick = from; tick < to; tick++)
                {
                    real[(int)(tick - first)] += chunk.Real[tick - chunk.First];
                    imaginary[(int)(tick - first)] += chunk.Imaginary[tick - chunk.First];
                }
            }
        }
    }

    private void Keep(StreamBuffer buffer, int offset, int count)
    {
        float[] real = new float[count], imaginary = new float[count];
        for (int i = 0; i < count; i++)
        {
            int at = 2 * (offset + i);
            real[i] = Format == SampleFormat.ComplexFloat32 ? buffer.Floats(0)[at] : buffer.Integers(0)[at] / FullScale;
            imaginary[i] = Format == SampleFormat.ComplexFloat32 ? buffer.Floats(0)[at + 1] : buffer.Integers(0)[at + 1] / FullScale;
        }

        _air.Add(new Chunk(_next, real, imaginary));
    }

    private sealed record Chunk(long First, float[] Real, float[] Imaginary)
    {
        public long End => First + Real.Length;

        public Chunk Before(long tick)
        {
            int kept = (int)Math.Clamp(tick - First, 0, Real.Length);
            return this with { Real = Real[..kept], Imaginary = Imaginary[..kept] };
        }
    }
}
