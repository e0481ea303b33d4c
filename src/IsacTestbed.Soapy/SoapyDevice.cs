using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>An open SoapySDR device: the library's calls in .NET's terms, and nothing more.</summary>
/// <remarks>
/// Every refusal of the driver is a <see cref="StreamingDeviceException"/> with the driver's words. Thread safety is the driver's: control calls from
/// one thread at a time, streams from others. Disposal unmakes the device, once its streams are closed.
/// </remarks>
public sealed unsafe class SoapyDevice : IDisposable
{
    private readonly SoapyDeviceHandle _device;

    private SoapyDevice(SoapyDeviceHandle device) => _device = device;

    /// <summary>Name of the driver, as in "b200" or "remote".</summary>
    public string DriverKey => Checked("getDriverKey", NativeText.Take(SoapyImports.SoapySDRDevice_getDriverKey(_device)));

    /// <summary>Name of the hardware.</summary>
    public string HardwareKey => Checked("getHardwareKey", NativeText.Take(SoapyImports.SoapySDRDevice_getHardwareKey(_device)));

    /// <summary>Facts about the hardware.</summary>
    public IReadOnlyDictionary<string, string> HardwareInfo =>
        Checked("getHardwareInfo", NativeText.Take(SoapyImports.SoapySDRDevice_getHardwareInfo(_device)));

    /// <summary>Where the reference clock comes from; setting it takes one of <see cref="ClockSources"/>.</summary>
    public string ClockSource
    {
        get => Checked("getClockSource", NativeText.Take(SoapyImports.SoapySDRDevice_getClockSource(_device)));
        set => Check(SoapyImports.SoapySDRDevice_setClockSource(_device, value), $"setClockSource {value}");
    }

    /// <summary>Where the pulse per second comes from; setting it takes one of <see cref="TimeSources"/>.</summary>
    public string TimeSource
    {
        get => Checked("getTimeSource", NativeText.Take(SoapyImports.SoapySDRDevice_getTimeSource(_device)));
        set => Check(SoapyImports.SoapySDRDevice_setTimeSource(_device, value), $"setTimeSource {value}");
    }

    /// <summary>Rate of the master clock in hertz.</summary>
    public double MasterClockRateHz
    {
        get => Checked("getMasterClockRate", SoapyImports.SoapySDRDevice_getMasterClockRate(_device));
        set => Check(SoapyImports.SoapySDRDevice_setMasterClockRate(_device, value), $"setMasterClockRate {value}");
    }

    /// <summary>Names of the clock sources.</summary>
    public IReadOnlyList<string> ClockSources
    {
        get
        {
            nuint length;
            byte** names = SoapyImports.SoapySDRDevice_listClockSources(_device, &length);
            return Checked("listClockSources", NativeText.Take(names, length));
        }
    }

    /// <summary>Names of the time sources.</summary>
    public IReadOnlyList<string> TimeSources
    {
        get
        {
            nuint length;
            byte** names = SoapyImports.SoapySDRDevice_listTimeSources(_device, &length);
            return Checked("listTimeSources", NativeText.Take(names, length));
        }
    }

    /// <summary>Names of the device's sensors.</summary>
    public IReadOnlyList<string> Sensors
    {
        get
        {
            nuint length;
            byte** names = SoapyImports.SoapySDRDevice_listSensors(_device, &length);
            return Checked("listSensors", NativeText.Take(names, length));
        }
    }

    /// <summary>Descriptions of the device's settings.</summary>
    public IReadOnlyList<SoapyArgument> Settings
    {
        get
        {
            nuint length;
            NativeArgInfo* infos = SoapyImports.SoapySDRDevice_getSettingInfo(_device, &length);
            return Checked("getSettingInfo", NativeText.Take(infos, length));
        }
    }

    /// <summary>Opens a device.</summary>
    /// <param name="arguments">What selects it, such as driver=remote and remote=tcp://127.0.0.1:55132.</param>
    /// <exception cref="StreamingDeviceException">The library is not installed, or there is no such device.</exception>
    public static SoapyDevice Make(IReadOnlyDictionary<string, string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        SoapyLibrary.Require();
        using var kwargs = new KwargsScope(arguments);
        var device = new SoapyDeviceHandle(SoapyImports.SoapySDRDevice_make(kwargs.Pointer));
        if (device.IsInvalid)
        {
            string wanted = string.Join(", ", arguments.Select(a => $"{a.Key}={a.Value}"));
            string error = NativeText.Borrow(SoapyImports.SoapySDRDevice_lastError());
            device.Dispose();
            throw new StreamingDeviceException(
                RadioFaultCode.NotFound, $"no device opens for \"{wanted}\": {error}. Is it connected, and the module of its driver installed?");
        }

        return new SoapyDevice(device);
    }

