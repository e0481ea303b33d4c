using IsacTestbed.Core;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>What one target's echo comes to.</summary>
/// <param name="AsWritten">The SINR (8), each of its terms measured by itself.</param>
/// <param name="Discriminated">The same where the cell's other echoes pass the matched combiner only as far as (5) lets them.</param>
/// <param name="OnTheAir">What is of the cell's own streams behind the matched combiner, over all the rest of what arrives there.</param>
internal readonly record struct EchoReading(MeasuredRatio AsWritten, MeasuredRatio Discriminated, MeasuredRatio OnTheAir);

/// <summary>What one downlink measured.</summary>
/// <param name="Users">SINR of each user's stream, as [m][k].</param>
/// <param name="UserVerdicts">Whether each may be used, and why not.</param>
/// <param name="Targets">Echoes, as [m][j].</param>
/// <param name="StationVerdicts">Whether those of a base station may be used, as [m].</param>
internal sealed record DownlinkReadings(
    MeasuredRatio[][] Users, (Verdict Verdict, string Reason)[][] UserVerdicts, EchoReading[][] Targets, (Verdict Verdict, string Reason)[] StationVerdicts);
