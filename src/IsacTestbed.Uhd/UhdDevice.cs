using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>A device opened through libuhd's C API: any USRP, and whatever a module of libuhd opens.</summary>
/// <remarks>
/// Control calls come from one thread at a time; streams are read and written on others. While a device is being opened, calls on the
/// other devices of the process wait. The oscillators' phase is random after each tuning; several channels are tuned at one instant, which
/// keeps the phase between them. What transmit samples the device has taken leave it even after a mute, since libuhd cannot recall them.
/// </remarks>
public sealed class UhdDevice : IStreamingDevice
{
    // Rates of two directions, or channels, count as one when they cannot drift apart by a sample in a day.
    private const double SameRate = 1e-15;
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(5);

    private readonly Usrp _usrp;
    private readonly UhdDeviceOptions _options;
    private readonly UhdQuirks _quirks;
    private readonly IReadOnlyList<int> _rxChannels;
    private readonly IReadOnlyList<int> _txChannels;
    private readonly UhdClock _clock;
    private readonly UhdSensors _sensors;
    private readonly TimeProvider _timeProvider;
    private readonly ManualResetEvent _closed = new(false);
    private double _rateHz;
    private bool _isDisposed;

    private UhdDevice(Usrp usrp, UhdDeviceOptions options, TimeProvider timeProvider)
    {
        _usrp = usrp;
        _options = options;
        _timeProvider = timeProvider;
        Select(usrp, options);
        _rxChannels = Channels(StreamDirection.Receive, options.RxChannels);
        _txChannels = Channels(StreamDirection.Transmit, options.TxChannels);
        if (_rxChannels.Count == 0)
        {
            throw Refusal($"\"{options.Arguments}\" has no receive channel in use; it needs one.");
        }

        _quirks = UhdQuirks.Of(usrp.SubdevName(StreamDirection.Receive, _rxChannels[0]));
        Description = UhdSurvey.Describe(usrp, options.Arguments, _quirks, _rxChannels, _txChannels);
        int boards = usrp.BoardCount();
        _clock = new UhdClock(usrp, boards, Description.Clock, timeProvider);
        _sensors = new UhdSensors(usrp, boards, _rxChannels, _txChannels);
        _rateHz = usrp.Rate(StreamDirection.Receive, _rxChannels[0]);
    }

    /// <inheritdoc/>
    public StreamingDeviceDescription Description { get; }

    /// <summary>Opens a device. Takes seconds, loads firmware where a device needs it, and cannot be cancelled.</summary>
    /// <param name="options">Which device, and how.</param>
    /// <param name="timeProvider">The host's clock; null for the system's.</param>
    /// <exception cref="StreamingDeviceException">
    /// libuhd is missing, no device fits, or it failed; the message says which and what to do.
    /// </exception>
    public static UhdDevice Open(UhdDeviceOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var usrp = Usrp.Open(options.Arguments);
        try
        {
            return new UhdDevice(usrp, options, timeProvider ?? TimeProvider.System);
        }
        catch
        {
            usrp.Dispose();
            throw;
        }
    }

    /// <summary>Tunes one channel.</summary>
    /// <returns>What was asked for, what of it lies in range, and what the oscillator and the digital converter really do.</returns>
    public UhdTuning Tune(StreamDirection direction, int channel, double frequencyHz) =>
        _usrp.Tune(direction, frequencyHz, _options.TuneArguments, channel);

    /// <inheritdoc/>
    public double SetSampleRate(double rateHz)
    {
        foreach (int channel in _rxChannels)
        {
            _usrp.SetRate(StreamDirection.Receive, rateHz, channel);
        }

        foreach (int channel in _txChannels)
        {
            _usrp.SetRate(StreamDirection.Transmit, rateHz, channel);
        }

        // Only now: some devices change the master clock, and so the rates set before.
        double[] rates =
        [
            .. _rxChannels.Select(c => _usrp.Rate(StreamDirection.Receive, c)),
            .. _txChannels.Select(c => _usrp.Rate(StreamDirection.Transmit, c)),
        ];
        _rateHz = rates[0];
        return Same(rates, rates[0] * SameRate, $"a sample rate of {rateHz} Hz");
    }

    /// <inheritdoc/>
    public double SetFrequency(StreamDirection direction, double frequencyHz)
    {
        IReadOnlyList<int> channels = Of(direction);
        bool isTimed = channels.Count > 1 && _options.TuneLeadSeconds > 0 && _quirks.TakesCommandTime;
        if (isTimed)
        {
            _usrp.SetCommandTime(_clock.Now().Plus(_options.TuneLeadSeconds), Usrp.AllBoards);
        }

        double[] carriers;
        try
        {
            carriers = [.. channels.Select(c => Tune(direction, c, frequencyHz).ActualHz)];
        }
        finally
        {
            if (isTimed)
            {
                _usrp.ClearCommandTime(Usrp.AllBoards);
            }
        }

        WaitForLock(direction, isTimed ? TimeSpan.FromSeconds(_options.TuneLeadSeconds) : TimeSpan.Zero);
        return Same(carriers, 1e-9 * frequencyHz, $"a carrier of {frequencyHz} Hz");
    }

    /// <inheritdoc/>
    public double SetGain(StreamDirection direction, double gainDb) => SetGainElement(direction, string.Empty, gainDb);

    /// <inheritdoc/>
    public double SetGainElement(StreamDirection direction, string element, double gainDb)
    {
        ArgumentNullException.ThrowIfNull(element);
        double[] gains = [.. Of(direction).Select(c => _usrp.SetGain(direction, gainDb, element, c))];
        return Same(gains, 1e-6, $"a gain of {gainDb} dB");
    }

