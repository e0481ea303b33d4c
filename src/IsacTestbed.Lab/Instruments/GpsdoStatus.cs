namespace IsacTestbed.Lab.Instruments;

/// <summary>What the health word of a Jackson Labs GPSDO says (LC_XO user manual, SYNChronization:HEAlth?). Zero is healthy.</summary>
[Flags]
public enum GpsdoHealth
{
    /// <summary>Locked, warm, and without anything to report.</summary>
    Healthy = 0,

    /// <summary>The coarse tuning stands at its upper end.</summary>
    CoarseDacAtMaximum = 0x1,

    /// <summary>The coarse tuning stands at its lower end.</summary>
    CoarseDacAtMinimum = 0x2,

    /// <summary>The 1PPS output is more than 250 ns off UTC.</summary>
    PhaseOffset = 0x4,

    /// <summary>Running for less than 300 s.</summary>
    WarmUp = 0x8,

    /// <summary>Without satellites for more than 60 s.</summary>
    Holdover = 0x10,

    /// <summary>The frequency estimate is out of bounds.</summary>
    FrequencyEstimate = 0x20,

    /// <summary>Supply or oscillator voltage too high.</summary>
    VoltageHigh = 0x40,

    /// <summary>Supply or oscillator voltage too low.</summary>
    VoltageLow = 0x80,

    /// <summary>The short-term drift exceeds 100 ns over 100 s.</summary>
    ShortTermDrift = 0x100,

    /// <summary>In the first minutes after a phase reset or a change of the coarse tuning.</summary>
    PhaseReset = 0x200,

    /// <summary>The receiver reports strong jamming.</summary>
    Jamming = 0x400,
}

/// <summary>The state of a GPSDO.</summary>
/// <param name="Locked">Whether its oscillator follows the satellites.</param>
/// <param name="Health">Its health word.</param>
/// <param name="TimeIntervalSeconds">Time from the receiver's 1PPS to its own.</param>
/// <param name="SatellitesVisible">Satellites in view.</param>
/// <param name="InHoldover">Whether it runs on its own.</param>
/// <param name="HoldoverSeconds">Length of the present holdover, or of the last one when it is over.</param>
public sealed record GpsdoStatus(
    bool Locked, GpsdoHealth Health, double TimeIntervalSeconds, int SatellitesVisible, bool InHoldover, double HoldoverSeconds)
{
    /// <summary>Why frequency and time cannot be trusted; empty when they can: locked, out of holdover, and healthy.</summary>
    public string Doubt =>
        InHoldover ? FormattableString.Invariant($"in holdover for {HoldoverSeconds:0} s")
        : !Locked ? "lock lost"
        : Health != GpsdoHealth.Healthy ? $"health {Health}"
        : string.Empty;
}
