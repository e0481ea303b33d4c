using IsacTestbed.Core;

namespace IsacTestbed.Control.Chains;

/// <summary>A whole receive window, put together from its blocks, channel by channel.</summary>
/// <remarks>Blocks are copied to where their ticks say. What is missing stays zero and makes the window unfit. Not thread safe.</remarks>
public sealed class CapturedWindow
{
    private readonly long _firstTick;
    private readonly float[][] _real;
    private readonly float[][] _imaginary;
    private int _received;

    /// <summary>An empty window.</summary>
    /// <param name="window">What was ordered.</param>
    /// <param name="channels">Receive channels of the radio.</param>
    public CapturedWindow(RxWindow window, int channels)
    {
        _firstTick = window.StartTick;
        SampleCount = window.SampleCount;
        _real = [.. Enumerable.Range(0, channels).Select(_ => new float[window.SampleCount])];
        _imaginary = [.. Enumerable.Range(0, channels).Select(_ => new float[window.SampleCount])];
    }

    /// <summary>Samples per channel.</summary>
    public int SampleCount { get; }

    /// <summary>Number of channels.</summary>
    public int ChannelCount => _real.Length;

    /// <summary>All degradations of all blocks.</summary>
    public CaptureFlags Flags { get; private set; }

    /// <summary>Whether samples are missing, by a gap or because a block never came.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Whether every sample has come.</summary>
    public bool IsComplete => _received == SampleCount;

    /// <summary>In-phase samples of a channel.</summary>
    public ReadOnlySpan<float> Real(int channel) => _real[channel];

    /// <summary>Quadrature samples of a channel.</summary>
    public ReadOnlySpan<float> Imaginary(int channel) => _imaginary[channel];

    /// <summary>Copies a block in; the caller keeps the block.</summary>
    /// <exception cref="ArgumentException">The block does not lie within this window or has another number of channels.</exception>
    public void Add(CaptureBlock block)
    {
        long offset = block.FirstTick - _firstTick;
        if (offset < 0 || offset + block.SampleCount > SampleCount || block.ChannelCount != ChannelCount)
        {
            throw new ArgumentException(
                $"Radio {block.RadioId}: a block of {block.ChannelCount} x {block.SampleCount} samples at tick {block.FirstTick} does not fit window {block.WindowId}"
                + $" of {ChannelCount} x {SampleCount} at {_firstTick}.");
        }

        for (int channel = 0; channel < ChannelCount; channel++)
        {
            block.Real(channel).CopyTo(_real[channel].AsSpan((int)offset));
            block.Imaginary(channel).CopyTo(_imaginary[channel].AsSpan((int)offset));
        }

        _received += block.SampleCount;
        Flags |= block.Flags;
        HasGap |= block.Gaps.Count > 0;
    }

    /// <summary>What the flags and gaps, and the bursts that should have been heard, make of a measurement on this window.</summary>
    /// <param name="burst">How the transmission ended that the window was to receive; null when nothing was reported.</param>
    public (Verdict Verdict, string Reason) Judge(BurstOutcome? burst)
    {
        if ((Flags & (CaptureFlags.Dead | CaptureFlags.AllZero)) != 0)
        {
            return (Verdict.Faulted, $"receiver: {Flags}");
        }

        if (!IsComplete || HasGap || Flags != CaptureFlags.None)
        {
            return (Verdict.Inconclusive, $"receiver: {(Flags == CaptureFlags.None ? "samples are missing" : Flags)}");
        }

        return burst == BurstOutcome.Transmitted ? (Verdict.Valid, string.Empty) : (Verdict.Inconclusive, $"transmitter: {burst?.ToString() ?? "no report"}");
    }
}
