namespace IsacTestbed.Core;

/// <summary>Whether a measurement may be used, by rising severity.</summary>
public enum Verdict
{
    /// <summary>Good: enters estimates and counts as success or outage.</summary>
    Valid = 0,

    /// <summary>The conditions were not those that were asked for (overflow, lost lock, clipping): dropped, never an outage.</summary>
    Inconclusive = 1,

    /// <summary>The radio or the link to it failed: dropped, never an outage, and reported.</summary>
    Faulted = 2,
}
