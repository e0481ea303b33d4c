using System.Net.Sockets;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>The two sockets of a stream: one for samples and their acknowledgements, one for statuses.</summary>
internal sealed class StreamLink : IDisposable
{
    /// <summary>Bytes of a packet that the peer leaves for the network's headers, whatever the protocol is.</summary>
    private const int NetworkHeaderBytes = 48;

    private const int LargestSocketBuffer = 8 << 20;
    private readonly Socket _data;
    private readonly Socket _status;

    /// <param name="data">Connected socket for samples.</param>
    /// <param name="status">Connected socket for statuses.</param>
    /// <param name="parameters">What was agreed on.</param>
    public StreamLink(Socket data, Socket status, StreamParameters parameters)
    {
        _data = data;
        _status = status;
        _status.Blocking = false;
        IsDatagram = parameters.IsDatagram;
        TransferBytes = parameters.TransferUnit - NetworkHeaderBytes;
        if (!IsDatagram)
        {
            _data.NoDelay = true;
            _status.NoDelay = true;
        }

        int buffer = (int)Math.Min(parameters.Window, LargestSocketBuffer);
        _data.SendBufferSize = buffer;
        _data.ReceiveBufferSize = buffer;

        // The kernel counts its own structures too, so that half of it is for data; what fits is never held back by the sender's kernel.
        ReceiveWindow = (uint)Math.Max(2, _data.ReceiveBufferSize / 2 / parameters.TransferUnit);
    }

    /// <summary>Bytes of the largest packet.</summary>
    public int TransferBytes { get; }

    /// <summary>Whether each packet is a datagram of its own.</summary>
    public bool IsDatagram { get; }

    /// <summary>Packets that the peer may send ahead.</summary>
    public uint ReceiveWindow { get; }

    /// <summary>Samples per channel of the largest packet.</summary>
    public static int ElementsOf(int transferUnit, int channels, int sampleBytes) =>
        (transferUnit - NetworkHeaderBytes - StreamHeader.Size) / channels / sampleBytes;

    /// <summary>Whether something has come, waiting for it a little.</summary>
    public bool Wait(TimeSpan limit) => _data.Poll(limit, SelectMode.SelectRead);

    /// <summary>Reads what is there, without waiting.</summary>
    /// <returns>Bytes read; zero when there are none.</returns>
    /// <exception cref="EndOfStreamException">The peer has closed.</exception>
    public int ReadAvailable(Span<byte> destination)
    {
        if (_data.Available == 0)
        {
            return !IsDatagram && _data.Poll(0, SelectMode.SelectRead) && _data.Available == 0 ? throw new EndOfStreamException() : 0;
        }

        return _data.Receive(destination);
    }

    /// <summary>Sends packets of one length, the last one may be shorter.</summary>
    public void Send(ReadOnlySpan<byte> packets, int packetBytes)
    {
        while (packets.Length > 0)
        {
            int sent = _data.Send(IsDatagram ? packets[..Math.Min(packetBytes, packets.Length)] : packets);
            packets = packets[sent..];
        }
    }

    /// <summary>Sends a status; it is lost when the peer does not read them.</summary>
    public void SendStatus(StreamHeader status)
    {
        Span<byte> bytes = stackalloc byte[StreamHeader.Size];
        status.Write(bytes);
        try
        {
            _status.Send(bytes, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // The stream was closed meanwhile.
        }
    }

    public void Dispose()
    {
        // A thread that sends or receives is freed by the shutdown.
        Shutdown(_data);
        Shutdown(_status);
    }

    private static void Shutdown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It was not connected any more.
        }

        socket.Dispose();
    }
}
