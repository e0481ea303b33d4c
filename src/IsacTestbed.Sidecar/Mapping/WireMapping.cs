using System.Globalization;
using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Leases;

namespace IsacTestbed.Sidecar.Mapping;

/// <summary>Translates between the radio contract and the generated messages, on the sidecar's side.</summary>
/// <remarks>Enumerations carry the same numbers on both sides; a test holds them to each other.</remarks>
internal static class WireMapping
{
    public static Wire.V1.Radio ToWire(IRadio radio)
    {
        RadioDescription from = radio.Description;
        var to = new Wire.V1.Radio
        {
            RadioId = from.RadioId,
            Driver = from.Driver,
            Serial = from.Serial,
            TxChannels = from.TxChannels,
            RxChannels = from.RxChannels,
            SampleRateHz = ToWire(from.SampleRateHz),
            FrequencyHz = ToWire(from.FrequencyHz),
            TxGainDb = ToWire(from.TxGainDb),
            RxGainDb = ToWire(from.RxGainDb),
            FullScalePowerWatts = from.FullScalePowerWatts,
            LeadTimeSeconds = from.LeadTimeSeconds,
            MaxBlockSamples = from.MaxBlockSamples,
            SupportsFaultInjection = radio is IFaultInjection,
        };
        foreach ((string key, string value) in from.Hardware)
        {
            to.Hardware.Add(key, value);
        }

        return to;
    }

    public static Wire.V1.TransmitLimits ToWire(TransmitLimits from) => new()
    {
        Bands = { from.Bands.Select(b => new Wire.V1.FrequencyBand { MinimumHz = b.MinimumHz, MaximumHz = b.MaximumHz }) },
        MaxAmplitude = from.MaxAmplitude,
        MaxPowerWatts = from.MaxPowerWatts,
        MaxGainDb = from.MaxGainDb,
        MaxDutyCycle = from.MaxDutyCycle,
        DutyPeriodSeconds = from.DutyPeriod.TotalSeconds,
        AntennaPorts = { from.AntennaPorts },
    };

    public static Wire.V1.RadioState ToWire(RadioState from) => new()
    {
        RadioId = from.RadioId,
        Settings = from.Settings is { } settings ? ToWire(settings) : null,
        LeaseHolder = from.Holder ?? string.Empty,
        LeaseRemainingSeconds = from.Remaining.TotalSeconds,
    };

    public static RadioSettingsRequest ToRequest(Wire.V1.ConfigureRadioRequest from) =>
        new(from.SampleRateHz, from.FrequencyHz, from.TxGainDb, from.RxGainDb);

    public static Wire.V1.ConfigureRadioResponse ToWire(RadioSettings from) => new()
    {
        SampleRateHz = ToWire(from.SampleRateHz),
        FrequencyHz = ToWire(from.FrequencyHz),
        TxGainDb = ToWire(from.TxGainDb),
        RxGainDb = ToWire(from.RxGainDb),
    };

    public static Wire.V1.DeviceTime ToWire(DeviceTime from) => new() { Ticks = from.Ticks, RateHz = from.RateHz };

    /// <exception cref="ArgumentException">The time is missing or its rate is not positive.</exception>
    public static DeviceTime ToTime(Wire.V1.DeviceTime? from)
    {
        if (from is null || !(from.RateHz > 0) || double.IsInfinity(from.RateHz))
        {
            throw new ArgumentException("The time is missing or its rate is not positive and finite.");
        }

        return new DeviceTime(from.Ticks, from.RateHz);
    }

    /// <exception cref="ArgumentException">The alignment is missing or unknown.</exception>
    public static TimeAlignment ToAlignment(Wire.V1.TimeAlignment from) =>
        from is Wire.V1.TimeAlignment.Now or Wire.V1.TimeAlignment.NextPps
            ? (TimeAlignment)from
            : throw new ArgumentException($"Time alignment {from:D}; it must be 1 (now) or 2 (next PPS).");

    public static Wire.V1.SensorReading ToWire(SensorReading from) => new() { Name = from.Name, Value = from.Value, Unit = from.Unit };

    /// <exception cref="ArgumentException">The kind is missing or unknown, or a number is negative.</exception>
    public static InjectedFault ToFault(Wire.V1.InjectFaultRequest from)
    {
        var kind = (InjectedFaultKind)from.Kind;
        if (kind == InjectedFaultKind.Unspecified || !Enum.IsDefined(kind))
        {
            throw new ArgumentException($"Fault kind {from.Kind:D} is not known.");
        }

        if (from.DurationTicks < 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A fault lasts {from.DurationTicks} ticks; at least 0."));
        }

        return new InjectedFault(kind, from.Tick, from.DurationTicks);
    }

    /// <exception cref="ArgumentException">The schedule is malformed; the message names the first mistake.</exception>
    public static BurstSchedule ToSchedule(Wire.V1.BurstSchedule from)
    {
        var schedule = new BurstSchedule(
            from.RadioId,
            [.. from.Bursts.Select(b => new TxBurst(
                b.BurstId,
                b.StartTick,
                [.. b.Layers.Select(l => new TxLayer(l.WaveformId, [.. l.Weights.Select(w => new Complex(w.Real, w.Imaginary))]))],
                b.Repeats,
                b.IntervalTicks,
                b.Amplitude))],
            [.. from.Windows.Select(w => new RxWindow(w.WindowId, w.StartTick, w.SampleCount))]);
        schedule.Validate();
        return schedule;
    }

    public static Wire.V1.BurstReport ToWire(BurstReport from) => new()
    {
        RadioId = from.RadioId,
        BurstId = from.BurstId,
        Outcome = (Wire.V1.BurstOutcome)from.Outcome,
        Tick = from.Tick,
    };

    private static Wire.V1.SettingRange ToWire(SettingRange from) =>
        new() { Minimum = from.Minimum, Maximum = from.Maximum, Step = from.Step };

    private static Wire.V1.Tuned ToWire(Tuned from) =>
        new() { Requested = from.Requested, Clipped = from.Clipped, Actual = from.Actual };
}
