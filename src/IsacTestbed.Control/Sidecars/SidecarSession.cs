using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Wire.V1;
using BurstSchedule = IsacTestbed.Core.BurstSchedule;

namespace IsacTestbed.Control.Sidecars;

/// <summary>A lease on radios of a sidecar, renewed in the background until it is disposed. Thread safe, but one run at a time per radio.</summary>
public sealed class SidecarSession : IAsyncDisposable
{
    private readonly SidecarCalls _sidecar;
    private readonly SidecarCalls _calls;
    private readonly string _sessionId;
    private readonly LeaseKeeper _keeper;
    private bool _disposed;

    /// <param name="sidecar">Calls under no lease.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="keeper">Its lease.</param>
    /// <param name="radios">Its radios.</param>
    internal SidecarSession(SidecarCalls sidecar, string sessionId, LeaseKeeper keeper, IReadOnlyList<RemoteRadio> radios)
    {
        _sidecar = sidecar;
        _calls = sidecar.Under(keeper);
        _sessionId = sessionId;
        _keeper = keeper;
        Radios = radios;
    }

    /// <summary>The leased radios, in the order in which they were named.</summary>
    public IReadOnlyList<RemoteRadio> Radios { get; }

    /// <summary>Cancelled when the lease is lost; <see cref="Loss"/> then says why.</summary>
    public CancellationToken Lost => _keeper.Lost;

    /// <summary>Why the lease was lost; null while it is held.</summary>
    public RadioException? Loss => _keeper.Loss;

    /// <summary>A radio by its name.</summary>
    /// <exception cref="ArgumentException">The session has no such radio.</exception>
    public RemoteRadio Radio(string radioId) =>
        Radios.FirstOrDefault(r => r.Description.RadioId == radioId)
        ?? throw new ArgumentException($"The session has no radio '{radioId}'.", nameof(radioId));

    /// <summary>Stores waveforms in several radios at once; each travels once.</summary>
    /// <exception cref="RadioException">A radio refused, or the sidecar cannot be reached.</exception>
    public Task UploadAsync(IReadOnlyList<Waveform> waveforms, IReadOnlyList<string> radioIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waveforms);
        ArgumentNullException.ThrowIfNull(radioIds);
        return waveforms.Count == 0 ? Task.CompletedTask : _calls.UploadAsync(_sessionId, radioIds, waveforms, cancellationToken);
    }

    /// <summary>Arms all radios of an experiment, then runs them together and yields what they capture.</summary>
    /// <remarks>
    /// The caller owns and disposes each block. Outputs of one radio come in order of their ticks; radios are interleaved as they come. When a
    /// radio fails, the others go on to their end, and only then is the fault thrown. Cancellation mutes all radios of the run.
    /// </remarks>
    /// <param name="schedules">At least one; one per radio.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentException">A schedule is malformed.</exception>
    /// <exception cref="RadioException">During enumeration: a radio cannot be armed or failed, or the lease or the sidecar was lost.</exception>
    public IAsyncEnumerable<RadioOutput> ExecuteAsync(IReadOnlyList<BurstSchedule> schedules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schedules);
        if (schedules.Count == 0)
        {
            throw new ArgumentException("A run needs at least one schedule.", nameof(schedules));
        }

        foreach (BurstSchedule schedule in schedules)
        {
            schedule.Validate();
        }

        return _calls.ExecuteAsync(
            new ExecuteScheduleRequest { SessionId = _sessionId, Schedules = { schedules.Select(WireMapping.ToWire) } }, cancellationToken);
    }

    /// <summary>Stops renewing, mutes and frees the radios, within the time limit of a call. Never throws: where the sidecar cannot be
    /// told, the lease's end mutes and frees them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _keeper.DisposeAsync().ConfigureAwait(false);
        if (Loss is not null)
        {
            // The sidecar has ended the session, or will without being told.
            return;
        }

        try
        {
            await _sidecar.CallAsync(
                RadioMethods.CloseSession, new CloseSessionRequest { SessionId = _sessionId }, string.Empty, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RadioException or ObjectDisposedException)
        {
            // Unreachable: then the lease runs out.
        }
    }
}
