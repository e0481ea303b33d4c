using System.Net.Sockets;
using IsacTestbed.Core;
using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Lines;
using IsacTestbed.Lab.Profiles;
using IsacTestbed.Lab.Simulation;

namespace IsacTestbed.Lab.Instruments;

/// <summary>Opens the instruments that a bench lists.</summary>
public static class InstrumentOpening
{
    private const string TcpScheme = "tcp://";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Opens an instrument and asks what it is, so that one that is not there is known before a run begins.</summary>
    /// <param name="entry">Its entry in the list.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="time">Time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConfigurationException">The device does not fit the profile.</exception>
    /// <exception cref="InstrumentException">It cannot be reached, or does not answer.</exception>
    public static async Task<IInstrument> OpenAsync(InstrumentEntry entry, InstrumentProfile profile, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(profile);
        IInstrumentTransport transport = await ConnectAsync(entry, profile, time, cancellationToken).ConfigureAwait(false);
        IAsyncDisposable open = transport;
        try
        {
            IInstrument instrument = Create(entry, profile, transport, time);
            open = instrument;
            await instrument.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            return instrument;
        }
        catch
        {
            await open.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes the instrument of a profile over a transport.</summary>
    public static IInstrument Create(InstrumentEntry entry, InstrumentProfile profile, IInstrumentTransport transport, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(profile);
        return profile.Kind switch
        {
            InstrumentKind.Gpsdo => new Gpsdo(entry.Id, profile, transport, time, entry.AllowDangerousCommands),
            InstrumentKind.Attenuator => new Attenuator(entry.Id, profile, transport, time, entry.AllowDangerousCommands),
            InstrumentKind.Rotator => new Rotator(entry.Id, profile, transport, time, entry.AllowDangerousCommands),
            InstrumentKind.Switch => new PathSwitch(entry.Id, profile, transport, time, entry.AllowDangerousCommands),
            _ => throw new ArgumentException($"The profile of {profile.Model} has no kind.", nameof(profile)),
        };
    }

    private static async Task<IInstrumentTransport> ConnectAsync(
        InstrumentEntry entry, InstrumentProfile profile, TimeProvider time, CancellationToken cancellationToken)
    {
        if (entry.Device == InstrumentEntry.Simulated)
        {
            return SimulatedTransport.Open(Simulate(profile, time), profile.Line ?? new LineSettings(115200), time);
        }

        if (entry.Device.StartsWith(TcpScheme, StringComparison.Ordinal))
        {
            return await ConnectSocketAsync(entry, profile, cancellationToken).ConfigureAwait(false);
        }

        if (profile.Line is null)
        {
            throw new ConfigurationException(entry.Id, "device", $"found {entry.Device}; {profile.Model} has no serial line: give {TcpScheme}HOST");
        }

        try
        {
            return new StreamTransport(SerialStream.Open(entry.Device, profile.Line), entry.Device);
        }
        catch (SerialLineException exception)
        {
            throw new InstrumentException(InstrumentFault.Unreachable, entry.Id, string.Empty, string.Empty, exception.Message, exception);
        }
    }

    private static async Task<IInstrumentTransport> ConnectSocketAsync(InstrumentEntry entry, InstrumentProfile profile, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(entry.Device, UriKind.Absolute, out Uri? address) || address.Host.Length == 0 || address.PathAndQuery is not ("/" or "") || profile.TcpPort is null)
        {
            throw new ConfigurationException(
                entry.Id,
                "device",
                profile.TcpPort is null ? $"found {entry.Device}; {profile.Model} has no socket: give its serial line" : $"found {entry.Device}; it must be {TcpScheme}HOST or {TcpScheme}HOST:PORT");
        }

        int port = address.Port > 0 ? address.Port : profile.TcpPort.Value;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ConnectTimeout);
            await socket.ConnectAsync(address.Host, port, limit.Token).ConfigureAwait(false);
            return new StreamTransport(new NetworkStream(socket, ownsSocket: true), entry.Device);
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            socket.Dispose();
            string problem = exception is SocketException ? exception.Message : FormattableString.Invariant($"nobody answers within {ConnectTimeout.TotalSeconds:0} s");
            throw new InstrumentException(
                InstrumentFault.Unreachable, entry.Id, string.Empty, string.Empty, $"{address.Host}:{port} cannot be reached: {problem}; check power and network", exception);
        }
    }

    private static ISimulatedInstrument Simulate(InstrumentProfile profile, TimeProvider time) =>
        profile.Kind switch
        {
            InstrumentKind.Gpsdo => new SimulatedGpsdo(time) { WarmUp = TimeSpan.Zero, TimeToLock = TimeSpan.Zero },
            InstrumentKind.Attenuator => new SimulatedAttenuator(profile.Limits["maximumAttenuationDb"], profile.Limits["stepDb"]),
            InstrumentKind.Rotator => new SimulatedRotator(time),
            _ => new SimulatedPathSwitch(),
        };
}
