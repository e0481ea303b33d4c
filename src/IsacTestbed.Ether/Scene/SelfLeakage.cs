namespace IsacTestbed.Ether;

/// <summary>Leakage of a node's transmitter into its own receiver through the shared antenna ports (circulators).</summary>
/// <remarks>Transmit channel n leaks into receive channel n; a receive channel without a transmit channel hears none.</remarks>
/// <param name="PowerGain">Linear power gain from a transmit port to the receive port; zero for none.</param>
/// <param name="DelaySamples">Delay in samples, may be fractional.</param>
public readonly record struct SelfLeakage(double PowerGain, double DelaySamples = 0);
