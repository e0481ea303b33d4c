using System.Buffers;
using System.Numerics;
using System.Text;
using System.Text.Json;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The answer of <see cref="OtaFeelPlanner"/>: a feasible plan and what is known about it, or why there is none.</summary>
/// <param name="Method">The method used.</param>
/// <param name="Plan">The plan; null when infeasible.</param>
/// <param name="Reasons">Why there is no plan; empty when feasible.</param>
/// <param name="Trace">The error (7) after each iteration, of the best start where there are several.</param>
/// <param name="Iterations">Iterations of all starts together.</param>
/// <param name="SolveTime">Time spent solving, reading the case excluded.</param>
public sealed record OtaFeelAnswer(
    string Method, OtaFeelPlan? Plan, IReadOnlyList<string> Reasons, IReadOnlyList<double> Trace, int Iterations, TimeSpan SolveTime)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Indented = true };

    /// <summary>Whether there is a plan.</summary>
    public bool Feasible => Plan is not null;

    /// <summary>Refined only: no plan with orthogonal pulses and precoders that are constant over the frame has a smaller error.</summary>
    public double? LowerBound { get; init; }

    /// <summary>Refined only: (error - lower bound) / error; 0 where the error is 0.</summary>
    public double? RelativeGap => LowerBound is { } bound && Plan is { } plan ? plan.Mse > 0 ? (plan.Mse - bound) / plan.Mse : 0 : null;

    /// <summary>Refined only: the error that each start reached, in the order of the starts.</summary>
    public IReadOnlyList<double> StartErrors { get; init; } = [];

    /// <summary>The answer as one JSON object.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("planner", OtaFeelPlanner.FamilyName);
            writer.WriteString("method", Method);
            writer.WriteBoolean("feasible", Feasible);
            if (Plan is { } plan)
            {
                writer.WriteFigure("objective", plan.Mse);
                WritePlan(writer, plan);
            }
            else
            {
                writer.WriteStartArray("reasons");
                foreach (string reason in Reasons)
                {
                    writer.WriteStringValue(reason);
                }

                writer.WriteEndArray();
                writer.WriteNull("objective");
            }

            writer.WriteNumber("iterations", Iterations);
            writer.WriteNumber("solveSeconds", SolveTime.TotalSeconds);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WritePlan(Utf8JsonWriter writer, OtaFeelPlan plan)
    {
        writer.WriteFigure("mse", plan.Mse);
        writer.WriteFigure("crbLowerBound", plan.CrbLowerBound);
        if (LowerBound is { } bound && RelativeGap is { } gap)
        {
            writer.WriteFigure("lowerBound", bound);
            writer.WriteFigure("relativeGap", gap);
            WriteCompact(writer, "startErrors", compact => compact.WriteNumbers(StartErrors));
        }

        WriteCompact(writer, "trace", compact => compact.WriteNumbers(Trace));
        WriteCompact(writer, "pulses", compact =>
        {
            compact.WriteStartArray();
            for (int k = 0; k < plan.Pulses.Devices; k++)
            {
                WriteRow(compact, plan.Pulses[k]);
            }

            compact.WriteEndArray();
        });
        WriteCompact(writer, "precoders", compact => WriteMatrices(compact, plan.Precoders));
        WriteCompact(writer, "receivers", compact => WriteMatrices(compact, plan.Receivers));
    }

    // Long lists stand on one line each: with an indented line per number the receivers alone would fill thousands.
    private static void WriteCompact(Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var compact = new Utf8JsonWriter(buffer))
        {
            write(compact);
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(buffer.WrittenSpan);
    }

    private static void WriteMatrices(Utf8JsonWriter writer, IReadOnlyList<ComplexMatrix> matrices)
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

                WriteRow(writer, row);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteRow(Utf8JsonWriter writer, ReadOnlySpan<Complex> row)
    {
        writer.WriteStartArray();
        foreach (Complex entry in row)
        {
            writer.WriteNumbers([entry.Real, entry.Imaginary]);
        }

        writer.WriteEndArray();
    }
}
