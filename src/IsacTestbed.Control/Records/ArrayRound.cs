namespace IsacTestbed.Control.Records;

/// <summary>One round of a strategy on the air: sounded, planned, executed, measured. No wall time in it, so that a replay gives the same bytes.</summary>
/// <param name="Method">The strategy.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Planned">Whether there was a plan to execute.</param>
/// <param name="Reasons">Why not: the case is infeasible, or its channels could not be sounded.</param>
/// <param name="Comparisons">Predicted against measured; empty without a plan.</param>
public sealed record ArrayRound(
    string Method, int Round, bool Planned, IReadOnlyList<string> Reasons, IReadOnlyList<Comparison> Comparisons)
{
    /// <summary>A round without a plan.</summary>
    public static ArrayRound Unplanned(string method, int round, IReadOnlyList<string> reasons) => new(method, round, false, reasons, []);
}

/// <summary>How far a strategy's logs belong to complete rounds; what lies beyond was written by a round that did not complete.</summary>
/// <param name="NextRound">The round to do next.</param>
/// <param name="Rounds">Bytes of rounds.jsonl.</param>
/// <param name="Comparisons">Bytes of comparisons.jsonl.</param>
public sealed record ArrayProgress(int NextRound, long Rounds, long Comparisons);
