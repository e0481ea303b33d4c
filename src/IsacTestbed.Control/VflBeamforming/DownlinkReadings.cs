using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>What one user's stream comes to.</summary>
/// <param name="Stream">Its SINR with the interval that follows from the number of symbols.</param>
/// <param name="Sinr">The same with what each symbol contributes to its error.</param>
internal readonly record struct UserReading(StreamReading Stream, UncertainFigure Sinr);

/// <summary>What one target's echo comes to.</summary>
/// <param name="AsWritten">The SINR (8), each of its terms measured by itself.</param>
/// <param name="Discriminated">The same where the cell's other echoes pass the matched combiner only as far as (5) lets them.</param>
/// <param name="WithBackground">(8) where the cell's streams count as they arrive, also from what is no target of the cell.</param>
/// <param name="OnTheAir">What is of the cell's own streams behind the matched combiner, over all the rest of what arrives there.</param>
internal sealed record EchoReading(
    UncertainFigure AsWritten, UncertainFigure Discriminated, UncertainFigure WithBackground, UncertainFigure OnTheAir);

/// <summary>What one downlink measured.</summary>
/// <param name="Users">SINR of each user's stream, as [m][k].</param>
/// <param name="UserVerdicts">Whether each may be used, and why not.</param>
/// <param name="Targets">Echoes, as [m][j].</param>
/// <param name="StationVerdicts">Whether those of a base station may be used, as [m].</param>
internal sealed record DownlinkReadings(
    UserReading?[][] Users,
    (Verdict Verdict, string Reason)[][] UserVerdicts,
    EchoReading?[][] Targets,
    (Verdict Verdict, string Reason)[] StationVerdicts);
