using System.Text.Json;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>The answer of <see cref="VflBeamformingPlanner"/>. Every valid case has a plan: the power limit can always be kept.</summary>
/// <param name="Method">The method used.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Iterations">Iterations or steps of all starts together; 0 where there are none.</param>
/// <param name="SolveTime">Time spent solving, reading files excluded.</param>
public sealed record VflBeamformingAnswer(string Method, VflBeamformingPlan Plan, int Iterations, TimeSpan SolveTime)
{
    /// <summary>Gradient only: no beams within the power limit have a larger objective.</summary>
    public double? UpperBound { get; init; }

    /// <summary>Gradient only: (upper bound - objective) / upper bound; 0 where the bound is 0.</summary>
    public double? RelativeGap => UpperBound is { } bound ? bound > 0 ? (bound - Plan.Objective) / bound : 0 : null;

    /// <summary>The searches only: what the starts that were climbed to the end reached, descending, in what the method maximises.</summary>
    public IReadOnlyList<double> StartValues { get; init; } = [];

    /// <summary>Learned methods only: whether rho lies within the range the checkpoint was trained for, and the channels within five deviations.</summary>
    public bool? WithinTraining { get; init; }

    /// <summary>The answer as one JSON object.</summary>
    public string ToJson() => JsonText.Object(writer =>
    {
        writer.WriteString("planner", VflBeamformingPlanner.FamilyName);
        writer.WriteString("method", Method);
        writer.WriteBoolean("feasible", true);
        writer.WriteFigure("objective", Plan.Objective);
        writer.WriteFigure("communicationRate", Plan.CommunicationRate);
        writer.WriteFigure("sensingRate", Plan.SensingRate);
        writer.WriteFigure("leastTargetRate", Plan.LeastTargetRate);
        writer.WriteFigure("discriminatedSensingRate", Plan.DiscriminatedSensingRate);
        writer.WriteFigure("leastDiscriminatedTargetRate", Plan.LeastDiscriminatedTargetRate);
        if (UpperBound is { } bound && RelativeGap is { } gap)
        {
            writer.WriteFigure("upperBound", bound);
            writer.WriteFigure("relativeGap", gap);
        }

        if (WithinTraining is { } within)
        {
            writer.WriteBoolean("withinTraining", within);
        }

        writer.WriteNumbers("powerWatts", Plan.PowerWatts);
        if (StartValues.Count > 0)
        {
            writer.WriteNumbers("startValues", StartValues);
        }

        WriteUsers(writer);
        WriteTargets(writer);
        WriteBeamformers(writer);
        writer.WriteNumber("iterations", Iterations);
        writer.WriteNumber("solveSeconds", SolveTime.TotalSeconds);
    });

    private void WriteUsers(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("users");
        for (int m = 0; m < Plan.UserSinr.Count; m++)
        {
            for (int k = 0; k < Plan.UserSinr[m].Count; k++)
            {
                writer.WriteStartObject();
                writer.WriteNumber("cell", m);
                writer.WriteNumber("user", k);
                writer.WriteFigure("sinr", Plan.UserSinr[m][k]);
                writer.WriteFigure("rate", Math.Log2(1 + Plan.UserSinr[m][k]));
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    private void WriteTargets(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("targets");
        for (int m = 0; m < Plan.TargetSinr.Count; m++)
        {
            for (int j = 0; j < Plan.TargetSinr[m].Count; j++)
            {
                writer.WriteStartObject();
                writer.WriteNumber("cell", m);
                writer.WriteNumber("target", j);
                writer.WriteFigure("sinr", Plan.TargetSinr[m][j]);
                writer.WriteFigure("rate", Math.Log2(1 + Plan.TargetSinr[m][j]));
                writer.WriteFigure("discriminatedSinr", Plan.DiscriminatedTargetSinr[m][j]);
                writer.WriteFigure("discriminatedRate", Math.Log2(1 + Plan.DiscriminatedTargetSinr[m][j]));
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    private void WriteBeamformers(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("beamformers");
        foreach (ComplexMatrix matrix in Plan.Beamformers)
        {
            writer.WriteStartArray();
            for (int i = 0; i < matrix.Rows; i++)
            {
                writer.WriteStartArray();
                for (int k = 0; k < matrix.Columns; k++)
                {
                    writer.WriteComplex(matrix[i, k]);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
