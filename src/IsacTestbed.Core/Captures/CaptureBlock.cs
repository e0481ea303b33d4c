using System.Buffers;

namespace IsacTestbed.Core;

/// <summary>Degradations of a captured block. A block with any of them is not fit for a measurement.</summary>
[Flags]
public enum CaptureFlags
{
    /// <summary>A clean block.</summary>
    None = 0,

    /// <summary>Samples were lost in or right before this block; see the gaps.</summary>
    Overflow = 1,

    /// <summary>The receive command came after its start tick; the window starts late or is missing.</summary>
    Late = 2,

    /// <summary>A sample reached the converter's full scale.</summary>
    Clipped = 4,

    /// <summary>The reference clock or PPS was not locked during this block.</summary>
    Unlocked = 8,

    /// <summary>The radio stopped answering; the block holds no signal.</summary>
    Dead = 16,

    /// <summary>Every sample is exactly zero, which a live receiver never produces.</summary>
    AllZero = 32,
}

/// <summary>Samples that were lost within a block.</summary>
/// <param name="FirstTick">Tick of the first lost sample.</param>
/// <param name="SampleCount">How many samples were lost.</param>
public readonly record struct CaptureGap(long FirstTick, long SampleCount);

/// <summary>A run of captured samples on all channels of one radio, with the tick of its first sample, its flags and its gaps.</summary>
/// <remarks>
/// Split-complex, channel by channel. Lost samples are zero in the arrays and named in <see cref="Gaps"/>: nothing is ever stitched. The
/// arrays are rented: whoever receives the block disposes it, once, and uses no span of it afterwards. Not thread safe.
/// </remarks>
public sealed class CaptureBlock : RadioOutput, IDisposable
{
    private float[]? _samples;

    /// <summary>Rents the arrays of a block; the samples are not cleared.</summary>
    /// <param name="radioId">The radio.</param>
    /// <param name="windowId">The receive window of the schedule.</param>
    /// <param name="firstTick">Tick of the first sample.</param>
    /// <param name="sampleRateHz">Sample rate, positive.</param>
    /// <param name="channelCount">Number of channels, at least one.</param>
    /// <param name="sampleCount">Samples per channel, at least one.</param>
    /// <param name="flags">Degradations.</param>
    /// <param name="gaps">Lost samples; null means none.</param>
    /// <param name="isLast">Whether this block ends its window.</param>
    public CaptureBlock(
        string radioId,
        int windowId,
        long firstTick,
        double sampleRateHz,
        int channelCount,
        int sampleCount,
        CaptureFlags flags = CaptureFlags.None,
        IReadOnlyList<CaptureGap>? gaps = null,
        bool isLast = false)
        : base(radioId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRateHz);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channelCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleCount);
        WindowId = windowId;
        FirstTick = firstTick;
        SampleRateHz = sampleRateHz;
        ChannelCount = channelCount;
        SampleCount = sampleCount;
        Flags = flags;
        Gaps = gaps ?? [];
        IsLast = isLast;
        _samples = ArrayPool<float>.Shared.Rent(checked(2 * channelCount * sampleCount));
    }

    /// <summary>The receive window of the schedule.</summary>
    public int WindowId { get; }

    /// <summary>Tick of the first sample.</summary>
    public long FirstTick { get; }

    /// <summary>Sample rate in hertz.</summary>
    public double SampleRateHz { get; }

    /// <summary>Number of channels.</summary>
    public int ChannelCount { get; }

    /// <summary>Samples per channel.</summary>
    public int SampleCount { get; }

    /// <summary>Degradations.</summary>
    public CaptureFlags Flags { get; private set; }

    /// <summary>Lost samples, in order.</summary>
    public IReadOnlyList<CaptureGap> Gaps { get; }

    /// <summary>Whether this block ends its window.</summary>
    public bool IsLast { get; }

    /// <summary>In-phase samples of a channel.</summary>
    public Span<float> Real(int channel) => Part(channel, 0);

    /// <summary>Quadrature samples of a channel.</summary>
    public Span<float> Imaginary(int channel) => Part(channel, 1);

    /// <summary>Adds degradations found after the block was made, such as clipping.</summary>
    public void AddFlags(CaptureFlags flags) => Flags |= flags;

    /// <summary>Returns the arrays to their pool.</summary>
    public void Dispose()
    {
        float[]? samples = Interlocked.Exchange(ref _samples, null);
        if (samples is not null)
        {
            ArrayPool<float>.Shared.Return(samples);
        }
    }

    private Span<float> Part(int channel, int part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, ChannelCount);
        ObjectDisposedException.ThrowIf(_samples is null, this);
        return _samples.AsSpan(((2 * channel) + part) * SampleCount, SampleCount);
    }
}
