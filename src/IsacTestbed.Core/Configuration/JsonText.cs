using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IsacTestbed.Core;

/// <summary>JSON for people and programs: indented, member by member.</summary>
public static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    /// <summary>One object as text.</summary>
    /// <param name="members">Writes its members.</param>
    public static string Object(Action<Utf8JsonWriter> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a list of texts.</summary>
    /// <param name="writer">Inside an object.</param>
    /// <param name="name">Name of the member.</param>
    /// <param name="texts">Its entries.</param>
    public static void WriteTexts(this Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(texts);
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
