using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>A receive stream of libuhd: one packet per read, so that every read has its own time and no gap can hide within one.</summary>
internal sealed class UhdReceiveStream : IReceiveStream
{
    private const double DrainSeconds = 0.01;
    private const int MostDrained = 100_000;
    private const int MostStarts = 4;
    private const double LeastRetryLeadSeconds = 0.05;

    private readonly RxStreamerHandle _streamer;
    private readonly RxMetadataHandle _metadata;
    private readonly StreamShape _shape;
    private readonly StreamBuffer _scratch;
    private readonly Func<UhdTime> _now;
    private readonly double _startLeadSeconds;
    private bool _isActive;
    private bool _hasSamples;
    private int _starts;
    private UhdReceiveError _pending;

    /// <summary>Takes over a streamer.</summary>
    /// <param name="streamer">The streamer; freed with the stream.</param>
    /// <param name="shape">What its samples look like.</param>
    /// <param name="options">How the device was opened.</param>
    /// <param name="now">Reads the device's time.</param>
    public UhdReceiveStream(RxStreamerHandle streamer, StreamShape shape, UhdDeviceOptions options, Func<UhdTime> now)
    {
        _streamer = streamer;
        _shape = shape;
        _now = now;
        _startLeadSeconds = options.StartLeadSeconds;
        ClipLevel = options.ClipLevel;
        Check(UhdNative.ReceiverMaxSamples(streamer, out nuint most), "reading the packet size");
        MaxSamples = (int)most;
        Check(UhdNative.RxMetadataMake(out _metadata), "making receive metadata");
        _scratch = new StreamBuffer(shape.Format, shape.Channels, MaxSamples);
    }

    /// <inheritdoc/>
    public SampleFormat Format => _shape.Format;

    /// <inheritdoc/>
    public float FullScale => _shape.FullScale;

    /// <inheritdoc/>
    public float ClipLevel { get; }

    /// <inheritdoc/>
    public int MaxSamples { get; }

    /// <inheritdoc/>
    public void Activate()
    {
        _pending = UhdReceiveError.None;
        _hasSamples = false;
        _starts = 0;
        Start();
        _isActive = true;
    }

    /// <inheritdoc/>
    public void Deactivate()
    {
        if (!_isActive)
        {
            return;
        }

        _isActive = false;
        Command(UhdStreamMode.StopContinuous, null);

        // What was on its way comes in yet; it would be taken for the start of the next stream.
        for (int i = 0; i < MostDrained; i++)
        {
            Receive(_scratch, DrainSeconds, out _, out UhdReceiveError error);
            if (error == UhdReceiveError.Timeout)
            {
                break;
            }
        }
    }

    /// <inheritdoc/>
    public ReceiveResult Read(StreamBuffer buffer, int timeLimitMicroseconds)
    {
        _shape.Require(buffer);
        if (_pending != UhdReceiveError.None)
        {
            // It came together with the last samples before it.
            UhdReceiveError late = _pending;
            _pending = UhdReceiveError.None;
            return ReceiveResult.Nothing(UhdCodes.Status(late));
        }

        Receive(buffer, timeLimitMicroseconds * 1e-6, out int count, out UhdReceiveError error);
        if (count == 0)
        {
            return error switch
            {
                UhdReceiveError.None => ReceiveResult.Nothing(ReceiveStatus.TimedOut),
                UhdReceiveError.LateCommand when _isActive && !_hasSamples && _starts < MostStarts => StartAgain(),
                _ => ReceiveResult.Nothing(UhdCodes.Status(error)),
            };
        }

        _pending = error;
        _hasSamples = true;
        return new ReceiveResult(ReceiveStatus.Samples, count, Tick());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _streamer.Dispose();
        _metadata.Dispose();
        _scratch.Dispose();
    }

    /// <summary>Starts the continuous stream: one channel at once, several at one instant, since they would be apart otherwise.</summary>
    private void Start()
    {
        double lead = _starts == 0 ? _startLeadSeconds : Math.Max(_startLeadSeconds, LeastRetryLeadSeconds) * (1 << _starts);
        _starts++;
        Command(UhdStreamMode.StartContinuous, _shape.Channels == 1 ? null : _now().Plus(lead));
    }

    /// <summary>The start reached the device behind its instant: this host was slow. The device has dropped it.</summary>
    private ReceiveResult StartAgain()
    {
        Start();
        return ReceiveResult.Nothing(ReceiveStatus.TimedOut);
    }

    private void Command(UhdStreamMode mode, UhdTime? time)
    {
        var command = new UhdStreamCommand
        {
            Mode = mode,
            IsImmediate = time is null ? (byte)1 : (byte)0,
            WholeSeconds = time?.WholeSeconds ?? 0,
            Fraction = time?.Fraction ?? 0,
        };
        string word = mode == UhdStreamMode.StartContinuous ? "starting" : "stopping";
        Check(UhdNative.Command(_streamer, command), $"{word} the receive stream");
    }

    private unsafe void Receive(StreamBuffer buffer, double seconds, out int count, out UhdReceiveError error)
    {
        nint metadata = _metadata.DangerousGetHandle();
        int room = Math.Min(buffer.Capacity, MaxSamples);
        UhdError result = UhdNative.Receive(
            _streamer, buffer.ChannelPointers(0), (nuint)room, ref metadata, seconds, isOnePacket: true, out nuint received);
        Check(result, "receiving");
        Check(UhdNative.RxMetadataError(_metadata, out error), "reading receive metadata");
        count = (int)received;
    }

    private long? Tick()
    {
        Check(UhdNative.RxMetadataHasTime(_metadata, out bool hasTime), "reading receive metadata");
        if (!hasTime)
        {
            return null;
        }

        Check(UhdNative.RxMetadataTime(_metadata, out long whole, out double fraction), "reading receive metadata");
        return StreamTime.TickFromSeconds(whole, fraction, _shape.RateHz);
    }

    private void Check(UhdError error, string call)
    {
        if (error != UhdError.None)
        {
            throw UhdCodes.Exception(error, call, _streamer.Error());
        }
    }
}
