using System.Text.Json;
using IsacTestbed.Core;

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
    /// <summary>Whether there is a plan.</summary>
    public bool Feasible => Plan is not null;

    /// <summary>Refined only: no plan with orthogonal pulses and precoders that are constant over the frame has a smaller error.</summary>
    public double? LowerBound { get; init; }

    /// <summary>Refined only: the plan's gap to the lower bound.</summary>
    public double? RelativeGap => LowerBound is { } bound ? Plan?.GapTo(bound) : null;

    /// <summary>Refined only: the error that each start reached, in the order of the starts.</summary>
    public IReadOnlyList<double> StartErrors { get; init; } = [];

    /// <summary>The answer as one JSON object.</summary>
    public string ToJson() => JsonText.Object(writer =>
    {
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
            writer.WriteTexts("reasons", Reasons);
            writer.WriteNull("objective");
        }

        writer.WriteNumber("iterations", Iterations);
        writer.WriteNumber("solveSeconds", SolveTime.TotalSeconds);
    });

    private void WritePlan(Utf8JsonWriter writer, OtaFeelPlan plan)
    {
        writer.WriteFigure("mse", plan.Mse);
        writer.WriteFigure("crbLowerBound", plan.CrbLowerBound);
        if (LowerBound is { } bound && RelativeGap is { } gap)
        {
            writer.WriteFigure("lowerBound", bound);
            writer.WriteFigure("relativeGap", gap);
            writer.WriteCompact("startErrors", compact => compact.WriteNumbers(StartErrors));
        }

        writer.WriteCompact("trace", compact => compact.WriteNumbers(Trace));
        writer.WriteCompact("pulses", compact =>
        {
            compact.WriteStartArray();
            for (int k = 0; k < plan.Pulses.Devices; k++)
            {
                compact.WriteRow(plan.Pulses[k]);
            }

            compact.WriteEndArray();
        });
        writer.WriteCompact("precoders", compact => compact.WriteMatrices(plan.Precoders));
        writer.WriteCompact("receivers", compact => compact.WriteMatrices(plan.Receivers));
    }
}
