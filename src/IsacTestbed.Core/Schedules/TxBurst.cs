using System.Numerics;

namespace IsacTestbed.Core;

/// <summary>
/// A timed transmission: a stored waveform, repeated at a fixed interval, on every channel with its own complex beam weight.
/// </summary>
/// <remarks>Channel c transmits Amplitude * Weights[c] * x(t - start - r * interval) for r = 0 .. repeats - 1.</remarks>
/// <param name="BurstId">Identifier, unique within the schedule.</param>
/// <param name="StartTick">Tick of the radio's clock at which the first sample leaves.</param>
/// <param name="WaveformId">Name of an uploaded waveform.</param>
/// <param name="Repeats">How often the waveform is sent, at least once.</param>
/// <param name="IntervalTicks">Ticks from one repetition's start to the next (pulse repetition interval); at least the waveform's length.</param>
/// <param name="Amplitude">Linear amplitude scale, 0 to 1 of full scale.</param>
/// <param name="Weights">One complex weight per transmit channel; |weight| at most 1.</param>
public sealed record TxBurst(
    int BurstId, long StartTick, string WaveformId, int Repeats, int IntervalTicks, double Amplitude, IReadOnlyList<Complex> Weights)
{
    /// <summary>One past the last tick of the last repetition interval.</summary>
    public long EndTick => StartTick + ((long)Repeats * IntervalTicks);
}
