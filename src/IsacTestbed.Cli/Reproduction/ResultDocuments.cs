using System.Text;
using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>A figure's tables and notes as text, Markdown and JSON.</summary>
internal static class ResultDocuments
{
    /// <summary>Writes tables with aligned columns.</summary>
    public static void WriteText(TextWriter writer, FigureResult result, IReadOnlyList<string> files)
    {
        writer.WriteLine(FormattableString.Invariant($"Fig. {result.Number}: {result.Title}"));
        writer.WriteLine(result.Setting);
        foreach (ResultTable table in result.Tables)
        {
            writer.WriteLine();
            writer.WriteLine(table.Title);
            table.WriteText(writer);
        }

        writer.WriteLine();
        foreach (string note in result.Notes)
        {
            writer.WriteLine($"* {note}");
        }

        foreach (string file in files)
        {
            writer.WriteLine($"Written: {file}");
        }
    }

    /// <summary>The figure as a Markdown section.</summary>
    /// <param name="result">The figure.</param>
    /// <param name="picture">Path of the picture relative to the document.</param>
    public static string ToMarkdown(FigureResult result, string picture)
    {
        var text = new StringBuilder();
        text.Append(FormattableString.Invariant($"## Fig. {result.Number}: {result.Title}\n\n{result.Setting}\n\n![Fig. {result.Number}]({picture})\n"));
        foreach (ResultTable table in result.Tables)
        {
            text.Append($"\n{table.Title}:\n\n| {string.Join(" | ", table.Columns.Select(Escape))} |\n|");
            text.AppendJoin('|', table.Columns.Select((_, i) => table.IsNumeric(i) ? "---:" : "---")).Append("|\n");
            foreach (IReadOnlyList<ResultCell> row in table.Rows)
            {
                text.Append($"| {string.Join(" | ", row.Select(cell => Escape(cell.Text)))} |\n");
            }
        }

        text.Append('\n');
        foreach (string note in result.Notes)
        {
            text.Append($"* {note}\n");
        }

        return text.ToString();
    }

    /// <summary>The figure as one JSON object: numbers are not rounded, shares are shares of one.</summary>
    public static string ToJson(FigureResult result, string paper, IReadOnlyList<string> files) => JsonText.Object(writer =>
    {
        writer.WriteString("paper", paper);
        writer.WriteNumber("figure", result.Number);
        writer.WriteString("title", result.Title);
        writer.WriteString("setting", result.Setting);
        writer.WriteStartArray("tables");
        foreach (ResultTable table in result.Tables)
        {
            writer.WriteStartObject();
            writer.WriteString("title", table.Title);
            writer.WriteStartArray("rows");
            foreach (IReadOnlyList<ResultCell> row in table.Rows)
            {
                WriteRow(writer, table.Columns, row);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteTexts("notes", result.Notes);
        writer.WriteTexts("files", files);
    });

    private static void WriteRow(Utf8JsonWriter writer, IReadOnlyList<string> columns, IReadOnlyList<ResultCell> row)
    {
        writer.WriteStartObject();
        for (int i = 0; i < row.Count; i++)
        {
            if (row[i].Value is { } number)
            {
                writer.WriteNumber(columns[i], number);
            }
            else
            {
                writer.WriteString(columns[i], row[i].Text);
            }
        }

        writer.WriteEndObject();
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
