using System.Net.Sockets;
using System.Threading.Channels;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>One client: answers its calls in order, and owns its streams, which end with it.</summary>
internal sealed class ClientConnection : IDisposable
{
    private const byte WarningLevel = 4;
    private readonly SoapyRemoteServer _server;
    private readonly Socket _socket;
    private readonly Lock _streamLock = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Dictionary<int, IRemoteStream> _streams = [];
    private readonly byte[] _header = new byte[MessageFrame.HeaderBytes];
    private Channel<string>? _log;
    private RemoteDevice? _device;
    private int _nextStream;
    private string? _failure;

    public ClientConnection(SoapyRemoteServer server, Socket socket)
    {
        _server = server;
        _socket = socket;
        _socket.NoDelay = true;
        Peer = socket.RemoteEndPoint?.ToString() ?? "unknown";
    }

    private string Peer { get; }

    private RemoteDevice Device => _device ?? throw new DeviceCallException("no device is open on this connection; make one first");

    /// <summary>Serves until the client leaves, breaks the protocol, or the server stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } request)
            {
                if (!await AnswerAsync(request, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        catch (ProtocolException exception)
        {
            _server.Log($"client {Peer} broke the protocol and was disconnected: {exception.Message}");
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            _server.Log($"client {Peer} is gone: {_failure ?? exception.Message}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Sends a log line to a client that asked for them; lost when it does not read.</summary>
    public void ForwardLog(string message) => Volatile.Read(ref _log)?.Writer.TryWrite(message);

    public void Dispose()
    {
        CloseStreams();
        _log?.Writer.TryComplete();
        _socket.Dispose();
    }

    private async ValueTask<MessageReader?> ReceiveAsync(CancellationToken cancellationToken)
    {
        int read = await ReadAsync(_header, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return null;
        }

        if (read < _header.Length)
        {
            throw new ProtocolException($"it left within the header of a message, after {read} bytes");
        }

        (uint version, int remaining) = MessageFrame.ReadHeader(_header);
        byte[] rest = new byte[remaining];
        read = await ReadAsync(rest, cancellationToken).ConfigureAwait(false);
        return read == remaining
            ? new MessageReader(MessageFrame.CheckTrailer(rest), version)
            : throw new ProtocolException($"it left within a message, after {read} of {remaining} bytes");
    }

    private async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int done = 0;
        while (done < destination.Length)
        {
            int read = await _socket.ReceiveAsync(destination[done..], SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }

    private async ValueTask<bool> AnswerAsync(MessageReader request, CancellationToken cancellationToken)
    {
        RemoteCall call = request.ReadCall();
        var result = new MessageWriter(request.Version);
        try
        {
            await AnswerAsync(call, request, result, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DeviceCallException or Radio.RadioException or SocketException or ArgumentException)
        {
            result.Reset();
            result.WriteException(exception.Message);
        }

        await SendAsync(result, cancellationToken).ConfigureAwait(false);
        return call != RemoteCall.Hangup;
    }

    private async ValueTask SendAsync(MessageWriter message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ReadOnlyMemory<byte> bytes = message.Finish();
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private async ValueTask AnswerAsync(RemoteCall call, MessageReader arguments, MessageWriter result, CancellationToken cancellationToken)
    {
        switch (call)
        {
            case RemoteCall.Find:
                result.Write(_server.Find(arguments.ReadKwargs()).Select(d => d.Identity).ToArray<IReadOnlyDictionary<string, string>>());
                break;
            case RemoteCall.Make:
                Make(arguments.ReadKwargs());
                break;
            case RemoteCall.Unmake:
                CloseStreams();
                _device = null;
                break;
            case RemoteCall.Hangup:
                break;
            case RemoteCall.GetServerId:
                result.Write(_server.Id);
                break;
            case RemoteCall.StartLogForwarding:
                StartLog(cancellationToken);
                break;
            case RemoteCall.StopLogForwarding:
                _log?.Writer.TryComplete();
                break;
            case RemoteCall.SetupStream:
                await SetupStreamAsync(arguments, result, cancellationToken).ConfigureAwait(false);
                break;
            case RemoteCall.CloseStream:
                CloseStream(arguments.ReadInt32());
                break;
            case RemoteCall.ActivateStream:
                await ActivateAsync(arguments, result, cancellationToken).ConfigureAwait(false);
                break;
            case RemoteCall.DeactivateStream:
                Deactivate(arguments, result);
                break;
            default:
                DeviceCall answer = DeviceCallTable.Find(call)
                    ?? throw new DeviceCallException($"call {(int)call} ({call}) is not one that an emulated radio knows");
                Device.RequireAlive();
                await answer(Device, arguments, result, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private void Make(Dictionary<string, string> arguments)
    {
        _device = _server.Find(arguments).FirstOrDefault() ?? throw new DeviceCallException(
            $"no such device; this server has the labels {string.Join(", ", _server.Devices.Select(d => d.Label))}");
        _server.Log($"client {Peer} opened {_device.Label}");
    }

    private void StartLog(CancellationToken cancellationToken)
    {
        if (_log is null)
        {
            var log = Channel.CreateBounded<string>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropWrite });
            Volatile.Write(ref _log, log);
            _ = ForwardAsync(log.Reader, cancellationToken);
        }
    }

    private async Task ForwardAsync(ChannelReader<string> lines, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (string line in lines.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                var message = new MessageWriter(MessageFrame.Version);
                message.WriteChar(WarningLevel);
                message.Write(line);
                await SendAsync(message, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The reader of the log has gone.
        }
    }

    private async ValueTask SetupStreamAsync(MessageReader arguments, MessageWriter result, CancellationToken cancellationToken)
    {
        Direction direction = DeviceCallTable.ReadDirection(arguments);
        string format = arguments.ReadString();
        int[] channels = arguments.ReadSizes();
        Dictionary<string, string> options = arguments.ReadKwargs();
        string dataPort = arguments.ReadString(), statusPort = arguments.ReadString();
        RemoteDevice device = Device;
        device.RequireAlive();
        StreamParameters parameters = StreamParameters.Parse(format, channels, options, device.ChannelCount(direction));
        (StreamLink link, int port) = parameters.IsDatagram
            ? StreamSetup.Datagram(_socket, parameters, dataPort, statusPort)
            : await StreamSetup.ConnectionsAsync(_socket, parameters, AnnounceAsync, cancellationToken).ConfigureAwait(false);
        lock (_streamLock)
        {
            _streams[_nextStream] = direction == Direction.Receive
                ? new ReceiveSession(device, parameters, link)
                : new TransmitSession(device, parameters, link, Fail);
        }

        result.Write(_nextStream++);
        result.Write(Text(port));

        async ValueTask AnnounceAsync(int announced)
        {
            var message = new MessageWriter(arguments.Version);
            message.Write(Text(announced));
            await SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ActivateAsync(MessageReader arguments, MessageWriter result, CancellationToken cancellationToken)
    {
        IRemoteStream stream = Stream(arguments.ReadInt32());
        var flags = (StreamFlags)arguments.ReadInt32();
        long time = arguments.ReadInt64();
        int count = arguments.ReadInt32();
        Device.RequireAlive();
        if (flags.HasFlag(StreamFlags.WaitTrigger))
        {
            result.Write((int)StreamError.NotSupported);
            return;
        }

        long slow = Device.Radio.Faults.SlowTicks;
        if (slow > 0)
        {
            var delay = TimeSpan.FromSeconds(slow / Device.SampleRateHz);
            await Task.Delay(delay, Device.Streams.Air.Clock.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        stream.Activate(flags.HasFlag(StreamFlags.HasTime) ? Device.ToTicks(time) : null, count > 0 ? count : null);
        result.Write((int)StreamError.None);
    }

    private void Deactivate(MessageReader arguments, MessageWriter result)
    {
        IRemoteStream stream = Stream(arguments.ReadInt32());
        arguments.ReadInt32();
        arguments.ReadInt64();
        stream.Deactivate();
        result.Write((int)StreamError.None);
    }

    private IRemoteStream Stream(int id)
    {
        lock (_streamLock)
        {
            return _streams.TryGetValue(id, out IRemoteStream? stream) ? stream : throw new DeviceCallException($"stream {id} is not open");
        }
    }

    private void CloseStream(int id)
    {
        IRemoteStream stream = Stream(id);
        lock (_streamLock)
        {
            _streams.Remove(id);
        }

        stream.Dispose();
    }

    private void CloseStreams()
    {
        IRemoteStream[] open;
        lock (_streamLock)
        {
            open = [.. _streams.Values];
            _streams.Clear();
        }

        foreach (IRemoteStream stream in open)
        {
            stream.Dispose();
        }
    }

    /// <summary>Ends the connection from a stream's thread.</summary>
    private void Fail(string reason)
    {
        _failure = reason;
        _server.Log($"client {Peer} broke the protocol on a stream and was disconnected: {reason}");
        _socket.Dispose();
    }

    private static string Text(int port) => port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
