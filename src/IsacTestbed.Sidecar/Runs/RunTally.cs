using IsacTestbed.Core;
using IsacTestbed.Sidecar.Captures;
using IsacTestbed.Wire.V1;

namespace IsacTestbed.Sidecar.Runs;

/// <summary>Counts what one radio sent within a run. Not thread safe.</summary>
internal sealed class RunTally(string radioId)
{
    private readonly RunSummary _summary = new() { RadioId = radioId };

    /// <summary>The radio.</summary>
    public string RadioId => _summary.RadioId;

    /// <summary>Counts a message with samples.</summary>
    public void Add(CaptureSlice slice)
    {
        _summary.ChunkCount++;
        _summary.SampleCount += slice.SampleCount;
        _summary.LostSampleCount += slice.Gaps.Sum(g => g.SampleCount);
        _summary.FlaggedChunkCount += slice.Block.Flags == CaptureFlags.None ? 0 : 1;
    }

    /// <summary>Counts a burst.</summary>
    public void Add(Core.BurstReport report)
    {
        _summary.BurstCount++;
        _summary.FailedBurstCount += report.Outcome == Core.BurstOutcome.Transmitted ? 0 : 1;
    }

    /// <summary>The counts, and the fault with which the radio ended, if any.</summary>
    public ExecuteScheduleResponse End(FaultDetail? fault)
    {
        _summary.Fault = fault;
        return new ExecuteScheduleResponse { Summary = _summary };
    }
}