    /// <summary>Number of channels of a direction.</summary>
    public int ChannelCount(StreamDirection direction) =>
        Checked("getNumChannels", (int)SoapyImports.SoapySDRDevice_getNumChannels(_device, (int)direction));

    /// <summary>Facts about a channel.</summary>
    public IReadOnlyDictionary<string, string> ChannelInfo(StreamDirection direction, int channel) =>
        Checked("getChannelInfo", NativeText.Take(SoapyImports.SoapySDRDevice_getChannelInfo(_device, (int)direction, (nuint)channel)));

    /// <summary>Sample formats that a channel's streams may have.</summary>
    public IReadOnlyList<string> StreamFormats(StreamDirection direction, int channel)
    {
        nuint length;
        byte** names = SoapyImports.SoapySDRDevice_getStreamFormats(_device, (int)direction, (nuint)channel, &length);
        return Checked("getStreamFormats", NativeText.Take(names, length));
    }

    /// <summary>The format of the hardware itself, and its full scale.</summary>
    public (string Format, double FullScale) NativeStreamFormat(StreamDirection direction, int channel)
    {
        double fullScale = 0;
        string format = NativeText.Take(SoapyImports.SoapySDRDevice_getNativeStreamFormat(_device, (int)direction, (nuint)channel, &fullScale));
        return Checked("getNativeStreamFormat", (format, fullScale));
    }

    /// <summary>Opens a stream, not yet active.</summary>
    /// <param name="direction">Which way.</param>
    /// <param name="format">CF32 or CS16.</param>
    /// <param name="channels">The channels, in the order of the buffers.</param>
    /// <param name="arguments">Stream arguments of the driver.</param>
    public SoapyStream OpenStream(
        StreamDirection direction, SampleFormat format, IReadOnlyList<int> channels, IReadOnlyDictionary<string, string> arguments)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(arguments);
        nuint[] indices = [.. channels.Select(c => (nuint)c)];
        string name = format == SampleFormat.ComplexFloat32 ? "CF32" : "CS16";
        using var kwargs = new KwargsScope(arguments);
        nint stream;
        fixed (nuint* first = indices)
        {
            stream = SoapyImports.SoapySDRDevice_setupStream(_device, (int)direction, name, first, (nuint)indices.Length, kwargs.Pointer);
        }

