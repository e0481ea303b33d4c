using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>The last samples that were received, located by their ticks; lost ones are known and never stitched over.</summary>
/// <remarks>
/// One writer and one reader, which copy at the same time: the writer announces what it is about to overwrite, and the reader looks after its
/// copy which part of it was overwritten meanwhile. Split-complex, all channels. Nothing is allocated after construction.
/// </remarks>
internal sealed class SampleRing
{
    private const int MarkCapacity = 256;

    private readonly Lock _lock = new();
    private readonly float[][] _real;
    private readonly float[][] _imaginary;
    private readonly long _mask;
    private readonly Mark[] _marks = new Mark[MarkCapacity];
    private int _firstMark;
    private int _markCount;
    private bool _hasStarted;
    private long _start;
    private long _head;
    private long _reserved;

    /// <summary>Allocates a ring of at least a number of samples per channel.</summary>
    public SampleRing(int channelCount, int leastCapacity)
    {
        Capacity = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)leastCapacity);
        _mask = Capacity - 1;
        _real = [.. Enumerable.Range(0, channelCount).Select(_ => new float[Capacity])];
        _imaginary = [.. Enumerable.Range(0, channelCount).Select(_ => new float[Capacity])];
    }

    /// <summary>Samples per channel that it holds.</summary>
    public int Capacity { get; }

    /// <summary>Number of channels.</summary>
    public int ChannelCount => _real.Length;

    /// <summary>Whether any sample has come.</summary>
    public bool HasStarted
    {
        get
        {
            lock (_lock)
            {
                return _hasStarted;
            }
        }
    }

    /// <summary>One past the tick of the last sample; before the first one, the tick at which it is expected.</summary>
    public long Head
    {
        get
        {
            lock (_lock)
            {
                return _head;
            }
        }
    }

    /// <summary>The oldest tick that can still be read.</summary>
    public long Tail
    {
        get
        {
            lock (_lock)
            {
                return OldestTick;
            }
        }
    }

    /// <summary>Why samples are lost that can be read no more: they came before the first one, or were overwritten.</summary>
    /// <param name="first">Tick of the first lost sample.</param>
    /// <param name="end">One past the last.</param>
    public CaptureFlags LossFlags(long first, long end)
    {
        lock (_lock)
        {
            return (first < _start ? CaptureFlags.Late : CaptureFlags.None) | (end > _start ? CaptureFlags.Overflow : CaptureFlags.None);
        }
    }

    private long OldestTick => Math.Max(_start, _reserved - Capacity);

    /// <summary>Forgets all samples.</summary>
    /// <param name="expectedTick">About where the first sample will lie.</param>
    public void Reset(long expectedTick)
    {
        lock (_lock)
        {
            _hasStarted = false;
            _start = _head = _reserved = expectedTick;
            _markCount = 0;
        }
    }

    /// <summary>Says at which tick the first sample lies.</summary>
    public void Start(long tick)
    {
        lock (_lock)
        {
            _start = _head = _reserved = tick;
            _hasStarted = true;
        }
    }

    /// <summary>Appends samples behind the head.</summary>
    /// <param name="samples">Interleaved samples of all channels.</param>
    /// <param name="offset">First sample to take.</param>
    /// <param name="count">Samples per channel, at most the ring's capacity.</param>
    /// <param name="scale">Factor that makes them relative to full scale.</param>
    public void Append(StreamBuffer samples, int offset, int count, float scale)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity);
        long first;
        lock (_lock)
        {
            first = _head;
            _reserved = first + count;
        }

        int at = (int)(first & _mask), before = Math.Min(count, Capacity - at);
        for (int c = 0; c < ChannelCount; c++)
        {
            Split(samples, c, offset, scale, _real[c].AsSpan(at, before), _imaginary[c].AsSpan(at, before));
            Split(samples, c, offset + before, scale, _real[c].AsSpan(0, count - before), _imaginary[c].AsSpan(0, count - before));
        }

        lock (_lock)
        {
            _head = first + count;
        }
    }

    /// <summary>Moves the head over samples that were lost.</summary>
    public void Lose(long count)
    {
        lock (_lock)
        {
            AddMark(new Mark(_head, _head + count, CaptureFlags.Overflow, IsGap: true));
            _head += count;
            _reserved = _head;
        }
    }

    /// <summary>Flags the place of the next sample: something is wrong there, though no sample is known to be missing.</summary>
    public void FlagHead(CaptureFlags flags)
    {
        lock (_lock)
        {
            AddMark(new Mark(_head, _head + 1, flags, IsGap: false));
        }
    }

    /// <summary>Fills a block with the samples of its ticks, which lie below the head; lost ones are zero.</summary>
    /// <param name="block">The block; its flags are added to.</param>
    /// <param name="gaps">Receives what is lost of the block, in order.</param>
    public void Copy(CaptureBlock block, List<CaptureGap> gaps)
    {
        for (int c = 0; c < ChannelCount; c++)
        {
            CopyChannel(_real[c], block.FirstTick, block.Real(c));
            CopyChannel(_imaginary[c], block.FirstTick, block.Imaginary(c));
        }

        long first = block.FirstTick, end = first + block.SampleCount;
        lock (_lock)
        {
            long oldest = Math.Clamp(OldestTick, first, end);
            if (oldest > first)
            {
                block.AddFlags(first < _start ? CaptureFlags.Late : CaptureFlags.None);
                block.AddFlags(oldest > _start ? CaptureFlags.Overflow : CaptureFlags.None);
                gaps.Add(new CaptureGap(first, oldest - first));
            }

            for (int i = 0; i < _markCount; i++)
            {
                Mark mark = _marks[(_firstMark + i) % MarkCapacity];
                long from = Math.Max(mark.First, oldest), to = Math.Min(mark.End, end);
                if (from < to)
                {
                    block.AddFlags(mark.Flags);
                    if (mark.IsGap)
                    {
                        gaps.Add(new CaptureGap(from, to - from));
                    }
                }
            }
        }

        foreach (CaptureGap gap in gaps)
        {
            int from = (int)(gap.FirstTick - first), count = (int)gap.SampleCount;
            for (int c = 0; c < ChannelCount; c++)
            {
                block.Real(c).Slice(from, count).Clear();
                block.Imaginary(c).Slice(from, count).Clear();
            }
        }
    }

    private void CopyChannel(float[] ring, long first, Span<float> destination)
    {
        int at = (int)(first & _mask), before = Math.Min(destination.Length, Capacity - at);
        ring.AsSpan(at, before).CopyTo(destination);
        ring.AsSpan(0, destination.Length - before).CopyTo(destination[before..]);
    }

    private static void Split(StreamBuffer samples, int channel, int offset, float scale, Span<float> real, Span<float> imaginary)
    {
        if (samples.Format == SampleFormat.ComplexFloat32)
        {
            SampleLayout.Split(samples.Floats(channel).Slice(2 * offset, 2 * real.Length), scale, real, imaginary);
        }
        else
        {
            SampleLayout.Split(samples.Integers(channel).Slice(2 * offset, 2 * real.Length), scale, real, imaginary);
        }
    }

    /// <summary>Adds a mark; forgets those that no reader can reach, and widens the last one rather than forget any other. Under the lock.</summary>
    private void AddMark(Mark mark)
    {
        while (_markCount > 0 && _marks[_firstMark].End <= OldestTick)
        {
            _firstMark = (_firstMark + 1) % MarkCapacity;
            _markCount--;
        }

        if (_markCount == MarkCapacity)
        {
            ref Mark last = ref _marks[(_firstMark + _markCount - 1) % MarkCapacity];
            last = new Mark(last.First, Math.Max(last.End, mark.End), last.Flags | mark.Flags, last.IsGap || mark.IsGap);
            return;
        }

        _marks[(_firstMark + _markCount) % MarkCapacity] = mark;
        _markCount++;
    }

    private readonly record struct Mark(long First, long End, CaptureFlags Flags, bool IsGap);
}
