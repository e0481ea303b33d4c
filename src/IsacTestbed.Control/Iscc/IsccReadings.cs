using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Iscc;

/// <summary>A measurement with its verdict.</summary>
/// <param name="Value">What was measured; null unless valid.</param>
/// <param name="Verdict">Whether it may be used.</param>
/// <param name="Reason">Why not; empty otherwise.</param>
internal sealed record Judged<T>(T? Value, Verdict Verdict, string Reason)
    where T : class
{
    /// <summary>A valid measurement.</summary>
    public static Judged<T> Valid(T value) => new(value, Verdict.Valid, string.Empty);

    /// <summary>Verdict and reason.</summary>
    public (Verdict Verdict, string Reason) Judgement => (Verdict, Reason);
}

/// <summary>How one user's upload went.</summary>
/// <param name="Ticks">From its first sample to the end of the last decoded packet; counted where the whole message arrived.</param>
/// <param name="PacketsSent">Packets sent, retransmissions included.</param>
/// <param name="ArrivedBits">Bits of the message that arrived.</param>
/// <param name="IsWhole">Whether all of it did.</param>
/// <param name="RadiatedJoules">Energy of all bursts that carried it, of both beams.</param>
internal sealed record UploadReading(long Ticks, int PacketsSent, long ArrivedBits, bool IsWhole, double RadiatedJoules);

/// <summary>What one round measured. One entry per user.</summary>
/// <param name="Communication">SINR of the user's data at the access point; null for a user that offloads nothing.</param>
/// <param name="Sensing">SINR of the user's sensing stream in what really arrives at its echo receiver.</param>
/// <param name="Echoes">
/// By receiving user and by the user whose echo combiner is used: every stream by itself; null where the two have bands of their own.
/// </param>
/// <param name="Uploads">The uploads; null for a user that offloads nothing.</param>
/// <param name="Streams">By receiving user, which user sent each of the separated streams, and whether it is data.</param>
internal sealed record IsccReadings(
    IReadOnlyList<Judged<StreamReading>?> Communication,
    IReadOnlyList<Judged<StreamReading>> Sensing,
    Judged<SeparatedStreams>?[,] Echoes,
    IReadOnlyList<Judged<UploadReading>?> Uploads,
    IReadOnlyList<IReadOnlyList<(int User, bool IsData)>> Streams);
