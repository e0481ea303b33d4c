using System.Globalization;
using System.Text.Json;
using IsacTestbed.Planning;

namespace IsacTestbed.Cli.Commands;

/// <summary>Shows any planner's answer as text: its scalars, lists of numbers in a line, and every list of objects as a table.</summary>
internal static class PlanTable
{
    // A list per user fits on a line; a trace over iterations does not, and only its ends tell something.
    private const int LongestList = 20;
    private const int ShownOfEachEnd = 4;

    /// <summary>Writes the answer.</summary>
    public static void Write(TextWriter writer, PlannerAnswer answer)
    {
        using JsonDocument document = JsonDocument.Parse(answer.Json);
        foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(p => p.Value.ValueKind is not JsonValueKind.Array))
        {
            writer.WriteLine($"{property.Name,-24} {Text(property.Value)}");
        }

        foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(p => IsNumbers(p.Value)))
        {
            writer.WriteLine($"{property.Name,-24} {Numbers(property.Value)}");
        }

        foreach (string reason in answer.Reasons)
        {
            writer.WriteLine($"infeasible: {reason}");
        }

        foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.Array))
        {
            WriteRows(writer, property.Value);
        }
    }

    private static bool IsNumbers(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number);

    private static string Numbers(JsonElement list)
    {
        string[] all = [.. list.EnumerateArray().Select(Text)];
        return all.Length <= LongestList
            ? string.Join("  ", all)
            : $"{string.Join("  ", all[..ShownOfEachEnd])}  ...  {string.Join("  ", all[^ShownOfEachEnd..])}  ({all.Length} values)";
    }

    private static void WriteRows(TextWriter writer, JsonElement list)
    {
        JsonElement[] rows = [.. list.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object)];
        if (rows.Length == 0)
        {
            return;
        }

        string[] columns = [.. rows[0].EnumerateObject().Select(p => p.Name)];
        string[][] cells = [columns, .. rows.Select(row => columns.Select(column => Text(row.GetProperty(column))).ToArray())];
        int[] widths = [.. columns.Select((_, i) => cells.Max(row => row[i].Length))];
        writer.WriteLine();
        foreach (string[] row in cells)
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))));
        }
    }

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("G6", CultureInfo.InvariantCulture) : value.ToString();
}
