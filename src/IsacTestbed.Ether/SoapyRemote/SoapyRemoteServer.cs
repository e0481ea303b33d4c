using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>
/// Serves the radios of an emulated air to any program that uses SoapySDR, by the protocol of its remote module (version 0.4 of the calls).
/// </summary>
/// <remarks>
/// Needs no discovery: a client names the address. One device per node of the scene; a client selects it by <c>remote:label</c> or
/// <c>remote:serial</c>. On an air with a paced clock streams run in real time: a slow reader gets OVERFLOW where samples are missing and a burst
/// that runs dry UNDERFLOW. On a virtual clock they run in lock-step with their readers. The rate and the carrier are the scene's. Thread safe.
/// </remarks>
public sealed class SoapyRemoteServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly AirStreams _streams;
    private readonly Action<string>? _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ClientConnection, Task> _connections = new();
    private Task _accepting = Task.CompletedTask;

    private SoapyRemoteServer(EmulatedAir air, Socket listener, Action<string>? log)
    {
        _listener = listener;
        _log = log;
        _streams = new AirStreams(air);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        Id = string.Create(CultureInfo.InvariantCulture, $"isac-{Environment.ProcessId}-{EndPoint.Port}");
        Devices = [.. Enumerable.Range(0, air.Radios.Count).Select(i => new RemoteDevice(_streams, i, Warn))];
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>For each device the SoapySDR arguments that open it, in the order of the scene's nodes.</summary>
    public IReadOnlyList<string> DeviceArguments =>
        [.. Devices.Select(d => $"driver=remote,remote=tcp://{EndPoint},remote:prot=tcp,remote:label={d.Label}")];

    internal IReadOnlyList<RemoteDevice> Devices { get; }

    internal string Id { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="air">The air; stays the caller's, who disposes it after the server.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The address is not loopback.</exception>
    /// <exception cref="IOException">The port cannot be had.</exception>
    public static SoapyRemoteServer Start(EmulatedAir air, SoapyRemoteOptions options)
    {
        ArgumentNullException.ThrowIfNull(air);
        ArgumentNullException.ThrowIfNull(options);
        if (!IPAddress.IsLoopback(options.EndPoint.Address))
        {
            throw new ArgumentException($"{options.EndPoint}: the protocol has no authentication; use a loopback address such as 127.0.0.1.", nameof(options));
        }

        var listener = new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(options.EndPoint);
            listener.Listen();
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new IOException($"cannot listen on {options.EndPoint}: {exception.Message}", exception);
        }

        var server = new SoapyRemoteServer(air, listener, options.Log);
        server._accepting = server.AcceptAsync();
        return server;
    }

    /// <summary>Closes all connections, mutes all transmitters and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        _streams.Dispose();
        _stop.Dispose();
    }

    /// <summary>Devices that fit arguments: what they say of label, serial and driver must agree.</summary>
    internal IEnumerable<RemoteDevice> Find(Dictionary<string, string> arguments) => Devices.Where(device =>
        device.Identity.All(own => !arguments.TryGetValue(own.Key, out string? wanted) || wanted == own.Value));

    internal void Log(string line) => _log?.Invoke(line);

    private void Warn(string message)
    {
        Log(message);
        foreach (ClientConnection connection in _connections.Keys)
        {
            connection.ForwardLog(message);
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                Log($"a connection was not accepted: {exception.Message}");
                continue;
            }

            var connection = new ClientConnection(this, socket);
            _connections[connection] = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(ClientConnection connection)
    {
        // The accepting loop goes on at once, and knows the connection before it ends.
        await Task.Yield();
        try
        {
            await connection.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }
}
