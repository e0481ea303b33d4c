using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.Planning.IsacFl;

/// <summary>The answer of <see cref="IsacFlPlanner"/>: a feasible plan and what is known about it, or why there is none.</summary>
/// <param name="Method">The method used.</param>
/// <param name="Devices">One entry per device, in the case's order; empty when infeasible.</param>
/// <param name="Reasons">Per device without a feasible triple one line that names it and the constraint; empty when feasible.</param>
/// <param name="Iterations">Golden section: interval reductions; exact: splits; baselines: 1.</param>
/// <param name="SolveTime">Time spent solving, reading the case excluded.</param>
public sealed record IsacFlAnswer(
    string Method, IReadOnlyList<DevicePlan> Devices, IReadOnlyList<string> Reasons, int Iterations, TimeSpan SolveTime)
{
    /// <summary>Whether there is a plan.</summary>
    public bool Feasible => Reasons.Count == 0;

    /// <summary>Smallest sensing SNR, linear; 0 when infeasible.</summary>
    public double MinSensingSnr => Devices.Count == 0 ? 0 : Devices.Min(device => device.SensingSnr);

    /// <summary>Objective of (26): smallest sensing SNR times the sum of D q; 0 when infeasible.</summary>
    public double Objective => MinSensingSnr * Devices.Sum(device => device.Samples * device.UploadSuccess);

    /// <summary>Exact only: no feasible plan has a larger objective.</summary>
    public double? UpperBound { get; init; }

    /// <summary>
    /// Golden section only: the search between the bounds (29), which ignore the energy budget, ended where a device has no feasible
    /// triple, and was repeated below the largest gamma that is feasible for all.
    /// </summary>
    public bool? BoundsRepaired { get; init; }

    /// <summary>Exact only: (upper bound - objective) / upper bound; 0 where the upper bound is 0.</summary>
    public double? RelativeGap => UpperBound is not { } bound ? null : bound > 0 ? (bound - Objective) / bound : 0;

    /// <summary>
    /// The dominant term (23) of Theorem 1's bound with sigma_0^2 = 1: K / objective; infinite where the objective is 0. With constants,
    /// see <see cref="IsacFl.ConvergenceBound.OptimalityGap"/>.
    /// </summary>
    public double ConvergenceBound => IsacFl.ConvergenceBound.DominantTerm(Objective, Devices.Count);

    /// <summary>The plan in the form that the experiment executes.</summary>
    /// <exception cref="InvalidOperationException">The case is infeasible.</exception>
    public Plan ToPlan() => Feasible
        ? new Plan(Method, Objective, Devices)
        : throw new InvalidOperationException($"There is no plan: {string.Join("; ", Reasons)}");

    /// <summary>The answer as one JSON object; a figure that is not finite, or that an infeasible case has not, is null.</summary>
    public string ToJson() => JsonText.Object(writer =>
    {
        writer.WriteString("planner", IsacFlPlanner.FamilyName);
        writer.WriteString("method", Method);
        writer.WriteBoolean("feasible", Feasible);
        if (!Feasible)
        {
            writer.WriteTexts("reasons", Reasons);
        }

        if (Feasible)
        {
            writer.WriteFigure("objective", Objective);
            WritePlan(writer);
        }
        else
        {
            writer.WriteNull("objective");
        }

        writer.WriteNumber("iterations", Iterations);
        writer.WriteNumber("solveSeconds", SolveTime.TotalSeconds);
    });

    private void WritePlan(Utf8JsonWriter writer)
    {
        writer.WriteFigure("minSensingSnr", MinSensingSnr);
        if (UpperBound is not null)
        {
            writer.WriteFinite("upperBound", UpperBound);
            writer.WriteFinite("relativeGap", RelativeGap);
        }

        if (BoundsRepaired is { } repaired)
        {
            writer.WriteBoolean("boundsRepaired", repaired);
        }

        writer.WriteFinite("convergenceBound", ConvergenceBound);
        writer.WriteStartArray("devices");
        foreach (DevicePlan device in Devices)
        {
            writer.WriteStartObject();
            writer.WriteString("id", device.DeviceId);
            writer.WriteNumber("snapshots", device.Snapshots);
            writer.WriteFigure("sensingPowerWatts", device.SensingPowerWatts);
            writer.WriteFigure("uplinkPowerWatts", device.UplinkPowerWatts);
            writer.WriteFigure("samples", device.Samples);
            writer.WriteFigure("sensingSnr", device.SensingSnr);
            writer.WriteFigure("uploadSuccess", device.UploadSuccess);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
