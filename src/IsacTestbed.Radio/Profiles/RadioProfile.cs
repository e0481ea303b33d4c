namespace IsacTestbed.Radio;

/// <summary>What is known of one model of radio before it is opened, and what it may transmit: one file of firmware-config/radios.</summary>
/// <remarks>Read by <see cref="RadioProfileReader"/>; firmware-config/schema/radio.schema.json describes the same for editors.</remarks>
/// <param name="Name">Short name, as in "b210".</param>
/// <param name="Model">The vendor's name.</param>
/// <param name="TriedOnHardware">Whether anybody has run this program on such a radio; if not, every value is only the vendor's word.</param>
/// <param name="Drivers">Device arguments by driver: "soapy", "uhd" or "emulated".</param>
/// <param name="MasterClock">Allowed master clocks.</param>
/// <param name="DefaultMasterClockHz">The master clock to ask for.</param>
/// <param name="SampleRate">Allowed sample rates.</param>
/// <param name="Transmit">The transmit side.</param>
/// <param name="Receive">The receive side.</param>
/// <param name="FullScale">Power at full scale.</param>
/// <param name="ConverterBits">Bits of the converters.</param>
/// <param name="Images">FPGA and firmware that the radio must have, and how they come into it.</param>
/// <param name="Clocking">Where clock and time come from.</param>
/// <param name="LeadTimeSeconds">How far ahead of the radio's time a schedule must start.</param>
/// <param name="TransmitLimits">What it may transmit.</param>
public sealed record RadioProfile(
    string Name,
    string Model,
    bool TriedOnHardware,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Drivers,
    ValueSet MasterClock,
    double DefaultMasterClockHz,
    ValueSet SampleRate,
    RadioSide Transmit,
    RadioSide Receive,
    FullScalePower FullScale,
    int ConverterBits,
    IReadOnlyList<RadioImage> Images,
    RadioClocking Clocking,
    double LeadTimeSeconds,
    TransmitLimits TransmitLimits);

/// <summary>Allowed values of a setting: a list, or everything from a minimum to a maximum.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Values">The only values, ascending; empty when all between the bounds are allowed.</param>
public sealed record ValueSet(double Minimum, double Maximum, IReadOnlyList<double> Values)
{
    /// <summary>Whether a value is allowed, up to a part in a billion.</summary>
    public bool Contains(double value) => Values.Count == 0
        ? value >= Minimum && value <= Maximum
        : Values.Any(v => Math.Abs(v - value) <= 1e-9 * Math.Abs(v));
}

/// <summary>One direction of a radio.</summary>
/// <param name="Channels">Number of channels.</param>
/// <param name="Frequency">Tuning range.</param>
/// <param name="AntennaPorts">Names of the ports of each channel, as the driver spells them.</param>
/// <param name="AntennaPort">The port to use.</param>
/// <param name="Gains">The gain elements, in the order of the signal path.</param>
public sealed record RadioSide(
    int Channels, FrequencyBand Frequency, IReadOnlyList<string> AntennaPorts, string AntennaPort, IReadOnlyList<GainElement> Gains)
{
    /// <summary>The elements where the profile holds one of them, so that the radio sets all of them; null where the driver splits the gain.</summary>
    public GainElements? SetByElement => Gains.Any(g => g.HeldDb is not null) ? new GainElements(Gains) : null;
}

/// <summary>The power that full scale has at the antenna port, at one gain.</summary>
/// <param name="PowerDbm">Power of a continuous wave of |x| = 1.</param>
/// <param name="AtGainDb">The total transmit gain at which it was stated.</param>
public readonly record struct FullScalePower(double PowerDbm, double AtGainDb)
{
    /// <summary>Power in watts at 0 dB of transmit gain, as in <see cref="RadioDescription.FullScalePowerWatts"/>.</summary>
    public double WattsAtZeroGain => Math.Pow(10, (PowerDbm - AtGainDb - 30) / 10);
}

/// <summary>A file that must have been loaded into the radio.</summary>
/// <param name="Kind">What it is for, as in "fpga".</param>
/// <param name="File">Name of the vendor's file.</param>
/// <param name="Version">The version that the host's driver wants, as the driver reports it.</param>
/// <param name="Load">The command that loads it.</param>
public sealed record RadioImage(RadioImageKind Kind, string File, string Version, string Load);

/// <summary>Kinds of files that a radio holds.</summary>
public enum RadioImageKind
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>Configuration of its programmable logic.</summary>
    Fpga = 1,

    /// <summary>Program of its microcontroller.</summary>
    Firmware = 2,

    /// <summary>Its whole file system.</summary>
    FileSystem = 3,
}

/// <summary>Where a radio's clock and time come from.</summary>
/// <param name="ClockSources">Sources of the reference clock that the driver offers.</param>
/// <param name="ClockSource">The one to use.</param>
/// <param name="TimeSources">Sources of the pulse per second that the driver offers; "none" where the radio has no input for it.</param>
/// <param name="TimeSource">The one to use.</param>
public sealed record RadioClocking(IReadOnlyList<string> ClockSources, string ClockSource, IReadOnlyList<string> TimeSources, string TimeSource);
