using IsacTestbed.Core;

namespace IsacTestbed.Control.Experiments;

/// <summary>What an experiment asks of the radios of a sidecar.</summary>
/// <param name="ScenarioHash">Fingerprint of the scenario's document; a sidecar that emulates another one is refused.</param>
/// <param name="Tuning">How all radios are tuned.</param>
/// <param name="Radios">The radios that it leases, with distinct ids.</param>
internal sealed record BenchRequest(string ScenarioHash, RadioSection Tuning, IReadOnlyList<BenchRadio> Radios);

/// <summary>One radio that an experiment leases.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TxChannels">Transmit channels that it must have; null for any number.</param>
/// <param name="RxChannels">Receive channels that it must have; null for any number.</param>
/// <param name="Waveforms">Waveforms that it stores before the first phase.</param>
internal sealed record BenchRadio(string Id, int? TxChannels, int? RxChannels, IReadOnlyList<Waveform> Waveforms);
