using IsacTestbed.Core;

namespace IsacTestbed.Control.Chains;

/// <summary>One sensed frame: what it measured, and the map that is learned from.</summary>
/// <param name="Measurement">Sensing SNR and verdict.</param>
/// <param name="Beam">The beam in which the target stood: the label.</param>
/// <param name="Map">Range-angle map, angle cells x range cells, row-major, of root mean square one.</param>
public sealed record EchoFrame(SensingMeasurement Measurement, int Beam, float[] Map);
