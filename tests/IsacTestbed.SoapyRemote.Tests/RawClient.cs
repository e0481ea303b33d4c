using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IsacTestbed.Ether.SoapyRemote;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>A client that speaks the protocol on a plain socket, also wrongly.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly IPEndPoint _server;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 };

    public RawClient(IPEndPoint server)
    {
        _server = server;
        _socket.Connect(server);
    }

    /// <summary>Makes a call.</summary>
    /// <returns>The answer; the text of an error as exception.</returns>
    public MessageReader Call(RemoteCall call, Action<MessageWriter>? arguments = null)
    {
        var message = new MessageWriter(MessageFrame.Version);
        message.WriteCall(call);
        arguments?.Invoke(message);
        Send(message.Finish().Span);
        return Receive();
    }

    /// <summary>Opens a device.</summary>
    public void Make(string label) => Call(RemoteCall.Make, m => m.Write(new Dictionary<string, string> { ["label"] = label }));

    /// <summary>Opens a stream of samples in CF32 on channel 0.</summary>
    public (int Id, Socket Data, Socket Status) SetupStream(Direction direction, int transferUnit = 4096)
    {
        MessageReader announced = Call(RemoteCall.SetupStream, m =>
        {
            m.WriteChar((byte)direction);
            m.Write("CF32");
            m.WriteSizes([0]);
            m.Write(new Dictionary<string, string> { ["remote:prot"] = "tcp", ["remote:mtu"] = transferUnit.ToString(CultureInfo.InvariantCulture) });
            m.Write(string.Empty);
            m.Write(string.Empty);
        });
        var address = new IPEndPoint(_server.Address, int.Parse(announced.ReadString(), CultureInfo.InvariantCulture));
        Socket data = Connect(address), status = Connect(address);
        return (Receive().ReadInt32(), data, status);
    }

    public void Activate(int stream) => Call(RemoteCall.ActivateStream, m =>
    {
        m.Write(stream);
        m.Write(0);
        m.Write(0L);
        m.Write(0);
    });

    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    /// <summary>The next message; the text of an error as exception.</summary>
    public MessageReader Receive()
    {
        byte[] header = new byte[MessageFrame.HeaderBytes];
        ReceiveAll(_socket, header);
        (uint version, int remaining) = MessageFrame.ReadHeader(header);
        byte[] rest = new byte[remaining];
        ReceiveAll(_socket, rest);
        ReadOnlyMemory<byte> payload = MessageFrame.CheckTrailer(rest);
        var reader = new MessageReader(payload, version);
        if (payload.Span[0] == (byte)WireType.Exception)
        {
            throw new InvalidOperationException(new MessageReader(payload[1..], version).ReadString());
        }

        return reader;
    }

    /// <summary>Whether the server closes the connection without another byte.</summary>
    public bool IsClosedByServer()
    {
        try
        {
            return _socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>Says that no more will come.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    /// <summary>Reads one header of a packet or status.</summary>
    public static StreamHeader ReadHeader(Socket socket)
    {
        byte[] header = new byte[StreamHeader.Size];
        ReceiveAll(socket, header);
        return StreamHeader.Read(header);
    }

    private static void ReceiveAll(Socket socket, byte[] destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            int read = socket.Receive(destination.AsSpan(done));
            done += read > 0 ? read : throw new EndOfStreamException("The server has closed the connection.");
        }
    }

    private static Socket Connect(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 };
        socket.Connect(address);
        return socket;
    }
}
