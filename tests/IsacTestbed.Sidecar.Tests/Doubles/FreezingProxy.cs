using System.Net;
using System.Net.Sockets;

namespace IsacTestbed.Sidecar.Tests.Doubles;

/// <summary>A TCP proxy on loopback that can stop forwarding without closing anything: a cable that is pulled.</summary>
internal sealed class FreezingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _connections = [];
    private readonly Task _accepting;
    private volatile bool _frozen;

    public FreezingProxy(IPEndPoint target)
    {
        _listener.Start();
        _accepting = AcceptAsync(target);
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>From now on bytes are read and forgotten, in both directions.</summary>
    public void Freeze() => _frozen = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _connections.ForEach(c => c.Dispose());
        _stop.Dispose();
    }

    private async Task AcceptAsync(IPEndPoint target)
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(client);
                if (!_frozen)
                {
                    var server = new TcpClient();
                    _connections.Add(server);
                    await server.ConnectAsync(target, _stop.Token);
                    _ = CopyAsync(client.GetStream(), server.GetStream());
                    _ = CopyAsync(server.GetStream(), client.GetStream());
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        var bytes = new byte[64 << 10];
        try
        {
            int count;
            while ((count = await from.ReadAsync(bytes, _stop.Token)) > 0)
            {
                if (!_frozen)
                {
                    await to.WriteAsync(bytes.AsMemory(0, count), _stop.Token);
                }
            }

            if (!_frozen)
            {
                to.Socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Either side is gone.
        }
    }
}