    /// <inheritdoc/>
    public double SetBandwidth(StreamDirection direction, double bandwidthHz)
    {
        double[] bandwidths = [.. Of(direction).Select(c => _usrp.SetBandwidth(direction, bandwidthHz, c))];
        return Same(bandwidths, 1e-9 * bandwidthHz, $"a bandwidth of {bandwidthHz} Hz");
    }

    /// <inheritdoc/>
    public void SelectAntenna(StreamDirection direction, string name)
    {
        foreach (int channel in Of(direction))
        {
            Require(_usrp.Antennas(direction, channel), name, "antenna");
            _usrp.SetAntenna(direction, name, channel);
        }
    }

    /// <inheritdoc/>
    public void SelectClockSource(string name)
    {
        Require(Description.ClockSources, name, "clock source");
        _usrp.SetClockSource(name, Usrp.AllBoards);
    }

    /// <inheritdoc/>
    public void SelectTimeSource(string name)
    {
        Require(Description.TimeSources, name, "time source");
        _usrp.SetTimeSource(name, Usrp.AllBoards);
    }

    /// <inheritdoc/>
    public long ReadTick()
    {
        UhdTime now = _clock.Now();
        return StreamTime.TickFromSeconds(now.WholeSeconds, now.Fraction, _rateHz);
    }

    /// <inheritdoc/>
    public void SetTick(long tick, TimeAlignment alignment, CancellationToken cancellationToken)
    {
        (long whole, double fraction) = StreamTime.SecondsFromTick(tick, _rateHz);
        var time = new UhdTime(whole, fraction);
        if (alignment == TimeAlignment.NextPps)
        {
            _clock.SetAtNextPps(time, cancellationToken);
        }
        else
        {
            _clock.SetNow(time);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<SensorReading> ReadSensors() => _sensors.ReadAll();

    /// <inheritdoc/>
    public bool? ReadReferenceLock() => _sensors.IsReferenceLocked();

    /// <inheritdoc/>
    public IReceiveStream OpenReceiveStream() =>
        new UhdReceiveStream(_usrp.OpenReceiver(Settings(_rxChannels)), Shape(_rxChannels.Count), _options, () => _clock.Now());

    /// <inheritdoc/>
    public ITransmitStream OpenTransmitStream()
    {
        UhdStreamSettings settings = Settings(_txChannels);
        return new UhdTransmitStream(() => _usrp.OpenTransmitter(settings), Shape(_txChannels.Count), _quirks);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _closed.Set();
            _usrp.Dispose();
            _closed.Dispose();
        }
    }

    private static StreamingDeviceException Refusal(string message) => new(RadioFaultCode.NotSupported, message);

    private static void Select(Usrp usrp, UhdDeviceOptions options)
    {
        if (options.MasterClockRateHz is { } rate)
        {
            usrp.SetMasterClockRate(rate, Usrp.AllBoards);
        }

        if (options.RxSubdevSpec is { } receive)
        {
            usrp.SetSubdevSpec(StreamDirection.Receive, receive, Usrp.AllBoards);
        }

        if (options.TxSubdevSpec is { } transmit)
        {
            usrp.SetSubdevSpec(StreamDirection.Transmit, transmit, Usrp.AllBoards);
        }
    }

    private static void Require(IReadOnlyList<string> names, string name, string what)
    {
        if (!names.Contains(name))
        {
            throw Refusal($"no {what} \"{name}\"; there are: {string.Join(", ", names)}.");
        }
    }

    /// <summary>What all channels agree on.</summary>
    private static double Same(double[] values, double tolerance, string what)
    {
        foreach (double value in values)
        {
            if (Math.Abs(value - values[0]) > tolerance)
            {
                throw Refusal($"{what} became {values[0]:R} on one channel and {value:R} on another; choose one that all can do.");
            }
        }

        return values[0];
    }

    private IReadOnlyList<int> Channels(StreamDirection direction, IReadOnlyList<int>? wanted)
    {
        int count = _usrp.ChannelCount(direction);
        if (wanted is null)
        {
            return [.. Enumerable.Range(0, count)];
        }

        foreach (int channel in wanted.Where(c => c < 0 || c >= count))
        {
            string word = direction == StreamDirection.Receive ? "receive" : "transmit";
            throw Refusal($"no {word} channel {channel}; there are {count}.");
        }

        return [.. wanted];
    }

    private IReadOnlyList<int> Of(StreamDirection direction)
    {
        IReadOnlyList<int> channels = direction == StreamDirection.Receive ? _rxChannels : _txChannels;
        return channels.Count > 0 ? channels : throw Refusal("the device has no transmit channel in use.");
    }

    private void WaitForLock(StreamDirection direction, TimeSpan lead)
    {
        if (lead > TimeSpan.Zero)
        {
            // The command has not been carried out before; until then the old lock is seen.
            _closed.WaitOne(lead);
        }

        long start = _timeProvider.GetTimestamp();
        while (_sensors.UnlockedOscillators(direction) is { Count: > 0 } unlocked)
        {
            if (_timeProvider.GetElapsedTime(start) > _options.LockTimeLimit)
            {
                string names = string.Join(", ", unlocked);
                throw Refusal($"{names}: not locked {_options.LockTimeLimit.TotalSeconds:0.#} s after tuning; check the reference clock.");
            }

            _closed.WaitOne(LockPoll);
        }
    }

    private UhdStreamSettings Settings(IReadOnlyList<int> channels) => new(
        _options.Format == SampleFormat.ComplexFloat32 ? "fc32" : "sc16", _options.WireFormat, _options.StreamArguments, channels);

    private StreamShape Shape(int channels) => new(_options.Format, channels, _rateHz);
}
