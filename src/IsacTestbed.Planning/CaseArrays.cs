using System.Numerics;
using System.Text.Json;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning;

/// <summary>Reads nested lists from case files: rows of numbers, and complex matrices, whose innermost entry is [re, im].</summary>
internal static class CaseArrays
{
    /// <summary>Reads [count][columns]; the first row sets the number of columns of all.</summary>
    /// <param name="document">The case.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="count">How many rows there must be.</param>
    /// <param name="owner">What each row belongs to, as in device.</param>
    /// <exception cref="ConfigurationException">A wrong shape, or an entry that is no number of the allowed range; the message names the index.</exception>
    public static double[][] Rows(ConfigurationObject document, string key, int count, string owner)
    {
        JsonElement[] list = Entries(document, document.Element(key, $"a list, one row of numbers per {owner}"), key, count, $"one row per {owner}");
        int columns = Length(document, list[0], $"{key}[0]");
        return
        [
            .. list.Select((row, k) =>
                Entries(document, row, $"{key}[{k}]", columns, $"as many as the first row, {columns}")
                    .Select((entry, i) => document.Amplitude(entry, $"{key}[{k}][{i}]"))
                    .ToArray()),
        ];
    }

    /// <summary>Reads [count][rows][columns][2]; the first matrix sets the shape of all.</summary>
    /// <param name="document">The case.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="count">How many matrices there must be.</param>
    /// <param name="owner">What each matrix belongs to, as in user.</param>
    /// <exception cref="ConfigurationException">A wrong shape, or an entry that is no number of the allowed range; the message names the index.</exception>
    public static ComplexMatrix[] Matrices(ConfigurationObject document, string key, int count, string owner)
    {
        JsonElement[] list = Entries(document, document.Element(key, $"a list, one matrix of complex numbers [re, im] per {owner}"), key, count, $"one matrix per {owner}");
        int rows = Length(document, list[0], $"{key}[0]"), columns = Length(document, list[0][0], $"{key}[0][0]");
        return [.. list.Select((element, k) => Matrix(document, element, $"{key}[{k}]", rows, columns))];
    }

    /// <summary>Reads [n][n][rows][columns][2], such as channels from every base station to every cell; the first matrix sets the shape of all.</summary>
    /// <param name="document">The case.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="count">How many entries there must be in the outer two dimensions; null to take it from the list.</param>
    /// <exception cref="ConfigurationException">A wrong shape, or an entry that is no number of the allowed range; the message names the index.</exception>
    public static ComplexMatrix[][] SquareOfMatrices(ConfigurationObject document, string key, int? count = null)
    {
        JsonElement element = document.Element(key, "a list, per base station one matrix of complex numbers [re, im] per cell");
        int cells = count ?? Length(document, element, key);
        JsonElement[] stations = Entries(document, element, key, cells, "one entry per base station");
        JsonElement[][] lists = [.. stations.Select((station, n) => Entries(document, station, $"{key}[{n}]", cells, "one entry per cell, as many as base stations"))];
        int rows = Length(document, lists[0][0], $"{key}[0][0]"), columns = Length(document, lists[0][0][0], $"{key}[0][0][0]");
        return [.. lists.Select((list, n) => list.Select((matrix, m) => Matrix(document, matrix, $"{key}[{n}][{m}]", rows, columns)).ToArray())];
    }

    private static ComplexMatrix Matrix(ConfigurationObject document, JsonElement element, string path, int rows, int columns)
    {
        JsonElement[] lines = Entries(document, element, path, rows, $"as many rows as the first matrix, {rows}");
        var matrix = new ComplexMatrix(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            string line = $"{path}[{i}]";
            JsonElement[] entries = Entries(document, lines[i], line, columns, $"as many columns as the first row, {columns}");
            for (int j = 0; j < columns; j++)
            {
                JsonElement[] pair = Entries(document, entries[j], $"{line}[{j}]", 2, "a complex number [re, im]");
                matrix[i, j] = new Complex(document.Amplitude(pair[0], $"{line}[{j}][0]"), document.Amplitude(pair[1], $"{line}[{j}][1]"));
            }
        }

        return matrix;
    }

    private static int Length(ConfigurationObject document, JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0
            ? element.GetArrayLength()
            : throw document.Error(path, $"found {Describe(element)}; it must be a list with at least one entry");

    private static JsonElement[] Entries(ConfigurationObject document, JsonElement element, string path, int count, string wanted) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == count
            ? [.. element.EnumerateArray()]
            : throw document.Error(path, $"found {Describe(element)}; it must be a list of {count} ({wanted})");

    private static string Describe(JsonElement element)
    {
        string text = element.ValueKind switch
        {
            JsonValueKind.Null => "nothing",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => $"a list of {element.GetArrayLength()}",
            _ => element.GetRawText(),
        };
        return text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
    }
}
