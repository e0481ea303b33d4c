using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>A transmit stream of libuhd.</summary>
/// <remarks>
/// A streamer keeps the words of its last error in a string without a lock; so the two threads that send and listen take turns, and the
/// listener only looks whether a message is there. Metadata is immutable: a burst's first samples have their own, the others share two.
/// </remarks>
internal sealed class UhdTransmitStream : ITransmitStream
{
    // Enough that a send is no effort, and little enough that it never hangs for long.
    private const int SeveralPackets = 8192;

    private const double EndSeconds = 0.1;

    private static readonly TimeSpan ListenInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(1);

    private readonly Func<TxStreamerHandle> _open;
    private readonly StreamShape _shape;
    private readonly UhdQuirks _quirks;
    private readonly Lock _turn = new();
    private readonly AsyncMetadataHandle _async;
    private readonly ChannelEvents _events;
    private readonly SilentEnds _ends = new();
    private readonly StreamBuffer _silence;
    private readonly ManualResetEvent _disposed = new(false);
    private readonly TxMetadata _within = TxMetadata.Make(null, isStart: false, isEnd: false);
    private readonly TxMetadata _end = TxMetadata.Make(null, isStart: false, isEnd: true);
    private TxStreamerHandle? _streamer;
    private bool _isBurstOpen;
    private bool _isDisposed;
    private volatile bool _isSilenced;

    /// <summary>Opens the streamer, to learn its packet size.</summary>
    /// <param name="open">Opens a streamer.</param>
    /// <param name="shape">What its samples look like.</param>
    /// <param name="quirks">How the device behaves.</param>
    public UhdTransmitStream(Func<TxStreamerHandle> open, StreamShape shape, UhdQuirks quirks)
    {
        _open = open;
        _shape = shape;
        _quirks = quirks;
        _events = new ChannelEvents(quirks.AcknowledgesEachChannel ? shape.Channels : 1, shape.RateHz);
        _silence = new StreamBuffer(shape.Format, shape.Channels, 1);
        UhdError made = UhdNative.AsyncMetadataMake(out _async);
        if (made != UhdError.None)
        {
            throw UhdCodes.Exception(made, "making asynchronous metadata", string.Empty);
        }

        _streamer = open();
        Check(UhdNative.TransmitterMaxSamples(_streamer, out nuint most), "reading the packet size");
        MaxSamples = quirks.SplitsSends ? Math.Max((int)most, SeveralPackets) : (int)most;
    }

    /// <inheritdoc/>
    public SampleFormat Format => _shape.Format;

    /// <inheritdoc/>
    public float FullScale => _shape.FullScale;

    /// <inheritdoc/>
    public int MaxSamples { get; }

