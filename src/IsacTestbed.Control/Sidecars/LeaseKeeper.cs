using System.Runtime.CompilerServices;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Control.Sidecars;

/// <summary>Renews a lease in the background for as long as it lives, and learns when it is lost.</summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private const int BeatsPerLease = 3;

    private readonly RpcChannel _channel;
    private readonly string _sessionId;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _keeping;
    private long _renewedAt;
    private volatile RadioException? _loss;

    /// <summary>Starts renewing.</summary>
    public LeaseKeeper(RpcChannel channel, string sessionId, TimeSpan lease, TimeProvider time)
    {
        _channel = channel;
        _sessionId = sessionId;
        _lease = lease;
        _time = time;
        _renewedAt = time.GetTimestamp();
        Lost = _lost.Token;
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Cancelled when the lease is lost.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Why the lease was lost; null while it is held.</summary>
    public RadioException? Loss => _loss;

    /// <summary>Stops renewing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task KeepAsync()
    {
        RadioException? loss = null;
        while (loss is null && !_stop.IsCancellationRequested)
        {
            loss = await ListenAsync().ConfigureAwait(false);
            if (loss is { Code: RadioFaultCode.Unreachable } && _time.GetElapsedTime(_renewedAt) < _lease)
            {
                // The connection may come back before the sidecar gives up on us.
                await Task.Delay(_lease / (4 * BeatsPerLease), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                loss = null;
            }
        }

        if (loss is not null)
        {
            _loss = loss;
            await _lost.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One call, to its end; answers why it ended, or null when it was stopped.</summary>
    private async Task<RadioException?> ListenAsync()
    {
        // Where the network is cut, no error comes for a long time; the sidecar has muted the radios by the end of the lease.
        using var silence = new CancellationTokenSource(Remaining, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, silence.Token);
        try
        {
            await foreach (KeepSessionResponse message in _channel
                .DuplexAsync(RadioMethods.KeepSession, BeatAsync(), null, either.Token)
                .ConfigureAwait(false))
            {
                switch (message.EventCase)
                {
                    case KeepSessionResponse.EventOneofCase.Renewed:
                        _renewedAt = _time.GetTimestamp();
                        silence.CancelAfter(_lease);
                        break;
                    case KeepSessionResponse.EventOneofCase.Revoked:
                        return new RadioException(RadioFaultCode.LeaseLost, string.Empty, $"The session has ended: {message.Revoked.Reason}.");
                    default:
                        // Warnings need no answer, the next beat is on its way; faults also end the run that they happen in.
                        break;
                }
            }

            return new RadioException(RadioFaultCode.Unreachable, string.Empty, "The sidecar ended the session's stream.");
        }
        catch (RpcException exception)
        {
            return FaultMapping.ToException(exception, string.Empty) as RadioException
                ?? new RadioException(RadioFaultCode.ProtocolMismatch, string.Empty, exception.Message, exception);
        }
        catch (OperationCanceledException)
        {
            return _stop.IsCancellationRequested
                ? null
                : new RadioException(
                    RadioFaultCode.Unreachable,
                    string.Empty,
                    FormattableString.Invariant($"The sidecar has not answered for {_lease.TotalSeconds:G4} s: the lease has run out, and its radios are muted."));
        }
        catch (ObjectDisposedException exception)
        {
            return new RadioException(RadioFaultCode.LeaseLost, string.Empty, "The connection to the sidecar was closed.", exception);
        }
    }

    private TimeSpan Remaining
    {
        get
        {
            TimeSpan left = _lease - _time.GetElapsedTime(_renewedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private async IAsyncEnumerable<KeepSessionRequest> BeatAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            yield return new KeepSessionRequest { SessionId = _sessionId };
            await Task.Delay(_lease / BeatsPerLease, _time, cancellationToken).ConfigureAwait(false);
        }
    }
}
