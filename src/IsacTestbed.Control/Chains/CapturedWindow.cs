using IsacTestbed.Core;

namespace IsacTestbed.Control.Chains;

/// <summary>A whole receive window, put together from its blocks, channel by channel.</summary>
/// <remarks>
/// Blocks are copied to where their ticks say. What is missing stays zero and makes the window unfit. One instance serves a radio's windows
/// one after the other, since a radio's windows neither overlap nor interleave. Not thread safe.
/// </remarks>
public sealed class CapturedWindow
{
    private readonly float[][] _real;
    private readonly float[][] _imaginary;
    private RxWindow _window = new(0, 0, 0);
    private int _received;

    /// <summary>Room for the windows of one radio.</summary>
    /// <param name="channels">Receive channels of the radio.</param>
    /// <param name="maxSamples">Samples per channel of its longest window.</param>
    public CapturedWindow(int channels, int maxSamples)
    {
        _real = [.. Enumerable.Range(0, channels).Select(_ => new float[maxSamples])];
        _imaginary = [.. Enumerable.Range(0, channels).Select(_ => new float[maxSamples])];
    }

    /// <summary>Window of the schedule.</summary>
    public int WindowId => _window.WindowId;

    /// <summary>Samples per channel.</summary>
    public int SampleCount => _window.SampleCount;

    /// <summary>Number of channels.</summary>
    public int ChannelCount => _real.Length;

    /// <summary>All degradations of all blocks.</summary>
    public CaptureFlags Flags { get; private set; }

    /// <summary>Whether samples were lost or never came.</summary>
    public bool HasGap { get; private set; }

    /// <summary>In-phase samples of a channel.</summary>
    public ReadOnlySpan<float> Real(int channel) => _real[channel].AsSpan(0, SampleCount);

    /// <summary>Quadrature samples of a channel.</summary>
    public ReadOnlySpan<float> Imaginary(int channel) => _imaginary[channel].AsSpan(0, SampleCount);

    /// <summary>Begins another window.</summary>
    public void Begin(RxWindow window)
    {
        _window = window;
        _received = 0;
        Flags = CaptureFlags.None;
        HasGap = true;
        for (int channel = 0; channel < ChannelCount; channel++)
        {
            _real[channel].AsSpan(0, window.SampleCount).Clear();
            _imaginary[channel].AsSpan(0, window.SampleCount).Clear();
        }
    }

    /// <summary>Copies a block in; the caller keeps the block.</summary>
    /// <exception cref="ArgumentException">The block does not lie within this window or has another number of channels.</exception>
    public void Add(CaptureBlock block)
    {
        long offset = block.FirstTick - _window.StartTick;
        if (block.WindowId != WindowId || offset < 0 || offset + block.SampleCount > SampleCount || block.ChannelCount != ChannelCount)
        {
            throw new ArgumentException(
                $"Radio {block.RadioId}: a block of {block.ChannelCount} x {block.SampleCount} samples of window {block.WindowId} at tick {block.FirstTick}"
                + $" does not fit window {WindowId} of {ChannelCount} x {SampleCount} at {_window.StartTick}.");
        }

        for (int channel = 0; channel < ChannelCount; channel++)
        {
            block.Real(channel).CopyTo(_real[channel].AsSpan((int)offset));
            block.Imaginary(channel).CopyTo(_imaginary[channel].AsSpan((int)offset));
        }

        Flags |= block.Flags;
        if (block.Gaps.Count == 0)
        {
            _received += block.SampleCount;
        }

        HasGap = _received < SampleCount;
    }

    /// <summary>What flags and gaps of the window, and the burst that it was to receive, make of a measurement on it.</summary>
    /// <param name="flags">Degradations of the window.</param>
    /// <param name="hasGap">Whether samples are missing.</param>
    /// <param name="burst">How the transmission ended; null when nothing was reported.</param>
    public static (Verdict Verdict, string Reason) Judge(CaptureFlags flags, bool hasGap, BurstOutcome? burst)
    {
        if ((flags & (CaptureFlags.Dead | CaptureFlags.AllZero)) != 0)
        {
            return (Verdict.Faulted, $"receiver: {flags}");
        }

        if (hasGap || flags != CaptureFlags.None)
        {
            return (Verdict.Inconclusive, $"receiver: {(flags == CaptureFlags.None ? "samples are missing" : flags)}");
        }

        return burst == BurstOutcome.Transmitted ? (Verdict.Valid, string.Empty) : (Verdict.Inconclusive, $"transmitter: {burst?.ToString() ?? "no report"}");
    }
}
