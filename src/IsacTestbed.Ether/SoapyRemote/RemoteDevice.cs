using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>One emulated radio as a SoapySDR device: its settings, shared by all clients that opened it. Thread safe.</summary>
internal sealed class RemoteDevice
{
    /// <summary>Driver key.</summary>
    public const string Driver = "isac";

    /// <summary>For how long a paced stream keeps samples that its client has not read, and how far ahead it takes samples to be sent.</summary>
    public const double PacedBufferSeconds = 0.25;

    private readonly Action<string> _warn;
    private double _txGainDb;
    private double _rxGainDb;

    public RemoteDevice(AirStreams streams, int index, Action<string> warn)
    {
        Streams = streams;
        Index = index;
        Radio = streams.Air.Radios[index];
        SampleRateHz = streams.Air.Scene.SampleRateHz;
        double buffered = streams.IsLockStep ? 1 : PacedBufferSeconds;
        TxBufferSamples = (long)Math.Ceiling(Math.Max(buffered * SampleRateHz, 1 << 16));
        _warn = warn;
    }

    public AirStreams Streams { get; }

    public int Index { get; }

    public EmulatedRadio Radio { get; }

    public string Label => Radio.Description.RadioId;

    public double SampleRateHz { get; }

    public double CarrierFrequencyHz => Streams.Air.Scene.CarrierFrequencyHz;

    /// <summary>Samples per channel that a transmit stream takes ahead of the air.</summary>
    public long TxBufferSamples { get; }

    /// <summary>Names of the clock and time inputs in use.</summary>
    public SourceSelection ClockSource { get; } = new("clock source", ["internal", "external"]);

    public SourceSelection TimeSource { get; } = new("time source", ["internal", "external"]);

    /// <summary>10^(transmit gain / 20).</summary>
    public double TxAmplitude => Amplitude(Volatile.Read(ref _txGainDb));

    /// <summary>10^(receive gain / 20).</summary>
    public double RxAmplitude => Amplitude(Volatile.Read(ref _rxGainDb));

    /// <summary>What tells this device from the others.</summary>
    public Dictionary<string, string> Identity => new(StringComparer.Ordinal)
    {
        ["driver"] = Driver,
        ["label"] = Label,
        ["serial"] = Radio.Description.Serial,
    };

    /// <summary>Facts about the device.</summary>
    public Dictionary<string, string> HardwareInfo
    {
        get
        {
            var info = new Dictionary<string, string>(Radio.Description.Hardware, StringComparer.Ordinal)
            {
                ["radio_id"] = Radio.Description.RadioId,
                ["serial"] = Radio.Description.Serial,
                ["clock_mode"] = Streams.IsLockStep ? "lockstep" : "paced",
                ["tx_buffer_samples"] = TxBufferSamples.ToString(CultureInfo.InvariantCulture),
                ["full_scale_power_watts"] = Radio.Description.FullScalePowerWatts.ToString("G17", CultureInfo.InvariantCulture),
            };
            info.Remove("clock");
            return info;
        }
    }

    public int ChannelCount(Direction direction) =>
        direction == Direction.Transmit ? Radio.Description.TxChannels : Radio.Description.RxChannels;

    public SettingRange GainRange(Direction direction) =>
        direction == Direction.Transmit ? Radio.Description.TxGainDb : Radio.Description.RxGainDb;

    public double GainDb(Direction direction) =>
        direction == Direction.Transmit ? Volatile.Read(ref _txGainDb) : Volatile.Read(ref _rxGainDb);

    /// <summary>Sets the gain of all channels of a direction, within its range.</summary>
    public void SetGainDb(Direction direction, double gainDb)
    {
        if (!double.IsFinite(gainDb))
        {
            throw new DeviceCallException($"a gain of {gainDb} dB: it must be finite");
        }

        // What was written or asked for before the call keeps the gain it had.
        Streams.TakeInTransmissions();
        double actual = GainRange(direction).Round(gainDb);
        WarnUnlessMet($"{direction.Word()} gain in decibels", gainDb, actual);
        if (direction == Direction.Transmit)
        {
            Volatile.Write(ref _txGainDb, actual);
        }
        else
        {
            Volatile.Write(ref _rxGainDb, actual);
        }
    }

    /// <summary>Says when a request was not met: what the scene fixes cannot be tuned.</summary>
    public void WarnUnlessMet(string what, double requested, double actual)
    {
        if (Math.Abs(requested - actual) > 1e-9 * Math.Abs(actual))
        {
            _warn(string.Create(CultureInfo.InvariantCulture, $"{Label}: {what}: {requested} asked for, {actual} is what the emulated radio does"));
        }
    }

    /// <summary>Tells all clients.</summary>
    public void Warn(string message) => _warn($"{Label}: {message}");

    public long ToTicks(long nanoseconds) => SoapyTime.ToTicks(nanoseconds, SampleRateHz);

    public long ToNanoseconds(long ticks) => SoapyTime.ToNanoseconds(ticks, SampleRateHz);

    /// <summary>Refuses when the radio has died.</summary>
    public void RequireAlive()
    {
        if (Radio.Faults.DeadTick <= Streams.Now)
        {
            throw new DeviceCallException($"{Label}: the radio has stopped answering");
        }
    }

    private static double Amplitude(double gainDb) => Math.Sqrt(new Decibels(gainDb).ToPowerRatio().Value);
}
