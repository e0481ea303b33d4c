using System.Numerics;

namespace IsacTestbed.Core;

/// <summary>A timed transmission: the sum of layers, each a stored waveform with its own beam, repeated at a fixed interval.</summary>
/// <remarks>
/// Channel c transmits Amplitude * sum over layers of Weights[c] * x(t - start - r * interval) for r = 0 .. repeats - 1. Several layers are what a
/// multi-stream precoder needs: data and sensing signals that leave the array at once in different directions.
/// </remarks>
/// <param name="BurstId">Identifier, unique within the schedule.</param>
/// <param name="StartTick">Tick of the radio's clock at which the first sample leaves.</param>
/// <param name="Layers">What is sent, at least one layer; all with as many weights as the radio has transmit channels.</param>
/// <param name="Repeats">How often the waveforms are sent, at least once.</param>
/// <param name="IntervalTicks">Ticks from one repetition's start to the next (pulse repetition interval); at least the longest waveform's length.</param>
/// <param name="Amplitude">Linear amplitude scale, 0 to 1 of full scale.</param>
public sealed record TxBurst(int BurstId, long StartTick, IReadOnlyList<TxLayer> Layers, int Repeats, int IntervalTicks, double Amplitude)
{
    /// <summary>A burst of one layer.</summary>
    public TxBurst(int burstId, long startTick, string waveformId, int repeats, int intervalTicks, double amplitude, IReadOnlyList<Complex> weights)
        : this(burstId, startTick, [new TxLayer(waveformId, weights)], repeats, intervalTicks, amplitude)
    {
    }

    /// <summary>One past the last tick of the last repetition interval.</summary>
    public long EndTick => StartTick + ((long)Repeats * IntervalTicks);
}
