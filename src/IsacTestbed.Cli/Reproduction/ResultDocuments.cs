using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>A figure's tables and notes as text, Markdown and JSON.</summary>
internal static class ResultDocuments
{
    private static readonly JsonWriterOptions WriterOptions = new() { Indented = true };

    /// <summary>Writes tables with aligned columns.</summary>
    public static void WriteText(TextWriter writer, FigureResult result, IReadOnlyList<string> files)
    {
        writer.WriteLine(FormattableString.Invariant($"Fig. {result.Number}: {result.Title}"));
        writer.WriteLine(result.Setting);
        foreach (ResultTable table in result.Tables)
        {
            writer.WriteLine();
            writer.WriteLine(table.Title);
            string[][] cells = [[.. table.Columns], .. table.Rows.Select(row => row.Select(cell => cell.Text).ToArray())];
            int[] widths = [.. table.Columns.Select((_, i) => cells.Max(row => row[i].Length))];
            foreach (string[] row in cells)
            {
                writer.WriteLine(string.Join("  ", row.Select((cell, i) => IsNumeric(table, i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
            }
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
            text.AppendJoin('|', table.Columns.Select((_, i) => IsNumeric(table, i) ? "---:" : "---")).Append("|\n");
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
    public static string ToJson(FigureResult result, string paper, IReadOnlyList<string> files)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
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
            WriteTexts(writer, "notes", result.Notes);
            WriteTexts(writer, "files", files);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

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

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static bool IsNumeric(ResultTable table, int column) => table.Rows.Any(row => row[column].Value is not null);

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
