using System.Numerics;

namespace IsacTestbed.Core;

/// <summary>One of the signals of a burst: a stored waveform, sent on every channel with its own complex beam weight.</summary>
/// <param name="WaveformId">Name of an uploaded waveform.</param>
/// <param name="Weights">One complex weight per transmit channel; |weight| at most 1.</param>
public sealed record TxLayer(string WaveformId, IReadOnlyList<Complex> Weights);
