using System.Numerics;
using System.Text.Json;

namespace IsacTestbed.Planning;

/// <summary>How numbers stand in the answers of all planners.</summary>
internal static class AnswerWriting
{
    /// <summary>Writes a figure without which there is no plan.</summary>
    /// <exception cref="ArithmeticException">It is not finite; the message names it.</exception>
    public static void WriteFigure(this Utf8JsonWriter writer, string name, double value) => writer.WriteNumber(name, Finite(value, name));

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

    /// <summary>Writes a list of numbers of a plan.</summary>
    /// <exception cref="ArithmeticException">One is not finite.</exception>
    public static void WriteNumbers(this Utf8JsonWriter writer, string name, IReadOnlyList<double> values)
    {
        writer.WritePropertyName(name);
        writer.WriteNumbers(values);
    }

    /// <summary>Writes a list of numbers of a plan without a name.</summary>
    /// <exception cref="ArithmeticException">One is not finite.</exception>
    public static void WriteNumbers(this Utf8JsonWriter writer, IReadOnlyList<double> values)
    {
        writer.WriteStartArray();
        foreach (double value in values)
        {
            writer.WriteNumberValue(Finite(value, "an entry of a list"));
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a complex number of a plan as [re, im] on one line.</summary>
    /// <exception cref="ArithmeticException">It is not finite.</exception>
    public static void WriteComplex(this Utf8JsonWriter writer, Complex value) => writer.WriteRawValue(FormattableString.Invariant(
        $"[{Finite(value.Real, "an entry of a matrix"):R}, {Finite(value.Imaginary, "an entry of a matrix"):R}]"));

    private static double Finite(double value, string what) =>
        double.IsFinite(value) ? value : throw new ArithmeticException($"{what} is not finite");
}
