using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>When, with respect to a phase of a run, an instrument was read.</summary>
public enum PhaseMoment
{
    /// <summary>Before its first burst, or between it and the phase before.</summary>
    Before = 0,

    /// <summary>Between its first burst and the reading behind its last, which is the last of these.</summary>
    During = 1,
}

/// <summary>One line of a run's instrument diary.</summary>
/// <param name="Phase">Number of the phase since the run was begun or resumed, from zero.</param>
/// <param name="Moment">When in it.</param>
/// <param name="Reading">What the instrument said.</param>
public sealed record InstrumentRecord(int Phase, PhaseMoment Moment, InstrumentReading Reading);
