using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>One figure of one subject over all rounds of a strategy.</summary>
/// <param name="Subject">Whom it concerns.</param>
/// <param name="Quantity">What it is.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Predicted">Mean of the predictions over the rounds that count.</param>
/// <param name="Measured">Mean of the valid measurements; null without any.</param>
/// <param name="Lower">Lower end of the mean's 95 % interval, from the intervals of the rounds; null without them.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Rounds">Valid measurements.</param>
/// <param name="Covered">Rounds whose own interval holds the prediction; null for what has no interval.</param>
/// <param name="Dropped">Measurements dropped for their verdict.</param>
public sealed record ComparisonSummary(
    string Subject,
    string Quantity,
    string Unit,
    double Predicted,
    double? Measured,
    double? Lower,
    double? Upper,
    int Rounds,
    int? Covered,
    int Dropped)
{
    /// <summary>Sums up the rounds of one subject and quantity; at least one.</summary>
    internal static ComparisonSummary Of(IReadOnlyList<Comparison> rounds)
    {
        Comparison[] valid = [.. rounds.Where(c => c.Verdict == Verdict.Valid)];
        bool measured = valid.Length > 0, intervals = measured && valid.All(c => c.Covers is not null);
        double? mean = measured ? valid.Average(c => c.Measured!.Value) : null;

        // Rounds err independently: each side of the mean's interval is the root of the summed squares of the rounds' own sides.
        double Side(Func<Comparison, double> side) => Math.Sqrt(valid.Sum(c => side(c) * side(c))) / valid.Length;
        return new ComparisonSummary(
            rounds[0].Subject,
            rounds[0].Quantity,
            rounds[0].Unit,
            (measured ? valid : rounds).Average(c => c.Predicted),
            mean,
            intervals ? mean - Side(c => c.Measured!.Value - c.Lower!.Value) : null,
            intervals ? mean + Side(c => c.Upper!.Value - c.Measured!.Value) : null,
            valid.Length,
            intervals ? valid.Count(c => c.Covers == true) : null,
            rounds.Count - valid.Length);
    }
}

/// <summary>One strategy over a whole run.</summary>
/// <param name="Method">The strategy.</param>
/// <param name="Rounds">Rounds completed.</param>
/// <param name="UnplannedRounds">Rounds without a plan.</param>
/// <param name="Reasons">Why the first of them had none.</param>
/// <param name="Comparisons">Predicted against measured, in the order of the first round that has them.</param>
public sealed record ArrayMethodSummary(
    string Method, int Rounds, int UnplannedRounds, IReadOnlyList<string> Reasons, IReadOnlyList<ComparisonSummary> Comparisons)
{
    /// <summary>Whether any round had a plan.</summary>
    public bool Feasible => UnplannedRounds < Rounds;

    /// <summary>Sums up a strategy.</summary>
    /// <param name="method">The strategy.</param>
    /// <param name="rounds">Its rounds.</param>
    public static ArrayMethodSummary Of(string method, IReadOnlyList<ArrayRound> rounds)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        return new ArrayMethodSummary(
            method,
            rounds.Count,
            rounds.Count(r => !r.Planned),
            rounds.FirstOrDefault(r => !r.Planned)?.Reasons ?? [],
            [.. rounds.SelectMany(r => r.Comparisons).GroupBy(c => (c.Subject, c.Quantity)).Select(g => ComparisonSummary.Of([.. g]))]);
    }
}

/// <summary>The end of a run.</summary>
/// <param name="Family">The scenario's family.</param>
/// <param name="Name">The scenario's name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Methods">One per strategy.</param>
public sealed record ArrayRunSummary(string Family, string Name, ulong Seed, IReadOnlyList<ArrayMethodSummary> Methods);
