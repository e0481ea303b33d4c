using System.Globalization;
using IsacTestbed.Control.Records;
using Spectre.Console;

namespace IsacTestbed.Cli.Screens;

/// <summary>The table at the end of a run of an array study: predicted against measured, per strategy, subject and quantity.</summary>
internal static class ComparisonTable
{
    /// <summary>Writes the table and where the run was recorded.</summary>
    public static void Write(IAnsiConsole console, ArrayRunSummary summary, string folder)
    {
        var table = new Table().Border(TableBorder.Simple).Title("Predicted against measured, means over the rounds");
        foreach (string column in (string[])["strategy", "subject", "quantity"])
        {
            table.AddColumn(column);
        }

        foreach (string column in (string[])["predicted", "measured", "95 % of the mean"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("unit");
        foreach (string column in (string[])["rounds", "within 95 %", "dropped"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (ArrayMethodSummary method in summary.Methods)
        {
            string name = method.Method;
            if (method.UnplannedRounds > 0)
            {
                string reasons = string.Join("; ", method.Reasons);
                table.AddRow(name, string.Empty, Markup.Escape($"no plan in {method.UnplannedRounds} of {method.Rounds} rounds: {reasons}"));
                name = string.Empty;
            }

            foreach (ComparisonSummary c in method.Comparisons)
            {
                table.AddRow(
                    name,
                    Markup.Escape(c.Subject),
                    Markup.Escape(c.Quantity),
                    ComparisonText.Figure(c.Predicted, c.Unit),
                    ComparisonText.Figure(c.Measured, c.Unit),
                    ComparisonText.Interval(c.Lower, c.Upper, c.Unit),
                    ComparisonText.Unit(c.Unit),
                    Count(c.Rounds),
                    c.Covered is { } covered ? $"{covered} of {c.Rounds}" : "-",
                    Count(c.Dropped));
                name = string.Empty;
            }
        }

        console.Write(table);
        console.WriteLine($"Run folder: {folder}");
    }

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
}
