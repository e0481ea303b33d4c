using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>One curve to learn: a plan, and how the data are divided.</summary>
/// <param name="Label">For the progress display.</param>
/// <param name="Fleet">Number of devices among which the data set is divided.</param>
/// <param name="Participants">Those that take part, by their index in the fleet; the data of the others are never seen.</param>
/// <param name="NonIid">Whether the data are divided by label.</param>
internal sealed record LearningTask(string Label, int Fleet, IReadOnlyList<Participant> Participants, bool NonIid)
{
    /// <summary>All devices of a plan take part.</summary>
    public static LearningTask For(string label, IReadOnlyList<DevicePlan> plan, bool nonIid) =>
        new(label, plan.Count, [.. plan.Select((device, k) => Participant.From(k, device))], nonIid);
}

/// <summary>A device that takes part.</summary>
/// <param name="Device">Its index in the fleet.</param>
/// <param name="Samples">D_k, whole samples.</param>
/// <param name="SensingSnr">Linear SNR of its samples.</param>
/// <param name="UploadSuccess">q_k.</param>
internal sealed record Participant(int Device, int Samples, double SensingSnr, double UploadSuccess)
{
    /// <summary>A device as planned; a fraction of a sample is none.</summary>
    public static Participant From(int device, DevicePlan plan) => new(device, (int)Math.Floor(plan.Samples + 1e-9), plan.SensingSnr, plan.UploadSuccess);
}