    /// <inheritdoc/>
    public void Activate()
    {
        lock (_turn)
        {
            _streamer ??= _open();
            _events.Reset();
            _ends.Reset();
            _isBurstOpen = false;
            _isSilenced = false;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// libuhd has no way to recall samples: a native device sends what it has taken. Waits for a send that hangs, for a second at most.
    /// </remarks>
    public void Deactivate()
    {
        _isSilenced = true;
        if (!_turn.TryEnter(SilenceLimit))
        {
            throw new StreamingDeviceException(
                RadioFaultCode.Dead, $"silencing: a send has hung for {SilenceLimit.TotalSeconds:0.#} s; switch the radio off to be sure.");
        }

        try
        {
            if (_quirks.SilencesByClosing)
            {
                _streamer?.Dispose();
                _streamer = null;
            }
            else if (_streamer is { } streamer && _isBurstOpen)
            {
                Send(streamer, _silence, 0, 0, _end, EndSeconds);
            }

            _isBurstOpen = false;
        }
        finally
        {
            _turn.Exit();
        }
    }

    /// <inheritdoc/>
    public TransmitResult Write(StreamBuffer buffer, int offset, int count, long? startTick, bool endOfBurst, int timeLimitMicroseconds)
    {
        _shape.Require(buffer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, buffer.Capacity - offset);
        int most = Math.Min(count, MaxSamples);
        bool isEnd = endOfBurst && most == count, isMarked = isEnd && !_quirks.EndsAreSilent;
        lock (_turn)
        {
            if (_isSilenced || _streamer is not { } streamer)
            {
                // Silenced while it waited for its turn: nothing may leave any more.
                return new TransmitResult(TransmitStatus.TimedOut, 0);
            }

            int sent;
            if (startTick is { } tick)
            {
                (long whole, double fraction) = StreamTime.SecondsFromTick(tick, _shape.RateHz);
                using TxMetadata metadata = TxMetadata.Make(new UhdTime(whole, fraction), isStart: true, isMarked);
                sent = Send(streamer, buffer, offset, most, metadata, timeLimitMicroseconds * 1e-6);
            }
            else
            {
                sent = Send(streamer, buffer, offset, most, isMarked ? _end : _within, timeLimitMicroseconds * 1e-6);
            }

            if (sent > 0)
            {
                bool hasEnded = isEnd && sent == count;
                _isBurstOpen = !hasEnded;
                _ends.Took(startTick, sent, hasEnded && !isMarked);
            }

            return new TransmitResult(sent > 0 ? TransmitStatus.Accepted : TransmitStatus.TimedOut, sent);
        }
    }

    /// <inheritdoc/>
    public TransmitEvent ReadEvent(int timeLimitMicroseconds)
    {
        long polls = 1 + (timeLimitMicroseconds / (long)ListenInterval.TotalMicroseconds);
        for (long i = 0; i < polls; i++)
        {
            if (TryListen() is { } told)
            {
                return told;
            }

            if (_disposed.WaitOne(ListenInterval))
            {
                break;
            }
        }

        return new TransmitEvent(TransmitEventKind.None, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _disposed.Set();
        lock (_turn)
        {
            _isSilenced = true;
            _streamer?.Dispose();
            _streamer = null;
            _async.Dispose();
            _within.Dispose();
            _end.Dispose();
            _silence.Dispose();
        }

        _disposed.Dispose();
    }

    /// <summary>Reads messages that are there, up to the first that is news.</summary>
    private TransmitEvent? TryListen()
    {
        lock (_turn)
        {
            while (_streamer is { } streamer)
            {
                nint metadata = _async.DangerousGetHandle();
                Check(UhdNative.ReadAsync(streamer, ref metadata, 0, out bool isValid), "listening to the transmitter");
                if (!isValid)
                {
                    return null;
                }

                Check(UhdNative.AsyncMetadataEvent(_async, out UhdAsyncEvent code), "reading asynchronous metadata");
                Check(UhdNative.AsyncMetadataChannel(_async, out nuint channel), "reading asynchronous metadata");
                TransmitEvent told = _ends.Read(new TransmitEvent(_quirks.Event(code), Tick()));
                if (told.Kind == TransmitEventKind.NotSupported)
                {
                    return told;
                }

                if (told.Kind != TransmitEventKind.None && _events.IsNews(told, (int)channel))
                {
                    return told;
                }
            }

            return null;
        }
    }

    private long? Tick()
    {
        Check(UhdNative.AsyncMetadataHasTime(_async, out bool hasTime), "reading asynchronous metadata");
        if (!hasTime)
        {
            return null;
        }

        Check(UhdNative.AsyncMetadataTime(_async, out long whole, out double fraction), "reading asynchronous metadata");
        return StreamTime.TickFromSeconds(whole, fraction, _shape.RateHz);
    }

    private unsafe int Send(TxStreamerHandle streamer, StreamBuffer buffer, int offset, int count, TxMetadata metadata, double seconds)
    {
        nint raw = metadata.Handle;
        Check(UhdNative.Send(streamer, buffer.ChannelPointers(offset), (nuint)count, ref raw, seconds, out nuint sent), "sending");
        return (int)sent;
    }

    private void Check(UhdError error, string call)
    {
        if (error != UhdError.None)
        {
            throw UhdCodes.Exception(error, call, _streamer?.Error() ?? string.Empty);
        }
    }
}