        return stream == 0
            ? throw Failure($"setupStream {direction} {name} on channels {string.Join(", ", channels)}")
            : new SoapyStream(_device, new SoapyStreamHandle(_device, stream), direction, format);
    }

    /// <summary>Antenna ports of a channel.</summary>
    public IReadOnlyList<string> Antennas(StreamDirection direction, int channel)
    {
        nuint length;
        byte** names = SoapyImports.SoapySDRDevice_listAntennas(_device, (int)direction, (nuint)channel, &length);
        return Checked("listAntennas", NativeText.Take(names, length));
    }

    /// <summary>Selects an antenna port.</summary>
    public void SetAntenna(StreamDirection direction, int channel, string name) =>
        Check(SoapyImports.SoapySDRDevice_setAntenna(_device, (int)direction, (nuint)channel, name), $"setAntenna {name}");

    /// <summary>The selected antenna port.</summary>
    public string Antenna(StreamDirection direction, int channel) =>
        Checked("getAntenna", NativeText.Take(SoapyImports.SoapySDRDevice_getAntenna(_device, (int)direction, (nuint)channel)));

    /// <summary>Names of the gain elements of a channel, in the order of the signal.</summary>
    public IReadOnlyList<string> GainElements(StreamDirection direction, int channel)
    {
        nuint length;
        byte** names = SoapyImports.SoapySDRDevice_listGains(_device, (int)direction, (nuint)channel, &length);
        return Checked("listGains", NativeText.Take(names, length));
    }

    /// <summary>Switches automatic gain off, where a channel has it: a receiver that measures must not turn its own gain.</summary>
    public void DisableAutomaticGain(StreamDirection direction, int channel)
    {
        if (Checked("hasGainMode", SoapyImports.SoapySDRDevice_hasGainMode(_device, (int)direction, (nuint)channel)) != 0)
        {
            Check(SoapyImports.SoapySDRDevice_setGainMode(_device, (int)direction, (nuint)channel, 0), "setGainMode");
        }
    }

    /// <summary>Sets the overall gain in decibels.</summary>
    public void SetGain(StreamDirection direction, int channel, double gainDb) =>
        Check(SoapyImports.SoapySDRDevice_setGain(_device, (int)direction, (nuint)channel, gainDb), $"setGain {gainDb} dB");

    /// <summary>The overall gain in decibels.</summary>
    public double Gain(StreamDirection direction, int channel) =>
        Checked("getGain", SoapyImports.SoapySDRDevice_getGain(_device, (int)direction, (nuint)channel));

    /// <summary>Allowed overall gains in decibels.</summary>
    public SoapyRange GainRange(StreamDirection direction, int channel) =>
        Checked("getGainRange", Range(SoapyImports.SoapySDRDevice_getGainRange(_device, (int)direction, (nuint)channel)));

    /// <summary>Sets the gain of an element in decibels.</summary>
    public void SetGain(StreamDirection direction, int channel, string element, double gainDb) =>
        Check(SoapyImports.SoapySDRDevice_setGainElement(_device, (int)direction, (nuint)channel, element, gainDb), $"setGain {element} {gainDb} dB");

    /// <summary>The gain of an element in decibels.</summary>
    public double Gain(StreamDirection direction, int channel, string element) =>
        Checked($"getGain {element}", SoapyImports.SoapySDRDevice_getGainElement(_device, (int)direction, (nuint)channel, element));

    /// <summary>Allowed gains of an element in decibels.</summary>
    public SoapyRange GainRange(StreamDirection direction, int channel, string element) =>
        Checked($"getGainRange {element}", Range(SoapyImports.SoapySDRDevice_getGainElementRange(_device, (int)direction, (nuint)channel, element)));

    /// <summary>Tunes a channel.</summary>
    public void SetFrequency(StreamDirection direction, int channel, double frequencyHz) =>
        Check(SoapyImports.SoapySDRDevice_setFrequency(_device, (int)direction, (nuint)channel, frequencyHz, null), $"setFrequency {frequencyHz} Hz");

    /// <summary>The frequency of a channel in hertz.</summary>
    public double Frequency(StreamDirection direction, int channel) =>
        Checked("getFrequency", SoapyImports.SoapySDRDevice_getFrequency(_device, (int)direction, (nuint)channel));

    /// <summary>Allowed frequencies in hertz.</summary>
    public IReadOnlyList<SoapyRange> FrequencyRanges(StreamDirection direction, int channel)
    {
        nuint length;
        NativeRange* ranges = SoapyImports.SoapySDRDevice_getFrequencyRange(_device, (int)direction, (nuint)channel, &length);
        return Checked("getFrequencyRange", NativeText.Take(ranges, length));
    }

    /// <summary>Sets the sample rate of a channel.</summary>
    public void SetSampleRate(StreamDirection direction, int channel, double rateHz) =>
        Check(SoapyImports.SoapySDRDevice_setSampleRate(_device, (int)direction, (nuint)channel, rateHz), $"setSampleRate {rateHz} Hz");

    /// <summary>The sample rate of a channel in hertz.</summary>
    public double SampleRate(StreamDirection direction, int channel) =>
        Checked("getSampleRate", SoapyImports.SoapySDRDevice_getSampleRate(_device, (int)direction, (nuint)channel));

    /// <summary>Allowed sample rates in hertz.</summary>
    public IReadOnlyList<SoapyRange> SampleRateRanges(StreamDirection direction, int channel)
    {
        nuint length;
        NativeRange* ranges = SoapyImports.SoapySDRDevice_getSampleRateRange(_device, (int)direction, (nuint)channel, &length);
        return Checked("getSampleRateRange", NativeText.Take(ranges, length));
    }

    /// <summary>Sets the analogue filter of a channel.</summary>
    public void SetBandwidth(StreamDirection direction, int channel, double bandwidthHz) =>
        Check(SoapyImports.SoapySDRDevice_setBandwidth(_device, (int)direction, (nuint)channel, bandwidthHz), $"setBandwidth {bandwidthHz} Hz");

    /// <summary>The analogue filter of a channel in hertz.</summary>
    public double Bandwidth(StreamDirection direction, int channel) =>
        Checked("getBandwidth", SoapyImports.SoapySDRDevice_getBandwidth(_device, (int)direction, (nuint)channel));

    /// <summary>Allowed bandwidths in hertz.</summary>
    public IReadOnlyList<SoapyRange> BandwidthRanges(StreamDirection direction, int channel)
    {
        nuint length;
        NativeRange* ranges = SoapyImports.SoapySDRDevice_getBandwidthRange(_device, (int)direction, (nuint)channel, &length);
        return Checked("getBandwidthRange", NativeText.Take(ranges, length));
    }

    /// <summary>Whether there is a hardware time.</summary>
    /// <param name="what">Empty for the clock itself; "PPS" for its value at the last pulse.</param>
    public bool HasHardwareTime(string what) => Checked("hasHardwareTime", SoapyImports.SoapySDRDevice_hasHardwareTime(_device, what)) != 0;

    /// <summary>The hardware time in nanoseconds.</summary>
    public long HardwareTime(string what) => Checked($"getHardwareTime {what}", SoapyImports.SoapySDRDevice_getHardwareTime(_device, what));

    /// <summary>Sets the hardware time.</summary>
    /// <param name="nanoseconds">The time.</param>
    /// <param name="what">Empty for at once; "PPS" for the next pulse.</param>
    public void SetHardwareTime(long nanoseconds, string what) =>
        Check(SoapyImports.SoapySDRDevice_setHardwareTime(_device, nanoseconds, what), $"setHardwareTime {nanoseconds} ns {what}");

    /// <summary>Describes a sensor.</summary>
    public SoapyArgument DescribeSensor(string name) =>
        Checked($"getSensorInfo {name}", NativeText.Take(SoapyImports.SoapySDRDevice_getSensorInfo(_device, name)));

    /// <summary>Reads a sensor.</summary>
    public string ReadSensor(string name) => Checked($"readSensor {name}", NativeText.Take(SoapyImports.SoapySDRDevice_readSensor(_device, name)));

    /// <summary>Names of a channel's sensors.</summary>
    public IReadOnlyList<string> ChannelSensors(StreamDirection direction, int channel)
    {
        nuint length;
        byte** names = SoapyImports.SoapySDRDevice_listChannelSensors(_device, (int)direction, (nuint)channel, &length);
        return Checked("listSensors", NativeText.Take(names, length));
    }

    /// <summary>Describes a channel's sensor.</summary>
    public SoapyArgument DescribeSensor(StreamDirection direction, int channel, string name) => Checked(
        $"getSensorInfo {name}", NativeText.Take(SoapyImports.SoapySDRDevice_getChannelSensorInfo(_device, (int)direction, (nuint)channel, name)));

    /// <summary>Reads a channel's sensor.</summary>
    public string ReadSensor(StreamDirection direction, int channel, string name) => Checked(
        $"readSensor {name}", NativeText.Take(SoapyImports.SoapySDRDevice_readChannelSensor(_device, (int)direction, (nuint)channel, name)));

    /// <summary>Writes a setting.</summary>
    public void WriteSetting(string key, string value) =>
        Check(SoapyImports.SoapySDRDevice_writeSetting(_device, key, value), $"writeSetting {key}={value}");

    /// <summary>Reads a setting.</summary>
    public string ReadSetting(string key) => Checked($"readSetting {key}", NativeText.Take(SoapyImports.SoapySDRDevice_readSetting(_device, key)));

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    private static SoapyRange Range(NativeRange range) => new(range.Minimum, range.Maximum, range.Step);

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw Failure(call);
        }
    }

    /// <summary>Passes a result on, unless the call before it has failed: status and words are the thread's, until its next device call.</summary>
    private static T Checked<T>(string call, T result) => SoapyImports.SoapySDRDevice_lastStatus() == 0 ? result : throw Failure(call);

    private static StreamingDeviceException Failure(string call)
    {
        string error = NativeText.Borrow(SoapyImports.SoapySDRDevice_lastError());
        return new StreamingDeviceException(RadioFaultCode.NotSupported, $"SoapySDR {call}: {(error.Length == 0 ? "failed without a reason" : error)}");
    }
}
