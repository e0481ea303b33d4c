using System.Security.Cryptography;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Mapping;
using IsacTestbed.Sidecar.Telemetry;
using Microsoft.Extensions.Logging;

namespace IsacTestbed.Sidecar.Leases;

/// <summary>Who holds which radio. Thread safe.</summary>
internal sealed class LeaseTable
{
    private const int SessionIdCharacters = 32;

    // A controller whose connection is dead is not waited for.
    private static readonly TimeSpan TellTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RadioSlot> _slots;
    private readonly Dictionary<string, Lease> _leases = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _maximumLease;
    private readonly TimeSpan _runLimit;
    private readonly SidecarTelemetry _telemetry;
    private readonly ILogger _logger;
    private bool _stopping;

    /// <param name="runLimit">How long the end of a session waits for its runs to end.</param>
    public LeaseTable(
        IReadOnlyList<RadioSlot> slots, TimeProvider time, TimeSpan maximumLease, TimeSpan runLimit, SidecarTelemetry telemetry, ILogger logger)
    {
        _slots = slots.ToDictionary(s => s.RadioId);
        Slots = slots;
        _time = time;
        _maximumLease = maximumLease;
        _runLimit = runLimit;
        _telemetry = telemetry;
        _logger = logger;
    }

    /// <summary>All radios, in the order in which the sidecar was given them.</summary>
    public IReadOnlyList<RadioSlot> Slots { get; }

    /// <summary>A radio, whoever holds it: for calls that only read.</summary>
    /// <exception cref="RadioException">There is none of this name.</exception>
    public RadioSlot RequireRadio(string radioId) =>
        _slots.TryGetValue(radioId, out RadioSlot? slot)
            ? slot
            : throw new RadioException(
                RadioFaultCode.NotFound, radioId, $"the sidecar has no radio of this name; it has {string.Join(", ", _slots.Keys)}.");

    /// <summary>Leases radios, all or none.</summary>
    /// <exception cref="LeaseHeldException">Somebody else holds one of them.</exception>
    /// <exception cref="ArgumentException">The holder or the radios are not named, or the duration is not positive.</exception>
    public async ValueTask<Lease> OpenAsync(string holder, IReadOnlyList<string> radioIds, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(holder))
        {
            throw new ArgumentException("A session needs a holder's name.");
        }

        if (radioIds.Count == 0 || radioIds.Distinct().Count() != radioIds.Count)
        {
            throw new ArgumentException("A session names at least one radio, and each once.");
        }

        if (duration <= TimeSpan.Zero)
        {
            throw new ArgumentException($"A lease of {duration.TotalSeconds} s; it must be positive.");
        }

