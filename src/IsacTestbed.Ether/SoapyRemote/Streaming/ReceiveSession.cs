using System.Net.Sockets;
using IsacTestbed.Core;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Sends what a radio receives to a client: renders, packs and sends as fast as time and the client's acknowledgements allow.</summary>
internal sealed class ReceiveSession : IRemoteStream
{
    private const int LargestBatchBytes = 1 << 18;
    private const int MostInFlight = 1 << 16;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PacingStep = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LockStepPoll = TimeSpan.FromMicroseconds(200);

    private readonly RemoteDevice _device;
    private readonly StreamParameters _parameters;
    private readonly StreamLink _link;
    private readonly RxStream _stream;
    private readonly AutoResetEvent _wake = new(false);
    private readonly byte[] _batch;
    private readonly int _batchPackets;
    private readonly int _elements;
    private readonly int _packetBytes;
    private readonly int _least;
    private readonly long[] _endTicks = new long[MostInFlight];
    private readonly byte[] _acknowledgement = new byte[StreamHeader.Size];
    private int _acknowledgementBytes;
    private uint _sent;
    private uint _acknowledged;
    private uint _window;
    private uint _activationStart;
    private int _epoch = -1;
    private volatile bool _isClosed;

    public ReceiveSession(RemoteDevice device, StreamParameters parameters, StreamLink link)
    {
        _device = device;
        _parameters = parameters;
        _link = link;
        double rate = device.SampleRateHz;
        _stream = new RxStream(device.Streams, device.Radio, (long)(RemoteDevice.PacedBufferSeconds * rate));
        _elements = parameters.Elements;
        _packetBytes = StreamHeader.Size + (parameters.Channels.Count * _elements * parameters.Format.SampleBytes);
        _least = device.Streams.IsLockStep ? _elements : Math.Min(_elements, (int)(rate * PacingStep.TotalSeconds));
        _batchPackets = Math.Clamp(LargestBatchBytes / link.TransferBytes, 1, 64);
        _batch = new byte[_batchPackets * link.TransferBytes];
        device.Streams.Add(_stream);
        new Thread(Run) { IsBackground = true, Name = $"rx {device.Label}" }.Start();
    }

    public void Activate(long? tick, long? count)
    {
        _stream.Activate(tick, count);
        _wake.Set();
    }

    public void Deactivate() => _stream.Deactivate();

    public void Dispose()
    {
        _isClosed = true;
        _stream.Deactivate();
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
                TakeAcknowledgements();
                if (!_stream.IsActive)
                {
                    _wake.WaitOne(Idle);
                }
                else if (!SendNext())
                {
                    _link.Wait(_device.Streams.IsLockStep ? LockStepPoll : PacingStep);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // The client has gone; its connection closes the stream.
            _stream.Deactivate();
        }
    }

    /// <summary>Sends one batch.</summary>
    /// <returns>False when there is nothing to be sent now.</returns>
    private bool SendNext()
    {
        int packets = (int)Math.Min((uint)_batchPackets, _window - Math.Min(_window, _sent - _acknowledged));
        if (packets == 0)
        {
            return false;
        }

        ReceiveGrant grant = _stream.Grant(packets * _elements, _least, out int epoch);
        if (epoch != _epoch)
        {
            _epoch = epoch;
            _activationStart = _sent;
        }

        switch (grant.Kind)
        {
            case ReceiveGrantKind.Samples:
                SendSamples(grant, epoch);
                return true;
            case ReceiveGrantKind.Overflow:
                SendError(StreamError.Overflow, grant);
                return true;
            case ReceiveGrantKind.Late:
                SendError(StreamError.TimeError, grant);
                return true;
            default:
                return false;
        }
    }

    private void SendSamples(ReceiveGrant grant, int epoch)
    {
        using CaptureBlock block = _stream.Render(grant, _device.RxAmplitude);
        int bytes = 0;
        for (int done = 0; done < grant.Count; done += _elements)
        {
            int count = Math.Min(_elements, grant.Count - done);
            bytes += Pack(block, grant, done, count, _batch.AsSpan(bytes));
        }

        if (_stream.Commit(grant, epoch))
        {
            _link.Send(_batch.AsSpan(0, bytes), _packetBytes);
        }
    }

    private int Pack(CaptureBlock block, ReceiveGrant grant, int first, int count, Span<byte> packet)
    {
        int channels = _parameters.Channels.Count, sampleBytes = _parameters.Format.SampleBytes;

        // All channels but the last take the room of a full packet, as the peer's buffers do.
        int bytes = StreamHeader.Size + ((((channels - 1) * _elements) + count) * sampleBytes);
        long tick = grant.FirstTick + first;
        bool isLast = grant.IsLast && first + count == grant.Count;
        StreamFlags flags = StreamFlags.HasTime | (isLast ? StreamFlags.EndBurst : StreamFlags.None);
        _endTicks[_sent % MostInFlight] = tick + count;
        new StreamHeader((uint)bytes, _sent++, count, flags, _device.ToNanoseconds(tick)).Write(packet);
        for (int c = 0; c < channels; c++)
        {
            int channel = _parameters.Channels[c], offset = StreamHeader.Size + (c * _elements * sampleBytes);
            ReadOnlySpan<float> real = block.Real(channel).Slice(first, count), imaginary = block.Imaginary(channel).Slice(first, count);
            _parameters.Format.Pack(real, imaginary, packet.Slice(offset, count * sampleBytes));
        }

        return bytes;
    }

    private void SendError(StreamError error, ReceiveGrant grant)
    {
        Span<byte> packet = stackalloc byte[StreamHeader.Size];
        StreamFlags flags = StreamFlags.HasTime | (grant.IsLast ? StreamFlags.EndBurst : StreamFlags.None);
        _endTicks[_sent % MostInFlight] = grant.FirstTick;
        new StreamHeader(StreamHeader.Size, _sent++, (int)error, flags, _device.ToNanoseconds(grant.FirstTick)).Write(packet);
        _link.Send(packet, packet.Length);
    }

    private void TakeAcknowledgements()
    {
        while (_link.ReadAvailable(_acknowledgement.AsSpan(_acknowledgementBytes)) is > 0 and int read)
        {
            _acknowledgementBytes += read;
            if (_acknowledgementBytes < StreamHeader.Size)
            {
                continue;
            }

            _acknowledgementBytes = 0;
            StreamHeader header = StreamHeader.Read(_acknowledgement);
            uint advanced = header.Sequence - _acknowledged;
            if (advanced > _sent - _acknowledged)
            {
                // An old datagram.
                continue;
            }

            _acknowledged = header.Sequence;
            _window = (uint)Math.Clamp(header.Elements, 1, MostInFlight - 1);
            Credit();
        }
    }

    /// <summary>Tells the air how far the client has read.</summary>
    private void Credit()
    {
        // The client acknowledges every eighth of its window: with no more credit than that the stream would wait for ever.
        lock (_device.Streams.Sync)
        {
            _stream.CreditTicks = (long)_elements * Math.Min(_window, (_window / 8) + (_window / 16) + 1);
        }

        if (_acknowledged - _activationStart - 1 < int.MaxValue)
        {
            _stream.Acknowledge(_endTicks[(_acknowledged - 1) % MostInFlight]);
        }
    }
}
