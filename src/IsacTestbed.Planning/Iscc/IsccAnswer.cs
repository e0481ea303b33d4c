using System.Numerics;
using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.Planning.Iscc;

/// <summary>The answer of <see cref="IsccPlanner"/>: a feasible plan and what is known about it, or why there is none.</summary>
/// <param name="Method">The method used.</param>
/// <param name="Plan">The plan; null when infeasible.</param>
/// <param name="Check">The independent judgement of the plan; null when infeasible.</param>
/// <param name="Reasons">One line per reason that names the user and the constraint; empty when feasible.</param>
/// <param name="Iterations">Rounds of beam design; for the paper's algorithm its outer iterations.</param>
/// <param name="SolveTime">Time spent solving, reading the case excluded.</param>
public sealed record IsccAnswer(
    string Method, IsccPlan? Plan, PlanCheck? Check, IReadOnlyList<string> Reasons, int Iterations, TimeSpan SolveTime)
{
    /// <summary>Whether there is a plan.</summary>
    public bool Feasible => Plan is not null;

    /// <summary>The objective (17a) with the case's energy cost ratios; null when infeasible.</summary>
    public double? EnergyCost => Check?.EnergyCost;

    /// <summary>Refined only: no feasible point of the case costs less.</summary>
    public double? LowerBound { get; init; }

    /// <summary>Refined only: (energy cost - lower bound) / lower bound.</summary>
    public double? RelativeGap => LowerBound is { } bound && EnergyCost is { } cost && bound > 0 ? (cost - bound) / bound : null;

    /// <summary>
    /// Infeasible only: whether the reasons prove that the method has no feasible point; otherwise the search found none, and they say where
    /// it ended.
    /// </summary>
    public bool InfeasibilityProven { get; init; }

    /// <summary>The answer as one JSON object; a figure that is not finite, or that an infeasible case has not, is null.</summary>
    public string ToJson() => JsonText.Object(writer =>
    {
        writer.WriteString("planner", IsccPlanner.FamilyName);
        writer.WriteString("method", Method);
        writer.WriteBoolean("feasible", Feasible);
        if (!Feasible)
        {
            writer.WriteBoolean("infeasibilityProven", InfeasibilityProven);
            writer.WriteTexts("reasons", Reasons);
        }

        if (EnergyCost is { } cost)
        {
            writer.WriteFigure("objective", cost);
            writer.WriteFigure("energyCost", cost);
        }
        else
        {
            writer.WriteNull("objective");
            writer.WriteNull("energyCost");
        }

        if (LowerBound is not null)
        {
            writer.WriteFinite("lowerBound", LowerBound);
            writer.WriteFinite("relativeGap", RelativeGap);
        }

        if (Plan is { } plan && Check is { } check)
        {
            WritePlan(writer, plan, check);
        }

        writer.WriteNumber("iterations", Iterations);
        writer.WriteNumber("solveSeconds", SolveTime.TotalSeconds);
    });

    private static void WritePlan(Utf8JsonWriter writer, IsccPlan plan, PlanCheck check)
    {
        writer.WriteNumbers("offloading", plan.Offloading);
        WriteVectors(writer, "dataBeams", plan.DataBeams);
        WriteVectors(writer, "sensingBeams", plan.SensingBeams);
        WriteVectors(writer, "apCombiners", plan.ApCombiners);
        WriteVectors(writer, "ueCombiners", plan.UeCombiners);
        writer.WriteNumbers("ueCyclesPerSecond", plan.UeCyclesPerSecond);
        writer.WriteNumbers("apCyclesPerSecond", plan.ApCyclesPerSecond);
        writer.WriteStartArray("users");
        foreach (IsccUserFigures user in check.Users)
        {
            writer.WriteStartObject();
            writer.WriteFinite("bandwidthHz", user.BandwidthHz);
            writer.WriteFinite("communicationSinr", user.CommunicationSinr);
            writer.WriteFinite("sensingSinr", user.SensingSinr);
            writer.WriteFinite("rateBitsPerSecond", user.RateBitsPerSecond);
            writer.WriteFinite("powerWatts", user.PowerWatts);
            writer.WriteFinite("uploadSeconds", user.UploadSeconds);
            writer.WriteFinite("localLatencySeconds", user.LocalLatencySeconds);
            writer.WriteFinite("offloadLatencySeconds", user.OffloadLatencySeconds);
            writer.WriteFinite("ueEnergyJoules", user.UeEnergyJoules);
            writer.WriteFinite("apEnergyJoules", user.ApEnergyJoules);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteVectors(Utf8JsonWriter writer, string name, IReadOnlyList<Complex[]> vectors)
    {
        writer.WriteStartArray(name);
        foreach (Complex[] vector in vectors)
        {
            writer.WriteStartArray();
            foreach (Complex entry in vector)
            {
                writer.WriteComplex(entry);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
