using System.Net.Sockets;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Puts what a client sends on the air, and tells it what became of its bursts.</summary>
internal sealed class TransmitSession : IRemoteStream
{
    private const int IntakeBytes = 1 << 19;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RoomPoll = TimeSpan.FromMilliseconds(1);

    private readonly RemoteDevice _device;
    private readonly StreamParameters _parameters;
    private readonly StreamLink _link;
    private readonly Action<string> _fail;
    private readonly TxStream _stream;
    private readonly Lock _intake = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly byte[] _bytes;
    private readonly int _elements;
    private int _first;
    private int _end;
    private uint _received;
    private uint _acknowledged;
    private bool _hasClipped;
    private volatile bool _isActive;
    private volatile bool _isFull;
    private volatile bool _isClosed;

    /// <param name="device">The device.</param>
    /// <param name="parameters">What the client asked for.</param>
    /// <param name="link">The sockets.</param>
    /// <param name="fail">Ends the client's connection, with the reason: what it sent is not the protocol.</param>
    public TransmitSession(RemoteDevice device, StreamParameters parameters, StreamLink link, Action<string> fail)
    {
        _device = device;
        _parameters = parameters;
        _link = link;
        _fail = fail;
        _elements = parameters.Elements;
        _bytes = new byte[Math.Max(IntakeBytes, 4 * link.TransferBytes)];
        _stream = new TxStream(device.Streams, device.Radio, device.Index, parameters.Channels, device.TxBufferSamples, TakeInSafely, Report);
        device.Streams.Add(_stream);
        Acknowledge();
        new Thread(Run) { IsBackground = true, Name = $"tx {device.Label}" }.Start();
    }

    public void Activate(long? tick, long? count)
    {
        _isActive = true;
        _wake.Set();
    }

    /// <remarks>What has arrived but not left is not sent any more.</remarks>
    public void Deactivate()
    {
        TakeInSafely();
        _isActive = false;
        lock (_intake)
        {
            lock (_device.Streams.Sync)
            {
                _stream.Mute();
            }
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _isActive = false;
        lock (_device.Streams.Sync)
        {
            _stream.Mute();
        }

        _device.Streams.Remove(_stream);
        _link.Dispose();
        _wake.Set();
    }

    private void Run()
    {
        try
        {
            while (!_isClosed)
            {
                if (!_isActive)
                {
                    // A datagram with the first acknowledgement may have been lost.
                    AcknowledgeStart();
                    _wake.WaitOne(Idle);
                }
                else if (_isFull)
                {
                    _wake.WaitOne(RoomPoll);
                    TakeIn();
                }
                else if (_link.Wait(Idle))
                {
                    TakeIn();
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // The client has gone; its connection closes the stream.
        }
        catch (ProtocolException exception)
        {
            _fail(exception.Message);
        }
    }

    /// <summary>As <see cref="TakeIn"/>, for threads that serve other streams: this stream's own thread finds the same fault.</summary>
    private void TakeInSafely()
    {
        try
        {
            TakeIn();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or EndOfStreamException or ProtocolException)
        {
            _isFull = false;
        }
    }

    private void TakeIn()
    {
        lock (_intake)
        {
            while (_isActive && TakePackets() && Fill())
            {
            }
        }
    }

    private bool Fill()
    {
        _bytes.AsSpan(_first.._end).CopyTo(_bytes);
        _end -= _first;
        _first = 0;
        int read = _link.ReadAvailable(_bytes.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    /// <summary>Takes the whole packets at hand.</summary>
    /// <returns>False when there is no room for the next one.</returns>
    private bool TakePackets()
    {
        while (_end - _first >= StreamHeader.Size)
        {
            StreamHeader header = StreamHeader.Read(_bytes.AsSpan(_first));
            Check(header);
            if (_end - _first < header.Bytes)
            {
                break;
            }

            if (!Take(header, _bytes.AsSpan(_first + StreamHeader.Size, (int)header.Bytes - StreamHeader.Size)))
            {
                _isFull = true;
                return false;
            }

            _first += (int)header.Bytes;
            _received = header.Sequence + 1;
            if (_received - _acknowledged >= Math.Max(1, _link.ReceiveWindow / 8))
            {
                Acknowledge();
            }
        }

        _isFull = false;
        return true;
    }

    private void Check(StreamHeader header)
    {
        int channels = _parameters.Channels.Count;
        long due = StreamHeader.Size + ((((channels - 1L) * _elements) + header.Elements) * _parameters.Format.SampleBytes);
        if (header.Elements < 0 || header.Elements > _elements || header.Bytes != due)
        {
            throw new ProtocolException(
                $"a packet of {header.Bytes} bytes with {header.Elements} samples on {channels} channels; {due} bytes and at most {_elements} samples are due");
        }
    }

    private bool Take(StreamHeader header, ReadOnlySpan<byte> samples)
    {
        lock (_device.Streams.Sync)
        {
            if (!_stream.HasRoom(header.Elements))
            {
                return false;
            }

            long? tick = header.Flags.HasFlag(StreamFlags.HasTime) ? _device.ToTicks(header.TimeNs) : null;
            if ((header.Elements > 0 || tick is not null) && _stream.Begin(tick))
            {
                Store(header.Elements, samples);
            }

            if ((header.Flags & (StreamFlags.EndBurst | StreamFlags.EndAbrupt)) != 0)
            {
                _stream.EndBurst();
            }

            return true;
        }
    }

    private void Store(int count, ReadOnlySpan<byte> samples)
    {
        int sampleBytes = _parameters.Format.SampleBytes;
        float scale = (float)_device.TxAmplitude;
        bool exceeded = false;
        for (int done = 0; done < count;)
        {
            int room = _stream.Reserve(count - done);
            for (int c = 0; c < _parameters.Channels.Count; c++)
            {
                ReadOnlySpan<byte> source = samples.Slice(((c * _elements) + done) * sampleBytes, room * sampleBytes);
                StreamedSegment segment = _stream.Segment(c);
                exceeded |= _parameters.Format.Unpack(source, scale, segment.ReservedReal(room), segment.ReservedImaginary(room));
            }

            _stream.Publish(room);
            done += room;
        }

        if (exceeded && !_hasClipped)
        {
            _hasClipped = true;
            _device.Warn("transmit samples exceed full scale: I and Q are held within +/- 1");
        }
    }

    private void AcknowledgeStart()
    {
        lock (_intake)
        {
            if (_link.IsDatagram && _received == 0)
            {
                Acknowledge();
            }
        }
    }

    private void Acknowledge()
    {
        Span<byte> bytes = stackalloc byte[StreamHeader.Size];
        new StreamHeader(StreamHeader.Size, _received, (int)_link.ReceiveWindow, StreamFlags.None, 0).Write(bytes);
        _link.Send(bytes, bytes.Length);
        _acknowledged = _received;
    }

    private void Report(TransmitReport report)
    {
        (StreamError error, StreamFlags flags) = report.Kind switch
        {
            TransmitReportKind.Late => (StreamError.TimeError, StreamFlags.HasTime),
            TransmitReportKind.Underflow => (StreamError.Underflow, StreamFlags.HasTime),
            _ => (StreamError.None, StreamFlags.HasTime | StreamFlags.EndBurst),
        };
        if (!_isClosed)
        {
            _link.SendStatus(new StreamHeader(StreamHeader.Size, _parameters.ChannelMask, (int)error, flags, _device.ToNanoseconds(report.Tick)));
        }
    }
}
