using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Ether;

/// <summary>The signal of one layer of a burst: a stored waveform, or a stream's segment whose samples may still arrive.</summary>
/// <param name="Waveform">The waveform; null for a stream.</param>
/// <param name="Segment">The segment; null for a waveform. Its burst has one repetition, no shorter than a segment.</param>
/// <param name="Weights">One weight per transmit channel.</param>
internal sealed record LayerOnAir(Waveform? Waveform, StreamedSegment? Segment, IReadOnlyList<Complex> Weights)
{
    /// <summary>Length of the waveform, or how much of the stream has arrived.</summary>
    public int Length => Segment?.Count ?? Waveform!.Length;

    /// <summary>The layers of a burst of stored waveforms.</summary>
    public static LayerOnAir[] Of(BurstSignal signal) =>
        [.. signal.Burst.Layers.Select((layer, l) => new LayerOnAir(signal.Waveforms[l], null, layer.Weights))];
}
