namespace IsacTestbed.Core;

/// <summary>How a transmission ended.</summary>
public enum BurstOutcome
{
    /// <summary>Not known; never reported by a radio.</summary>
    Unspecified = 0,

    /// <summary>All samples left at their ticks.</summary>
    Transmitted = 1,

    /// <summary>The command came after its start tick; nothing was sent.</summary>
    Late = 2,

    /// <summary>The radio ran out of samples within the burst; the rest was not sent.</summary>
    Underflow = 3,

    /// <summary>The burst was cut short by a mute, a lost lease or a fault of the radio.</summary>
    Aborted = 4,
}

/// <summary>The end of one transmission.</summary>
public sealed class BurstReport : RadioOutput
{
    /// <summary>Creates the report.</summary>
    /// <param name="radioId">The radio.</param>
    /// <param name="burstId">The burst of the schedule.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="tick">The tick at which it ended.</param>
    public BurstReport(string radioId, int burstId, BurstOutcome outcome, long tick)
        : base(radioId)
    {
        BurstId = burstId;
        Outcome = outcome;
        Tick = tick;
    }

    /// <summary>The burst of the schedule.</summary>
    public int BurstId { get; }

    /// <summary>How it ended.</summary>
    public BurstOutcome Outcome { get; }

    /// <summary>The tick at which it ended.</summary>
    public long Tick { get; }
}
