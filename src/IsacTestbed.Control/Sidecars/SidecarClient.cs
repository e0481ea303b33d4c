using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Control.Sidecars;

/// <summary>A connection to a sidecar. Thread safe. Sessions are disposed before it.</summary>
public sealed class SidecarClient : IAsyncDisposable
{
    private const string Protocol = "isac.testbed.v1";
    private const int MinimumRevision = 2;

    // Sixteen messages: more only makes what a slow reader gets older.
    private const int StreamWindowBytes = 4 << 20;

    private readonly SidecarCalls _calls;
    private readonly SidecarClientOptions _options;
    private readonly HashSet<string> _emulated;

    private SidecarClient(SidecarCalls calls, SidecarClientOptions options, SidecarInfo info, HashSet<string> emulated)
    {
        _calls = calls;
        _options = options;
        _emulated = emulated;
        Info = info;
    }

    /// <summary>What the sidecar said about itself when the connection was made.</summary>
    public SidecarInfo Info { get; }

    /// <summary>Connects and checks that the other side is a sidecar of this protocol.</summary>
    /// <param name="address">As in http://127.0.0.1:50061.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RadioException">In one line: nobody answers there (unreachable), or not this protocol (protocol mismatch).</exception>
    /// <exception cref="ArgumentException">The address is none.</exception>
    public static async Task<SidecarClient> ConnectAsync(
        Uri address, SidecarClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new SidecarClientOptions();
        if (options.Lease <= TimeSpan.Zero || options.CallTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentException("The lease and the time limit of a call must be positive.", nameof(options));
        }

        var channel = new RpcChannel(address, new RpcChannelOptions
        {
            ConnectTimeout = options.ConnectTimeout,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            Tls = options.Tls,
            AccessToken = options.AccessToken,
        });
        bool connected = false;
        try
        {
            var calls = new SidecarCalls(channel, options.CallTimeout);
            GetHardwareInfoResponse info = await GreetAsync(calls, address, cancellationToken).ConfigureAwait(false);
            connected = true;
            return new SidecarClient(
                calls,
                options,
                new SidecarInfo(
                    address,
                    info.ServerVersion,
                    info.Protocol,
                    info.ProtocolRevision,
                    info.ScenarioHash,
                    TimeSpan.FromSeconds(info.MaxLeaseSeconds),
                    [.. info.Radios.Select(WireMapping.ToDescription)]),
                [.. info.Radios.Where(r => r.SupportsFaultInjection).Select(r => r.RadioId)]);
        }
        finally
        {
            if (!connected)
            {
                await channel.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Leases radios, all or none, and keeps the lease renewed.</summary>
    /// <param name="radioIds">Their names; null for all radios of the sidecar.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RadioException">Somebody else holds one (lease lost; the message says who and until when), or there is no such radio.</exception>
    public async Task<SidecarSession> OpenSessionAsync(IReadOnlyList<string>? radioIds = null, CancellationToken cancellationToken = default)
    {
        string[] wanted = radioIds is null ? [.. Info.Radios.Select(r => r.RadioId)] : [.. radioIds];
        OpenSessionResponse opened = await _calls.CallAsync(
            RadioMethods.OpenSession,
            new OpenSessionRequest { Holder = _options.Holder, RadioIds = { wanted }, LeaseSeconds = _options.Lease.TotalSeconds },
            string.Empty,
            cancellationToken).ConfigureAwait(false);
        var keeper = new LeaseKeeper(_calls.Channel, opened.SessionId, TimeSpan.FromSeconds(opened.LeaseSeconds), _options.TimeProvider);
        SidecarCalls leased = _calls.Under(keeper);
        RemoteRadio[] radios = [.. wanted.Select(id => CreateRadio(leased, id, opened.SessionId))];
        return new SidecarSession(_calls, opened.SessionId, keeper, radios);
    }

    /// <summary>What each radio is doing now: how it is tuned, and who holds it for how long still.</summary>
    /// <exception cref="RadioException">The sidecar cannot be reached.</exception>
    public async Task<IReadOnlyList<SidecarRadioState>> GetStatesAsync(CancellationToken cancellationToken = default)
    {
        ListRadiosResponse response = await _calls
            .CallAsync(RadioMethods.ListRadios, new ListRadiosRequest(), string.Empty, cancellationToken).ConfigureAwait(false);
        return [.. response.States.Select(WireMapping.ToState)];
    }

    /// <summary>Closes the connection. Sessions that are still open run out.</summary>
    public ValueTask DisposeAsync() => _calls.Channel.DisposeAsync();

    private static async Task<GetHardwareInfoResponse> GreetAsync(SidecarCalls calls, Uri address, CancellationToken cancellationToken)
    {
        GetHardwareInfoResponse info;
        try
        {
            info = await calls.CallAsync(RadioMethods.GetHardwareInfo, new GetHardwareInfoRequest(), string.Empty, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (RadioException exception) when (exception.Code == RadioFaultCode.Unreachable)
        {
            throw new RadioException(
                RadioFaultCode.Unreachable, string.Empty, $"No sidecar answers at {address}: {OneLine(exception)}", exception);
        }
        catch (RadioException exception) when (exception.InnerException is RpcException { StatusCode: RpcStatusCode.Unauthenticated } refused)
        {
            throw new RadioException(RadioFaultCode.LimitExceeded, string.Empty, $"The sidecar at {address} lets nobody in without its token: {refused.Detail}", exception);
        }
        catch (RadioException exception)
        {
            throw new RadioException(
                RadioFaultCode.ProtocolMismatch, string.Empty, $"What answers at {address} is no sidecar of {Protocol}: {OneLine(exception)}", exception);
        }

        return info.Protocol == Protocol && info.ProtocolRevision >= MinimumRevision
            ? info
            : throw new RadioException(
                RadioFaultCode.ProtocolMismatch,
                string.Empty,
                $"The sidecar at {address} speaks '{info.Protocol}' revision {info.ProtocolRevision}; this controller needs {Protocol} revision {MinimumRevision}.");
    }

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ");

    private RemoteRadio CreateRadio(SidecarCalls calls, string radioId, string sessionId)
    {
        RadioDescription description = Info.Radios.FirstOrDefault(r => r.RadioId == radioId)
            ?? throw new RadioException(RadioFaultCode.NotFound, radioId, "the sidecar has leased a radio that it had not named before.");
        return _emulated.Contains(radioId)
            ? new RemoteEmulatedRadio(calls, sessionId, description)
            : new RemoteRadio(calls, sessionId, description);
    }
}
