using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using IsacTestbed.Radio;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Sidecar.Leases;

/// <summary>A controller's hold on some radios until it is renewed, closed or runs out. Thread safe.</summary>
/// <remarks>
/// Life: held, then revoked (calls and runs are cancelled and refused), then released (all radios muted and free). The time from the one
/// to the other is bounded by the sidecar's limit for muting.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing; late runs may still link to its token.")]
internal sealed class Lease
{
    // Share of the lease after which listeners are warned.
    private const double WarnAt = 2.0 / 3;
    private const int EventCapacity = 16;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action<Lease, string> _expired;
    private readonly CancellationTokenSource _revoked = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _listening;
    private readonly List<Channel<KeepSessionResponse>> _listeners = [];
    private readonly ITimer _timer;
    private long _renewedAt;
    private bool _warned;
    private string? _reason;

    /// <summary>Starts a lease.</summary>
    /// <param name="expired">Called once, from the timer, when the lease runs out; revokes it.</param>
    public Lease(string sessionId, string holder, IReadOnlyList<RadioSlot> radios, TimeSpan duration, TimeProvider time, Action<Lease, string> expired)
    {
        SessionId = sessionId;
        Holder = holder;
        Radios = radios;
        Duration = duration;
        _time = time;
        _expired = expired;
        _renewedAt = time.GetTimestamp();
        Revoked = _revoked.Token;
        _timer = time.CreateTimer(static lease => ((Lease)lease!).OnTimer(), this, WarnAt * duration, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The session's secret name.</summary>
    public string SessionId { get; }

    /// <summary>Who holds it.</summary>
    public string Holder { get; }

    /// <summary>The radios.</summary>
    public IReadOnlyList<RadioSlot> Radios { get; }

    /// <summary>Time from a renewal to the expiry.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Cancelled when the lease is revoked.</summary>
    public CancellationToken Revoked { get; }

    /// <summary>Completes when all radios are muted and free.</summary>
    public Task Released => _released.Task;

    /// <summary>Why the lease ended; null while it is held.</summary>
    public string? Reason
    {
        get
        {
            lock (_lock)
            {
                return _reason;
            }
        }
    }

    /// <summary>Until the expiry; zero or less when it has passed.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                return RemainingLocked();
            }
        }
    }

    /// <summary>Starts the lease anew from now.</summary>
    /// <returns>False when it has run out or was revoked.</returns>
    public bool TryRenew()
    {
        lock (_lock)
        {
            if (_reason is not null || RemainingLocked() <= TimeSpan.Zero)
            {
                return false;
            }

            _renewedAt = _time.GetTimestamp();
            _warned = false;
            _timer.Change(WarnAt * Duration, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>The radio of this name.</summary>
    /// <exception cref="RadioException">It does not belong to this session.</exception>
    public RadioSlot Require(string radioId) =>
        Radios.FirstOrDefault(r => r.RadioId == radioId)
        ?? throw new RadioException(RadioFaultCode.NotFound, radioId, "it is not part of this session; a session names its radios when it is opened.");

    /// <summary>Marks the lease as ended, cancels its runs and tells the listeners; the caller then mutes the radios.</summary>
    /// <returns>False when it had ended before.</returns>
    public bool TryRevoke(string reason)
    {
        lock (_lock)
        {
            if (_reason is not null)
            {
                return false;
            }

            _reason = reason;
            _timer.Dispose();
            TellLocked(new KeepSessionResponse { Revoked = new LeaseRevoked { Reason = reason } });
            _listeners.ForEach(l => l.Writer.TryComplete());
            _listeners.Clear();
            CountListenersLocked(0);
        }

        _revoked.Cancel();
        return true;
    }

    /// <summary>Completes when the lease has ended and everybody who listened has been told.</summary>
    public Task Told => _told.Task;

    /// <summary>Says that all radios are muted and free.</summary>
    public void MarkReleased() => _released.TrySetResult();

    /// <summary>Listens to what happens to the lease; completes when it is revoked. A listener that does not read misses the oldest events.</summary>
    public Channel<KeepSessionResponse> Listen()
    {
        var listener = Channel.CreateBounded<KeepSessionResponse>(
            new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            CountListenersLocked(1);
            if (_reason is null)
            {
                _listeners.Add(listener);
            }
            else
            {
                listener.Writer.TryWrite(new KeepSessionResponse { Revoked = new LeaseRevoked { Reason = _reason } });
                listener.Writer.TryComplete();
            }
        }

        return listener;
    }

    /// <summary>Ends listening.</summary>
    public void Unlisten(Channel<KeepSessionResponse> listener)
    {
        lock (_lock)
        {
            _listeners.Remove(listener);
            CountListenersLocked(-1);
        }
    }

    /// <summary>Tells the listeners.</summary>
    public void Tell(KeepSessionResponse message)
    {
        lock (_lock)
        {
            TellLocked(message);
        }
    }

    private void CountListenersLocked(int change)
    {
        _listening += change;
        if (_reason is not null && _listening == 0)
        {
            _told.TrySetResult();
        }
    }

    private void TellLocked(KeepSessionResponse message) => _listeners.ForEach(l => l.Writer.TryWrite(message));

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_reason is not null)
            {
                return;
            }

            TimeSpan remaining = RemainingLocked();
            if (remaining > TimeSpan.Zero)
            {
                if (!_warned)
                {
                    _warned = true;
                    TellLocked(new KeepSessionResponse { Expiring = new LeaseExpiring { ExpiresInSeconds = remaining.TotalSeconds } });
                }

                // A system timer cuts to milliseconds and may fire a little early; then this comes round again.
                _timer.Change(remaining, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        _expired(this, $"the lease of {Duration.TotalSeconds:0.###} s was not renewed");
    }

    private TimeSpan RemainingLocked() => Duration - _time.GetElapsedTime(_renewedAt);
}