        RadioSlot[] slots = [.. radioIds.Select(RequireRadio)];
        TimeSpan granted = duration < _maximumLease ? duration : _maximumLease;
        while (true)
        {
            if (TryTake(holder, slots, granted, out Lease? lease, out Task ending))
            {
                _telemetry.LeaseEvent("opened");
                SidecarLog.SessionOpened(_logger, holder, radioIds, granted.TotalSeconds);
                return lease!;
            }

            // The former holder is gone and its radios are being muted, which takes a bounded time.
            await ending.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Who holds which radio now, and how each is tuned.</summary>
    public IReadOnlyList<RadioState> States()
    {
        lock (_lock)
        {
            return
            [
                .. Slots.Select(s => s.Lease is { Reason: null } lease && lease.Remaining > TimeSpan.Zero
                    ? new RadioState(s.RadioId, s.Settings, lease.Holder, lease.Remaining)
                    : new RadioState(s.RadioId, s.Settings, null, TimeSpan.Zero)),
            ];
        }
    }

    /// <summary>Starts a lease anew from now.</summary>
    /// <returns>False when it has run out or was revoked.</returns>
    public bool TryRenew(Lease lease)
    {
        bool renewed = lease.TryRenew();
        if (renewed)
        {
            _telemetry.LeaseEvent("renewed");
        }

        return renewed;
    }

    /// <summary>The lease of a session, still held.</summary>
    /// <exception cref="RadioException">No such session, or it has run out (lease lost).</exception>
    public Lease Require(string sessionId)
    {
        Lease? lease;
        lock (_lock)
        {
            _leases.TryGetValue(sessionId, out lease);
        }

        if (lease is null)
        {
            throw new RadioException(RadioFaultCode.LeaseLost, string.Empty, "The session is not known: its lease has run out, or it was closed, or it never was.");
        }

        if (lease.Remaining <= TimeSpan.Zero)
        {
            // The timer has not come round to it yet; a lease ends when its time is over and not when somebody notices.
            Expire(lease, "the lease ran out");
        }

        return lease.Reason is { } reason ? throw Lost(reason) : lease;
    }

    /// <summary>Ends a session: cancels its runs, mutes and frees its radios.</summary>
    public async Task EndAsync(Lease lease, LeaseEnd end, string reason)
    {
        if (!lease.TryRevoke(reason))
        {
            await lease.Released.ConfigureAwait(false);
            return;
        }

        _telemetry.LeaseEvent(end.ToString().ToLowerInvariant());
        Exception?[] failures = await Task.WhenAll(lease.Radios.Select(r => r.MuteAsync())).ConfigureAwait(false);
        for (int i = 0; i < failures.Length; i++)
        {
            if (failures[i] is { } failure)
            {
                SidecarLog.MuteFailed(_logger, lease.Radios[i].RadioId, failure);
            }
        }

        // The runs saw the lease's token; a radio whose driver hangs is freed all the same and will answer busy.
        await Task.WhenAll(lease.Radios.Select(r => r.WhenIdle()))
            .WaitAsync(_runLimit, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _leases.Remove(lease.SessionId);
            foreach (RadioSlot slot in lease.Radios)
            {
                slot.Lease = null;
            }
        }

        SidecarLog.SessionEnded(_logger, lease.Holder, reason);
        lease.MarkReleased();
    }

    /// <summary>Ends all sessions and grants no further one.</summary>
    public async Task StopAsync()
    {
        Lease[] leases;
        lock (_lock)
        {
            _stopping = true;
            leases = [.. _leases.Values];
        }

        await Task.WhenAll(leases.Select(l => EndAsync(l, LeaseEnd.Stopped, "the sidecar stops"))).ConfigureAwait(false);

        // The server's end would cut the word off.
        await Task.WhenAll(leases.Select(l => l.Told)).WaitAsync(TellTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The exception of a lost lease.</summary>
    public static RadioException Lost(string reason) =>
        new(RadioFaultCode.LeaseLost, string.Empty, $"The session has ended: {reason}. Its radios are muted; open a new session.");

    private bool TryTake(string holder, RadioSlot[] slots, TimeSpan duration, out Lease? lease, out Task ending)
    {
        lock (_lock)
        {
            lease = null;
            ending = Task.CompletedTask;
            if (_stopping)
            {
                throw new RadioException(RadioFaultCode.Unreachable, string.Empty, "The sidecar is stopping.");
            }

            foreach (RadioSlot slot in slots)
            {
                if (slot.Lease is not { } other)
                {
                    continue;
                }

                TimeSpan remaining = other.Remaining;
                if (other.Reason is null && remaining > TimeSpan.Zero)
                {
                    _telemetry.LeaseEvent("held");
                    throw new LeaseHeldException(slot.RadioId, other.Holder, remaining);
                }

                Expire(other, "the lease ran out");
                ending = other.Released;
                return false;
            }

            lease = new Lease(RandomNumberGenerator.GetHexString(SessionIdCharacters, lowercase: true), holder, slots, duration, _time, Expire);
            _leases.Add(lease.SessionId, lease);
            foreach (RadioSlot slot in slots)
            {
                slot.Lease = lease;
            }

            return true;
        }
    }

    // On the pool: cancelling the runs and muting must not hold up the timer, nor happen under a lock.
    private void Expire(Lease lease, string reason) => _ = Task.Run(() => EndAsync(lease, LeaseEnd.Expired, reason));
}
