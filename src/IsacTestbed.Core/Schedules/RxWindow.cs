namespace IsacTestbed.Core;

/// <summary>A timed reception on all receive channels of a radio.</summary>
/// <param name="WindowId">Identifier, unique within the schedule; comes back with every captured block.</param>
/// <param name="StartTick">Tick of the first sample.</param>
/// <param name="SampleCount">Samples per channel, at least one.</param>
public sealed record RxWindow(int WindowId, long StartTick, int SampleCount)
{
    /// <summary>One past the last tick.</summary>
    public long EndTick => StartTick + SampleCount;
}
