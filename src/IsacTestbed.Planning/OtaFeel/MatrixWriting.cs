using System.Buffers;
using System.Numerics;
using System.Text.Json;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>How the matrices of a plan stand in the answers of this family.</summary>
internal static class MatrixWriting
{
    /// <summary>Writes a long list on one line: with an indented line per number the receivers alone would fill thousands.</summary>
    public static void WriteCompact(this Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var compact = new Utf8JsonWriter(buffer))
        {
            write(compact);
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(buffer.WrittenSpan);
    }

    /// <summary>Writes matrices row by row, each entry as [re, im].</summary>
    /// <exception cref="ArithmeticException">An entry is not finite.</exception>
    public static void WriteMatrices(this Utf8JsonWriter writer, IReadOnlyList<ComplexMatrix> matrices)
    {
        writer.WriteStartArray();
        foreach (ComplexMatrix matrix in matrices)
        {
            writer.WriteStartArray();
            var row = new Complex[matrix.Columns];
            for (int i = 0; i < matrix.Rows; i++)
            {
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] = matrix[i, j];
                }

                writer.WriteRow(row);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes complex numbers as [re, im].</summary>
    /// <exception cref="ArithmeticException">One is not finite.</exception>
    public static void WriteRow(this Utf8JsonWriter writer, ReadOnlySpan<Complex> row)
    {
        writer.WriteStartArray();
        foreach (Complex entry in row)
        {
            writer.WriteNumbers([entry.Real, entry.Imaginary]);
        }

        writer.WriteEndArray();
    }
}
