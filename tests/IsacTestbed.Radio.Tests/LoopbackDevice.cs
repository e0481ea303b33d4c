namespace IsacTestbed.Radio.Tests;

/// <summary>
/// A streaming device in memory: every receive channel hears transmit channel 0 delayed, attenuated and in noise. In real time it runs on the host's
/// clock; in lock-step its time is what was read. It behaves as drivers do, and misbehaves as its script says.
/// </summary>
internal sealed class LoopbackDevice : IStreamingDevice
{
    public const int DelayTicks = 7;
    public const double Gain = 0.01;
    public const double NoisePower = 1e-9;
    public const double RateHz = 1e6;
    public const double CarrierHz = 2.4e9;

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider = TimeProvider.System;
    private long _anchorTick;
    private long _anchorTimestamp;
    private long _position;

    public LoopbackDevice(StreamClock clock, SampleFormat format = SampleFormat.ComplexFloat32, bool acknowledges = true)
    {
        Format = format;
        _anchorTimestamp = _timeProvider.GetTimestamp();
        Description = new StreamingDeviceDescription(
            "loopback",
            "memory",
            new Dictionary<string, string> { ["model"] = "loopback in memory" },
            2,
            3,
            [new SettingRange(RateHz, RateHz)],
            [new SettingRange(1e9, 3e9)],
            new SettingRange(0, 60),
            new SettingRange(0, 70, 0.5),
            ["internal", "external"],
            ["internal", "external"],
            clock,
            (long)RateHz,
            acknowledges);
        Transmit = new LoopbackTransmitStream(this);
        Receive = new LoopbackReceiveStream(this);
    }

    public StreamingDeviceDescription Description { get; }

    public LoopbackScript Script { get; } = new();

    public SampleFormat Format { get; }

    public LoopbackTransmitStream Transmit { get; }

    public LoopbackReceiveStream Receive { get; }

    public bool IsDisposed { get; private set; }

    /// <summary>What the gain elements of a direction were set to, in order.</summary>
    public Dictionary<StreamDirection, List<(string Name, double GainDb)>> ElementGains { get; } = [];

    public double SampleRateHz { get; private set; } = RateHz;

    /// <summary>The device's time; in lock-step how far the receive stream has been read.</summary>
    public long Now
    {
        get
        {
            lock (_lock)
            {
                return Description.Clock == StreamClock.LockStep
                    ? _position
                    : _anchorTick + (long)(_timeProvider.GetElapsedTime(_anchorTimestamp).TotalSeconds * SampleRateHz);
            }
        }
    }

    public double SetSampleRate(double rateHz) => SampleRateHz = rateHz;

    public double SetFrequency(StreamDirection direction, double frequencyHz) => frequencyHz;

    public double SetGain(StreamDirection direction, double gainDb) => Math.Round(gainDb * 2) / 2;

    public double SetGainElement(StreamDirection direction, string element, double gainDb)
    {
        ElementGains.TryAdd(direction, []);
        ElementGains[direction].Add((element, gainDb));
        return gainDb;
    }

    public double SetBandwidth(StreamDirection direction, double bandwidthHz) => bandwidthHz;

    public void SelectAntenna(StreamDirection direction, string name)
    {
    }

    public void SelectClockSource(string name)
    {
        if (!Description.ClockSources.Contains(name))
        {
            throw new StreamingDeviceException(RadioFaultCode.NotSupported, $"no clock source {name}; there are {string.Join(", ", Description.ClockSources)}.");
        }
    }

    public void SelectTimeSource(string name)
    {
    }

    public long ReadTick()
    {
        if (Script.ControlHangs)
        {
            Script.Release.Wait();
        }

        return Now;
    }

    public void SetTick(long tick, TimeAlignment alignment, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _anchorTick = _position = tick;
            _anchorTimestamp = _timeProvider.GetTimestamp();
        }

        Transmit.Forget();
    }

    public IReadOnlyList<SensorReading> ReadSensors() => [new SensorReading("ref_locked", ReadReferenceLock() == true ? "true" : "false", string.Empty)];

    public bool? ReadReferenceLock()
    {
        Script.Release.Wait(Script.LockAnswerTime);
        return !(Now >= Script.Unlocked.First && Now < Script.Unlocked.End);
    }

    public IReceiveStream OpenReceiveStream() => Receive;

    public ITransmitStream OpenTransmitStream() => Transmit;

    public void Dispose() => IsDisposed = true;

    /// <summary>Says in lock-step how far the stream has been read.</summary>
    public void MoveTo(long position)
    {
        lock (_lock)
        {
            _position = position;
        }
    }
}
