namespace IsacTestbed.Radio;

/// <summary>What a profile allows a transmitter. What exceeds a limit is refused, never clipped, and the refusal names it.</summary>
/// <remarks>Every limit that is left out is none; <see cref="None"/> leaves the radio's own ranges. Immutable and thread safe.</remarks>
public sealed record TransmitLimits
{
    /// <summary>
    /// The key of <see cref="RadioDescription.Hardware"/> under which a driver says through which antenna ports the radio transmits: names
    /// separated by commas. A radio that does not say it cannot transmit under a profile that limits the ports.
    /// </summary>
    public const string AntennaKey = "txAntenna";

    /// <summary>No limit beyond the radios' own ranges.</summary>
    public static TransmitLimits None { get; } = new();

    /// <summary>Where all of the sampled band (carrier plus and minus half the sample rate) must lie, in one of them; empty for anywhere.</summary>
    public IReadOnlyList<FrequencyBand> Bands { get; init; } = [];

    /// <summary>Largest peak of amplitude times weight times waveform, relative to full scale.</summary>
    public double MaxAmplitude { get; init; } = double.PositiveInfinity;

    /// <summary>Largest mean power of a waveform in watts, per channel at the antenna port.</summary>
    public double MaxPowerWatts { get; init; } = double.PositiveInfinity;

    /// <summary>Largest transmit gain.</summary>
    public double MaxGainDb { get; init; } = double.PositiveInfinity;

    /// <summary>Largest fraction of the time during which the radio transmits.</summary>
    public double MaxDutyCycle { get; init; } = double.PositiveInfinity;

    /// <summary>The time over which the duty cycle counts, whatever schedules it holds; zero for each schedule by itself.</summary>
    public TimeSpan DutyPeriod { get; init; }

    /// <summary>The antenna ports through which the radio may transmit; empty for any.</summary>
    public IReadOnlyList<string> AntennaPorts { get; init; } = [];
}
