using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>A SoapySDR device behind the border of streaming devices: every call for all channels in use, times in ticks.</summary>
internal sealed class SoapyStreamingDevice : IStreamingDevice
{
    private const string Pps = "PPS";
    private const string ReferenceLock = "ref_locked";
    private const string OscillatorLock = "lo_locked";
    private static readonly TimeSpan EdgeLimit = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    private readonly SoapyDevice _device;
    private readonly SoapyRadioOptions _options;
    private readonly SoapyQuirks _quirks;
    private readonly IReadOnlyList<int> _rxChannels;
    private readonly IReadOnlyList<int> _txChannels;
    private readonly bool _tellsReferenceLock;
    private readonly bool _tellsPps;
    private double _rateHz;

    private SoapyStreamingDevice(SoapyDevice device, SoapyRadioOptions options)
    {
        _device = device;
        _options = options;
        string driver = device.DriverKey;
        _quirks = SoapyQuirks.Of(driver);
        _rxChannels = options.RxChannels ?? [.. Enumerable.Range(0, device.ChannelCount(StreamDirection.Receive))];
        _txChannels = options.TxChannels ?? [.. Enumerable.Range(0, device.ChannelCount(StreamDirection.Transmit))];
        if (_rxChannels.Count == 0)
        {
            throw new StreamingDeviceException(RadioFaultCode.NotSupported, $"SoapySDR device {driver} has no receive channel; the radio needs one.");
        }

        if (!device.HasHardwareTime(string.Empty))
        {
            throw new StreamingDeviceException(
                RadioFaultCode.NotSupported, $"SoapySDR device {driver} has no hardware time; timed bursts need a device that has.");
        }

        _tellsPps = device.HasHardwareTime(Pps);
        _tellsReferenceLock = device.Sensors.Contains(ReferenceLock);
        ForAll(StreamDirection.Receive, c => device.DisableAutomaticGain(StreamDirection.Receive, c));
        foreach ((string key, string value) in options.Settings)
        {
            device.WriteSetting(key, value);
        }

        Description = Describe(driver);
    }

    /// <inheritdoc/>
    public StreamingDeviceDescription Description { get; }

