using System.Numerics;
using System.Text.Json;

namespace IsacTestbed.Planning;

/// <summary>How numbers stand in the answers of all planners.</summary>
internal static class AnswerWriting
{
    /// <summary>Writes a number; null where there is none, or none that JSON can hold.</summary>
    public static void WriteFinite(this Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    /// <summary>Writes a list of numbers.</summary>
    public static void WriteNumbers(this Utf8JsonWriter writer, string name, IReadOnlyList<double> values)
    {
        writer.WritePropertyName(name);
        writer.WriteNumbers(values);
    }

    /// <summary>Writes a list of numbers without a name.</summary>
    public static void WriteNumbers(this Utf8JsonWriter writer, IReadOnlyList<double> values)
    {
        writer.WriteStartArray();
        foreach (double value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a complex number as [re, im] on one line.</summary>
    public static void WriteComplex(this Utf8JsonWriter writer, Complex value) =>
        writer.WriteRawValue(FormattableString.Invariant($"[{value.Real:R}, {value.Imaginary:R}]"));
}
