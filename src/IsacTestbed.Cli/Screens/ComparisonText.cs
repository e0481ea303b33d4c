using System.Globalization;
using IsacTestbed.Control.Records;

namespace IsacTestbed.Cli.Screens;

/// <summary>How predicted and measured figures are written.</summary>
internal static class ComparisonText
{
    /// <summary>The unit in which a figure is shown.</summary>
    public static string Unit(string unit) => unit == Comparison.PowerRatioUnit ? "dB" : unit;

    /// <summary>A figure in the unit in which it is shown; "none" for a ratio that has no logarithm, and a dash without one.</summary>
    public static string Figure(double? value, string unit) => (value, unit) switch
    {
        (null, _) => "-",
        ( <= 0, Comparison.PowerRatioUnit) => "none",
        ({ } ratio, Comparison.PowerRatioUnit) => (10 * Math.Log10(ratio)).ToString("0.00", CultureInfo.InvariantCulture),
        ( >= 1000 or <= -1000, _) => value.Value.ToString("0", CultureInfo.InvariantCulture),
        ({ } number, _) => number.ToString("G4", CultureInfo.InvariantCulture),
    };

    /// <summary>An interval in the same unit; a dash without one.</summary>
    public static string Interval(double? lower, double? upper, string unit) =>
        lower is null || upper is null ? "-" : $"{Figure(lower, unit)} .. {Figure(upper, unit)}";

    /// <summary>A round in one line.</summary>
    public static string Round(ArrayRound round)
    {
        if (!round.Planned)
        {
            return $"{round.Method} round {round.Round + 1}: no plan: {string.Join("; ", round.Reasons)}";
        }

        int dropped = round.Comparisons.Count(c => c.Verdict != Core.Verdict.Valid);
        IEnumerable<string> quantities = round.Comparisons.GroupBy(c => c.Quantity).Select(g =>
            $"{g.Key} [{string.Join(' ', g.Select(c => $"{Figure(c.Predicted, c.Unit)}/{Figure(c.Measured, c.Unit)}"))}] {Unit(g.First().Unit)}".TrimEnd());
        return $"{round.Method} round {round.Round + 1}: {string.Join(", ", quantities)}{(dropped == 0 ? string.Empty : $", {dropped} measurements dropped")}";
    }
}