    /// <summary>Opens a device.</summary>
    /// <exception cref="StreamingDeviceException">The library or the device is missing, or it cannot time its streams.</exception>
    public static SoapyStreamingDevice Open(SoapyRadioOptions options)
    {
        SoapyDevice device = SoapyDevice.Make(options.DeviceArguments);
        try
        {
            return new SoapyStreamingDevice(device, options);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public double SetSampleRate(double rateHz)
    {
        ForAll(StreamDirection.Receive, c => _device.SetSampleRate(StreamDirection.Receive, c, rateHz));
        ForAll(StreamDirection.Transmit, c => _device.SetSampleRate(StreamDirection.Transmit, c, rateHz));
        double actual = _device.SampleRate(StreamDirection.Receive, _rxChannels[0]);
        foreach (int channel in _txChannels)
        {
            double sent = _device.SampleRate(StreamDirection.Transmit, channel);
            if (sent != actual)
            {
                throw new StreamingDeviceException(
                    RadioFaultCode.NotSupported, $"at {rateHz} S/s the device receives {actual} S/s and transmits {sent}; choose a rate that both have.");
            }
        }

        _rateHz = actual;
        return actual;
    }

    /// <inheritdoc/>
    public double SetFrequency(StreamDirection direction, double frequencyHz)
    {
        ForAll(direction, c => _device.SetFrequency(direction, c, frequencyHz));
        foreach (int channel in Channels(direction))
        {
            AwaitOscillator(direction, channel);
        }

        return _device.Frequency(direction, Channels(direction)[0]);
    }

    /// <inheritdoc/>
    public double SetGain(StreamDirection direction, double gainDb)
    {
        ForAll(direction, c => _device.SetGain(direction, c, gainDb));
        return _device.Gain(direction, Channels(direction)[0]);
    }

    /// <inheritdoc/>
    public double SetGainElement(StreamDirection direction, string element, double gainDb)
    {
        ForAll(direction, c => _device.SetGain(direction, c, element, gainDb));
        return _device.Gain(direction, Channels(direction)[0], element);
    }

    /// <inheritdoc/>
    public double SetBandwidth(StreamDirection direction, double bandwidthHz)
    {
        ForAll(direction, c => _device.SetBandwidth(direction, c, bandwidthHz));
        return _device.Bandwidth(direction, Channels(direction)[0]);
    }

    /// <inheritdoc/>
    public void SelectAntenna(StreamDirection direction, string name) => ForAll(direction, c => _device.SetAntenna(direction, c, name));

    /// <inheritdoc/>
    public void SelectClockSource(string name) => _device.ClockSource = name;

    /// <inheritdoc/>
    public void SelectTimeSource(string name) => _device.TimeSource = name;

    /// <inheritdoc/>
    public long ReadTick() => StreamTime.TickFromNanoseconds(_device.HardwareTime(string.Empty), _rateHz);

    /// <inheritdoc/>
    public void SetTick(long tick, TimeAlignment alignment, CancellationToken cancellationToken)
    {
        long nanoseconds = StreamTime.NanosecondsFromTick(tick, _rateHz);
        if (alignment == TimeAlignment.Now)
        {
            _device.SetHardwareTime(nanoseconds, string.Empty);
            return;
        }

        if (Description.Clock == StreamClock.LockStep)
        {
            // Nothing moves the time while nobody receives: the next edge is now.
            _device.SetHardwareTime(nanoseconds, Pps);
            return;
        }

        if (_tellsPps)
        {
            long last = _device.HardwareTime(Pps);
            AwaitEdge(() => _device.HardwareTime(Pps) != last, "no edge of the pulse per second", cancellationToken);
        }

        _device.SetHardwareTime(nanoseconds, Pps);
        long limit = nanoseconds + (EdgeLimit.Ticks * 100);
        AwaitEdge(
            () => _device.HardwareTime(string.Empty) is var now && now >= nanoseconds && now < limit,
            "the time was not taken over at an edge of the pulse per second",
            cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SensorReading> ReadSensors()
    {
        List<SensorReading> readings = [];
        foreach (string name in _device.Sensors)
        {
            readings.Add(new SensorReading(name, _device.ReadSensor(name), _device.DescribeSensor(name).Unit));
        }

        foreach ((StreamDirection direction, string prefix) in ((StreamDirection, string)[])[(StreamDirection.Receive, "rx"), (StreamDirection.Transmit, "tx")])
        {
            foreach (int channel in Channels(direction))
            {
                foreach (string name in _device.ChannelSensors(direction, channel))
                {
                    string value = _device.ReadSensor(direction, channel, name);
                    readings.Add(new SensorReading($"{prefix}{channel}_{name}", value, _device.DescribeSensor(direction, channel, name).Unit));
                }
            }
        }

        return readings;
    }

    /// <inheritdoc/>
    public bool? ReadReferenceLock() => _tellsReferenceLock ? IsTrue(_device.ReadSensor(ReferenceLock)) : null;

    /// <inheritdoc/>
    public IReceiveStream OpenReceiveStream()
    {
        // The converter's largest code is one step below full scale; floats of a device that has none show no limit.
        (string native, double fullScale) = _device.NativeStreamFormat(StreamDirection.Receive, _rxChannels[0]);
        bool isInteger = native is "CS8" or "CS12" or "CS16" && fullScale > 1;
        float clipLevel = isInteger ? (float)((fullScale - 1) / fullScale) : float.PositiveInfinity;
        return new SoapyReceiveStream(OpenStream(StreamDirection.Receive), _quirks, _rateHz, clipLevel);
    }

    /// <inheritdoc/>
    public ITransmitStream OpenTransmitStream() => new SoapyTransmitStream(OpenStream(StreamDirection.Transmit), _quirks, _rateHz);

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    /// <summary>Throws when a stream call has failed; a driver that has nothing to do there may say that it does not support it.</summary>
    internal static void Check(SoapyStreamCode code, string what)
    {
        if (code is not (SoapyStreamCode.None or SoapyStreamCode.NotSupported))
        {
            throw new StreamingDeviceException(RadioFaultCode.Dead, $"SoapySDR: {what} failed with {code}.");
        }
    }

    private static bool IsTrue(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase) || text == "1";

    private static SettingRange ToSetting(SoapyRange range) => new(range.Minimum, range.Maximum, range.Step);

    private static void AwaitEdge(Func<bool> hasCome, string failure, CancellationToken cancellationToken)
    {
        if (!Await(hasCome, EdgeLimit, cancellationToken))
        {
            throw new StreamingDeviceException(
                RadioFaultCode.NotSupported, $"{failure} within {EdgeLimit.TotalSeconds} s; check the time source and its cable.");
        }
    }

    private static bool Await(Func<bool> hasCome, TimeSpan limit, CancellationToken cancellationToken)
    {
        long since = Stopwatch.GetTimestamp();
        while (!hasCome())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(since) > limit)
            {
                return false;
            }

            cancellationToken.WaitHandle.WaitOne(PollInterval);
        }

        return true;
    }

    private IReadOnlyList<int> Channels(StreamDirection direction) => direction == StreamDirection.Receive ? _rxChannels : _txChannels;

    private void ForAll(StreamDirection direction, Action<int> call)
    {
        foreach (int channel in Channels(direction))
        {
            call(channel);
        }
    }

    private void AwaitOscillator(StreamDirection direction, int channel)
    {
        if (_device.ChannelSensors(direction, channel).Contains(OscillatorLock)
            && !Await(() => IsTrue(_device.ReadSensor(direction, channel, OscillatorLock)), SettleLimit, CancellationToken.None))
        {
            throw new StreamingDeviceException(
                RadioFaultCode.NotSupported, $"the oscillator of {direction} channel {channel} did not lock within {SettleLimit.TotalSeconds} s.");
        }
    }

    private SoapyStream OpenStream(StreamDirection direction)
    {
        Dictionary<string, string> arguments = _quirks.StreamArguments(Description, direction, _options.Format);
        foreach ((string key, string value) in _options.StreamArguments)
        {
            arguments[key] = value;
        }

        return _device.OpenStream(direction, _options.Format, Channels(direction), arguments);
    }

    private StreamingDeviceDescription Describe(string driver)
    {
        var facts = new Dictionary<string, string>(_device.HardwareInfo, StringComparer.Ordinal)
        {
            ["hardware"] = _device.HardwareKey,
            ["soapysdr"] = SoapySdr.Version.Library,
        };
        bool transmits = _txChannels.Count > 0;
        SettingRange rxGain = ToSetting(_device.GainRange(StreamDirection.Receive, _rxChannels[0]));
        IReadOnlyList<SettingRange> frequencies = Ranges(_device.FrequencyRanges(StreamDirection.Receive, _rxChannels[0]));
        IReadOnlyList<SettingRange> rates = Ranges(_device.SampleRateRanges(StreamDirection.Receive, _rxChannels[0]));
        return new StreamingDeviceDescription(
            driver,
            facts.GetValueOrDefault("serial") ?? _options.DeviceArguments.GetValueOrDefault("serial") ?? _device.HardwareKey,
            facts,
            _txChannels.Count,
            _rxChannels.Count,
            transmits ? Common(rates, Ranges(_device.SampleRateRanges(StreamDirection.Transmit, _txChannels[0]))) : rates,
            transmits ? Common(frequencies, Ranges(_device.FrequencyRanges(StreamDirection.Transmit, _txChannels[0]))) : frequencies,
            transmits ? ToSetting(_device.GainRange(StreamDirection.Transmit, _txChannels[0])) : rxGain,
            rxGain,
            _device.ClockSources,
            _device.TimeSources,
            facts.GetValueOrDefault("clock_mode") == "lockstep" ? StreamClock.LockStep : StreamClock.RealTime,
            long.TryParse(facts.GetValueOrDefault("tx_buffer_samples"), CultureInfo.InvariantCulture, out long buffered) ? buffered : 0,
            _quirks.AcknowledgesBursts)
        {
            FullScalePowerWatts = double.TryParse(facts.GetValueOrDefault("full_scale_power_watts"), CultureInfo.InvariantCulture, out double power)
                ? power
                : null,
        };
    }

    private static List<SettingRange> Ranges(IReadOnlyList<SoapyRange> ranges) => [.. ranges.Select(ToSetting).OrderBy(r => r.Minimum)];

    /// <summary>What lies in both of two lists of ranges.</summary>
    private static List<SettingRange> Common(IReadOnlyList<SettingRange> one, IReadOnlyList<SettingRange> other) =>
    [
        .. from a in one
           from b in other
           let common = new SettingRange(Math.Max(a.Minimum, b.Minimum), Math.Min(a.Maximum, b.Maximum), Math.Max(a.Step, b.Step))
           where common.Minimum <= common.Maximum
           orderby common.Minimum
           select common,
    ];
}
