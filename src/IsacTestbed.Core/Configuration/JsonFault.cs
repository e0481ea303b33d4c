using System.Text;
using System.Text.Json;

namespace IsacTestbed.Core;

/// <summary>Says where in a text the fault lies for which it was refused as JSON: the parser tells the byte, a person wants key and line.</summary>
internal static class JsonFault
{
    private const int DeepestPath = 16;

    private static readonly string[] Infinities = ["NaN", "Infinity", "nan", "inf", "Inf", "infinity"];

    /// <summary>Describes a fault.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">File name for messages.</param>
    /// <param name="refusal">What the parser said.</param>
    public static ConfigurationException Describe(string json, string source, JsonException refusal)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(text);
        var levels = new Stack<Level>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    levels.Pop();
                }
                else if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    Level level = levels.Peek();
                    level.Name = reader.GetString()!;
                    if (!level.Names.Add(level.Name))
                    {
                        return new ConfigurationException(
                            source, PathOf(levels), $"the key stands twice, the second time at line {LineOf(text, reader.TokenStartIndex)}", refusal);
                    }

                    continue;
                }
                else if (levels.TryPeek(out Level? level) && level.IsArray)
                {
                    level.Index++;
                }

                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    levels.Push(new Level(reader.TokenType == JsonTokenType.StartArray));
                }
                else if (levels.TryPeek(out Level? level))
                {
                    level.Name = string.Empty;
                }
            }
        }
        catch (JsonException fault)
        {
            if (levels.TryPeek(out Level? level) && level.IsArray)
            {
                level.Index++;
            }

            long line = fault.LineNumber ?? 0, column = fault.BytePositionInLine ?? 0;
            long position = StartOf(text, line) + column;
            string word = WordAt(text, position);
            return new ConfigurationException(
                source,
                PathOf(levels),
                Infinities.Contains(word.TrimStart('-', '+'))
                    ? $"found {word} at line {line + 1}; it must be a finite number"
                    : $"not valid JSON at line {line + 1}, column {column + 1}: {Cause(text, position, fault)}",
                refusal);
        }

        return new ConfigurationException(source, string.Empty, $"not valid JSON: {WithoutPosition(refusal.Message)}", refusal);
    }

    // What happens most often is said in our words; the parser's speak of its settings.
    private static string Cause(ReadOnlySpan<byte> text, long position, JsonException fault)
    {
        ReadOnlySpan<byte> read = text[..(int)Math.Min(position, text.Length)].TrimEnd(" \t\r\n"u8), rest = text[(int)Math.Min(position, text.Length)..].Trim(" \t\r\n"u8);
        return rest.IsEmpty
            ? read.IsEmpty ? "the document is empty; it must be an object" : "the document ends before all that was opened is closed"
            : rest[0] is (byte)'}' or (byte)']' && read.EndsWith(","u8)
                ? "a comma stands before the closing bracket; remove it"
                : WithoutPosition(fault.Message);
    }

    // The parser's own position counts from zero.
    private static string WithoutPosition(string message)
    {
        int position = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }

    private static int LineOf(ReadOnlySpan<byte> text, long position) => 1 + text[..(int)position].Count((byte)'\n');

    private static long StartOf(ReadOnlySpan<byte> text, long line)
    {
        int start = 0;
        for (; line > 0; line--)
        {
            start += text[start..].IndexOf((byte)'\n') + 1;
        }

        return start;
    }

    private static string WordAt(ReadOnlySpan<byte> text, long position)
    {
        int from = (int)Math.Min(position, text.Length), to = from;
        while (from > 0 && (char)text[from - 1] is '-' or '+')
        {
            from--;
        }

        while (to < text.Length && char.IsAsciiLetter((char)text[to]))
        {
            to++;
        }

        return from < to ? Encoding.UTF8.GetString(text[from..to]) : string.Empty;
    }

    // A path that is deeper than any document of ours tells nothing.
    private static string PathOf(Stack<Level> levels)
    {
        if (levels.Count > DeepestPath)
        {
            return string.Empty;
        }

        var path = new StringBuilder();
        foreach (Level level in levels.Reverse())
        {
            if (level.IsArray)
            {
                path.Append('[').Append(level.Index).Append(']');
            }
            else if (level.Name.Length > 0)
            {
                path.Append(path.Length == 0 ? string.Empty : ".").Append(level.Name);
            }
        }

        return path.ToString();
    }

    /// <summary>An open object or list, and where in it the parser is.</summary>
    private sealed class Level(bool isArray)
    {
        public bool IsArray => isArray;

        public int Index { get; set; } = -1;

        public string Name { get; set; } = string.Empty;

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
    }
}
