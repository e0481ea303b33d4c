using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Makes the sockets of a stream.</summary>
internal static class StreamSetup
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>TCP: listens, says where, and takes two connections, first that for samples, then that for statuses.</summary>
    public static async ValueTask<(StreamLink Link, int Port)> ConnectionsAsync(
        Socket control, StreamParameters parameters, Func<int, ValueTask> announce, CancellationToken cancellationToken)
    {
        var local = (IPEndPoint)control.LocalEndPoint!;
        using var listener = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(local.Address, 0));
        listener.Listen(2);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await announce(port).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        Socket? data = null;
        try
        {
            data = await listener.AcceptAsync(limit.Token).ConfigureAwait(false);
            return (new StreamLink(data, await listener.AcceptAsync(limit.Token).ConfigureAwait(false), parameters), port);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            data?.Dispose();
            throw new DeviceCallException($"the stream's two connections to port {port} did not come within {ConnectLimit.TotalSeconds} s");
        }
    }

    /// <summary>UDP: connects to the two ports that the client has bound.</summary>
    public static (StreamLink Link, int Port) Datagram(Socket control, StreamParameters parameters, string dataPort, string statusPort)
    {
        IPAddress local = ((IPEndPoint)control.LocalEndPoint!).Address, peer = ((IPEndPoint)control.RemoteEndPoint!).Address;
        Socket data = Connect(local, peer, dataPort);
        try
        {
            return (new StreamLink(data, Connect(local, peer, statusPort), parameters), ((IPEndPoint)data.LocalEndPoint!).Port);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static Socket Connect(IPAddress local, IPAddress peer, string port)
    {
        if (!ushort.TryParse(port, CultureInfo.InvariantCulture, out ushort number) || number == 0)
        {
            throw new DeviceCallException($"port {port}: a number from 1 to 65535");
        }

        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(local, 0));
        socket.Connect(new IPEndPoint(peer, number));
        return socket;
    }
}
