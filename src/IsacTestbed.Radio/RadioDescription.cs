namespace IsacTestbed.Radio;

/// <summary>Identity and capabilities of a radio.</summary>
/// <param name="RadioId">Name by which schedules and captures refer to it.</param>
/// <param name="Driver">Kind of radio, as in "emulated".</param>
/// <param name="Serial">Serial number.</param>
/// <param name="Hardware">Further facts for the record: model, firmware, FPGA image, versions.</param>
/// <param name="TxChannels">Number of transmit channels.</param>
/// <param name="RxChannels">Number of receive channels.</param>
/// <param name="SampleRateHz">Allowed sample rates.</param>
/// <param name="FrequencyHz">Allowed carrier frequencies.</param>
/// <param name="TxGainDb">Allowed transmit gains.</param>
/// <param name="RxGainDb">Allowed receive gains.</param>
/// <param name="FullScalePowerWatts">Power per transmit channel at the antenna port for |x| = 1 at 0 dB transmit gain.</param>
/// <param name="LeadTimeSeconds">How far ahead of the radio's time a schedule must start.</param>
/// <param name="MaxBlockSamples">Largest number of samples per channel of one captured block.</param>
public sealed record RadioDescription(
    string RadioId,
    string Driver,
    string Serial,
    IReadOnlyDictionary<string, string> Hardware,
    int TxChannels,
    int RxChannels,
    SettingRange SampleRateHz,
    SettingRange FrequencyHz,
    SettingRange TxGainDb,
    SettingRange RxGainDb,
    double FullScalePowerWatts,
    double LeadTimeSeconds,
    int MaxBlockSamples);

/// <summary>Allowed values of a setting.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Step">Distance of adjacent values from the minimum up; zero means continuous.</param>
public readonly record struct SettingRange(double Minimum, double Maximum, double Step = 0)
{
    /// <summary>The nearest value within the range, not yet rounded to a step.</summary>
    public double Clip(double value) => Math.Clamp(value, Minimum, Maximum);

    /// <summary>The nearest allowed value.</summary>
    public double Round(double value) =>
        Step == 0 ? Clip(value) : Clip(Minimum + (Math.Round((Clip(value) - Minimum) / Step) * Step));
}

/// <summary>A setting: what was asked for, what of it lies in range, and what the radio really does.</summary>
/// <param name="Requested">What was asked for.</param>
/// <param name="Clipped">The request limited to the radio's range.</param>
/// <param name="Actual">What the radio really does; this is what is recorded.</param>
public readonly record struct Tuned(double Requested, double Clipped, double Actual)
{
    /// <summary>Tunes to the nearest allowed value of a range.</summary>
    public static Tuned To(double requested, SettingRange range) => new(requested, range.Clip(requested), range.Round(requested));
}

/// <summary>How a radio is to be tuned; applies to all its channels.</summary>
/// <param name="SampleRateHz">Sample rate.</param>
/// <param name="FrequencyHz">Carrier frequency.</param>
/// <param name="TxGainDb">Transmit gain.</param>
/// <param name="RxGainDb">Receive gain.</param>
public sealed record RadioSettingsRequest(double SampleRateHz, double FrequencyHz, double TxGainDb, double RxGainDb);

/// <summary>How a radio is tuned.</summary>
/// <param name="SampleRateHz">Sample rate.</param>
/// <param name="FrequencyHz">Carrier frequency.</param>
/// <param name="TxGainDb">Transmit gain.</param>
/// <param name="RxGainDb">Receive gain.</param>
public sealed record RadioSettings(Tuned SampleRateHz, Tuned FrequencyHz, Tuned TxGainDb, Tuned RxGainDb);

/// <summary>When a new time takes effect.</summary>
public enum TimeAlignment
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>At once.</summary>
    Now = 1,

    /// <summary>At the next edge of the pulse-per-second input.</summary>
    NextPps = 2,
}

/// <summary>One sensor.</summary>
/// <param name="Name">Name, as in "ref_locked".</param>
/// <param name="Value">Value as text.</param>
/// <param name="Unit">Unit, or empty.</param>
public readonly record struct SensorReading(string Name, string Value, string Unit);

/// <summary>Kinds of scripted faults.</summary>
public enum InjectedFaultKind
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>Received samples are lost for the duration: a gap, flagged as overflow.</summary>
    Overflow = 1,

    /// <summary>The next burst at or after the tick is treated as late: not sent, reported as late.</summary>
    LateCommand = 2,

    /// <summary>The burst on the air at the tick runs dry: cut off there, reported as underflow.</summary>
    Underflow = 3,

    /// <summary>The reference or PPS is lost for the duration: blocks are flagged unlocked and the clock drifts.</summary>
    LostReference = 4,

    /// <summary>The receiver saturates for the duration.</summary>
    Clipping = 5,

    /// <summary>The receiver delivers exact zeros for the duration.</summary>
    Stuck = 6,

    /// <summary>The radio stops answering at the tick, for good.</summary>
    Dead = 7,

    /// <summary>The radio answers slowly: each run is delayed by the duration in real time.</summary>
    Slow = 8,
}

/// <summary>A scripted fault of an emulated radio.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Tick">When, in ticks of the radio's clock.</param>
/// <param name="DurationTicks">For how long; one tick at least where a duration has a meaning.</param>
public sealed record InjectedFault(InjectedFaultKind Kind, long Tick, long DurationTicks);
