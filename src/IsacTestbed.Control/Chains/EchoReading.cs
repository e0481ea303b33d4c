using IsacTestbed.Core;

namespace IsacTestbed.Control.Chains;

/// <summary>What the echo chain reads from one captured window, before it is judged.</summary>
/// <param name="SensingSnr">Sensing SNR per array element behind the accumulation, linear, unbiased.</param>
/// <param name="Map">Range-angle map, angle cells x range cells, row-major, of root mean square one.</param>
/// <param name="Flags">Degradations of the window.</param>
/// <param name="HasGap">Whether samples are missing.</param>
public sealed record EchoReading(double SensingSnr, float[] Map, CaptureFlags Flags, bool HasGap);
