using System.Net;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Leases;
using IsacTestbed.Sidecar.Limits;
using IsacTestbed.Sidecar.Standard;
using IsacTestbed.Sidecar.Telemetry;
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
    private readonly SidecarTelemetry _telemetry;
    private readonly ILogger _logger;
    private bool _disposed;

    private RadioSidecar(LeaseTable leases, HealthService health, RpcServer server, SidecarTelemetry telemetry, string scheme, ILogger logger)
    {
        _telemetry = telemetry;
        _leases = leases;
        _health = health;
        _server = server;
        _logger = logger;
        Address = new UriBuilder(scheme, server.EndPoint.Address.ToString(), server.Port).Uri;
    }

    /// <summary>Name of the meter and of the activity source whose metrics and traces a sidecar emits.</summary>
    public const string TelemetryName = SidecarTelemetry.Name;

    /// <summary>Where controllers connect, as in http://127.0.0.1:50061/, or with https where a certificate is served.</summary>
    public Uri Address { get; }

    /// <summary>The address and port that the sidecar listens on.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>Starts a sidecar.</summary>
    /// <param name="radios">At least one; their names differ. They stay the caller's.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">There is no radio, a name stands twice, an option is wrong, or the address is not loopback and there is no certificate or no token.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<RadioSidecar> StartAsync(
        IReadOnlyList<IRadio> radios, RadioSidecarOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(radios);
        options ??= new RadioSidecarOptions();
        Require(radios, options);
        ILogger logger = (ILogger?)options.LoggerFactory?.CreateLogger<RadioSidecar>() ?? NullLogger.Instance;
        var telemetry = new SidecarTelemetry();
        RadioSlot[] slots = [.. radios.Select(r => CreateSlot(r, options, telemetry, logger))];
        var leases = new LeaseTable(slots, options.TimeProvider, options.MaximumLease, options.MuteTimeout, telemetry, logger);
        string[] services = [RadioMethods.Service, HealthService.Service, ReflectionService.Service];
        var service = new RadioService(leases, options, telemetry, logger);
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
            new RpcServerOptions
            {
                MaxReceiveMessageBytes = options.MaxMessageBytes,
                Certificate = options.Certificate,
                ClientAuthorities = options.ClientAuthorities,
                AccessToken = options.AccessToken,
                KeepAlivePingDelay = options.KeepAlivePingDelay,
                KeepAlivePingTimeout = options.KeepAlivePingTimeout,
                LoggerFactory = options.LoggerFactory,
            },
            cancellationToken).ConfigureAwait(false);
        string scheme = options.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        var sidecar = new RadioSidecar(leases, health, server, telemetry, scheme, logger);
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

        // Also those that no session held: what they did before the sidecar started is not known here. All at once, as each may take its limit.
        Exception?[] failures = await Task.WhenAll(_leases.Slots.Select(s => s.MuteAsync())).ConfigureAwait(false);
        for (int i = 0; i < failures.Length; i++)
        {
            if (failures[i] is { } failure)
            {
                SidecarLog.MuteFailed(_logger, _leases.Slots[i].RadioId, failure);
            }
        }

        await _server.DisposeAsync().ConfigureAwait(false);
        _telemetry.Dispose();
    }

    private static RadioSlot CreateSlot(IRadio radio, RadioSidecarOptions options, SidecarTelemetry telemetry, ILogger logger)
    {
        string radioId = radio.Description.RadioId;
        RadioSlot? slot = null;
        var guard = new TransmitGuard(radio.Description, options.Limits, options.TimeProvider, Refused);
        slot = new RadioSlot(radio, guard, options.MuteTimeout);
        return slot;

        void Refused(TransmitLimit limit, string problem)
        {
            telemetry.Refused(radioId, limit);
            SidecarLog.Refused(logger, radioId, limit.ToString(), problem);
            try
            {
                options.TransmitLog?.Refuse(slot?.Lease?.Holder ?? string.Empty, radioId, limit, problem);
            }
            catch (IOException exception)
            {
                // Nothing is transmitted either way.
                SidecarLog.TransmitLogFailed(logger, exception);
            }
        }
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

        if (!IPAddress.IsLoopback(options.EndPoint.Address) && (options.Certificate is null || options.AccessToken is null))
        {
            throw new ArgumentException($"{options.EndPoint} is not a loopback address: any other needs a certificate and a token.", nameof(options));
        }

        if (options.MaximumLease <= TimeSpan.Zero || options.MuteTimeout <= TimeSpan.Zero || options.MaxWaveformSamples < 1)
        {
            throw new ArgumentException("The longest lease, the time for muting and the longest waveform must be positive.", nameof(options));
        }
    }
}
