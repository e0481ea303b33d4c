using System.Net;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Leases;
using IsacTestbed.Sidecar.Standard;
using IsacTestbed.Wire.Health;
using IsacTestbed.Wire.Reflection;
using IsacTestbed.Wire.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IsacTestbed.Sidecar;

/// <summary>Serves radios over gRPC (isac.testbed.v1.RadioService, grpc.health.v1, grpc.reflection.v1).</summary>
/// <remarks>
/// The radios stay the caller's: the sidecar mutes them when a session ends, and when it stops, but never disposes them. Thread safe.
/// </remarks>
public sealed class RadioSidecar : IAsyncDisposable
{
    private readonly LeaseTable _leases;
    private readonly HealthService _health;
    private readonly RpcServer _server;
    private readonly ILogger _logger;
    private bool _disposed;

    private RadioSidecar(LeaseTable leases, HealthService health, RpcServer server, ILogger logger)
    {
        _leases = leases;
        _health = health;
        _server = server;
        _logger = logger;
        Address = new UriBuilder(Uri.UriSchemeHttp, server.EndPoint.Address.ToString(), server.Port).Uri;
    }

    /// <summary>Where controllers connect, as in http://127.0.0.1:50061/.</summary>
    public Uri Address { get; }

    /// <summary>The address and port that the sidecar listens on.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>Starts a sidecar.</summary>
    /// <param name="radios">At least one; their names differ. They stay the caller's.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">There is no radio, a name stands twice, an option is wrong, or the address is not loopback.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<RadioSidecar> StartAsync(
        IReadOnlyList<IRadio> radios, RadioSidecarOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(radios);
        options ??= new RadioSidecarOptions();
        Require(radios, options);
        ILogger logger = (ILogger?)options.LoggerFactory?.CreateLogger<RadioSidecar>() ?? NullLogger.Instance;
        RadioSlot[] slots = [.. radios.Select(r => new RadioSlot(r, options.Limits, options.MuteTimeout))];
        var leases = new LeaseTable(slots, options.TimeProvider, options.MaximumLease, options.MuteTimeout, logger);
        string[] services = [RadioMethods.Service, HealthService.Service, ReflectionService.Service];
        var service = new RadioService(leases, options, logger);
        var health = new HealthService(services);
        var reflection = new ReflectionService(
            services, RadioServiceReflection.Descriptor, HealthReflection.Descriptor, ReflectionReflection.Descriptor);
        RpcServer server = await RpcServer.StartAsync(
            options.EndPoint,
            endpoints =>
            {
                service.Map(endpoints);
                health.Map(endpoints);
                reflection.Map(endpoints);
            },
            new RpcServerOptions { MaxReceiveMessageBytes = options.MaxMessageBytes, LoggerFactory = options.LoggerFactory },
            cancellationToken).ConfigureAwait(false);
        var sidecar = new RadioSidecar(leases, health, server, logger);
        string[] names = [.. radios.Select(r => r.Description.RadioId)];
        SidecarLog.Listening(logger, sidecar.Address, names);
        return sidecar;
    }

    /// <summary>Tells watchers of its health, ends all sessions, mutes all radios, then stops serving.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _health.MarkStopping();
        await _leases.StopAsync().ConfigureAwait(false);
        foreach (RadioSlot slot in _leases.Slots)
        {
            // Also those that no session held: what they did before the sidecar started is not known here.
            if (await slot.MuteAsync().ConfigureAwait(false) is { } failure)
            {
                SidecarLog.MuteFailed(_logger, slot.RadioId, failure);
            }
        }

        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private static void Require(IReadOnlyList<IRadio> radios, RadioSidecarOptions options)
    {
        if (radios.Count == 0)
        {
            throw new ArgumentException("A sidecar needs at least one radio.", nameof(radios));
        }

        if (radios.GroupBy(r => r.Description.RadioId).FirstOrDefault(g => g.Count() > 1 || g.Key.Length == 0) is { } twice)
        {
            throw new ArgumentException($"The radio name '{twice.Key}' is empty or stands twice.", nameof(radios));
        }

        if (!IPAddress.IsLoopback(options.EndPoint.Address))
        {
            throw new ArgumentException(
                $"{options.EndPoint} is not a loopback address: any other needs TLS and a token, which this version does not have.", nameof(options));
        }

        if (options.MaximumLease <= TimeSpan.Zero || options.MuteTimeout <= TimeSpan.Zero || options.MaxWaveformSamples < 1)
        {
            throw new ArgumentException("The longest lease, the time for muting and the longest waveform must be positive.", nameof(options));
        }
    }
}
