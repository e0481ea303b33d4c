using System.Globalization;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>A table of results.</summary>
/// <param name="Title">What it holds.</param>
/// <param name="Columns">Headings with units.</param>
/// <param name="Rows">As many cells per row as there are columns.</param>
internal sealed record ResultTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<ResultCell>> Rows)
{
    /// <summary>Whether a column holds numbers.</summary>
    public bool IsNumeric(int column) => Rows.Any(row => row[column].Value is not null);

    /// <summary>Writes headings and rows with aligned columns.</summary>
    public void WriteText(TextWriter writer)
    {
        string[][] cells = [[.. Columns], .. Rows.Select(row => row.Select(cell => cell.Text).ToArray())];
        int[] widths = [.. Columns.Select((_, i) => cells.Max(row => row[i].Length))];
        foreach (string[] row in cells)
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, i) => IsNumeric(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}

/// <summary>One cell: a text or a number.</summary>
/// <param name="Text">As it is shown.</param>
/// <param name="Value">The number behind it, not rounded; null for a text.</param>
internal readonly record struct ResultCell(string Text, double? Value = null)
{
    /// <summary>A text.</summary>
    public static implicit operator ResultCell(string text) => new(text);

    /// <summary>A number in a format; "-" if it is not finite.</summary>
    public static ResultCell Of(double value, string format) =>
        double.IsFinite(value) ? new ResultCell(value.ToString(format, CultureInfo.InvariantCulture), value) : "-";

    /// <summary>A share as a percentage.</summary>
    public static ResultCell Percent(double share) =>
        double.IsFinite(share) ? new ResultCell((100 * share).ToString("F1", CultureInfo.InvariantCulture) + " %", share) : "-";
}
