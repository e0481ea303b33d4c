using System.Collections.Concurrent;

namespace IsacTestbed.Ether;

/// <summary>The streams of samples to and from the emulated air, and how far time has come for them. Thread safe.</summary>
/// <remarks>
/// <para>A received sample is a function of its tick. For that, what is sent at ticks that a receiver has heard must not change any more: the
/// horizon lies beyond all rendered samples by the reach of the delay filter and of the receivers' clock errors, and a transmit sample before it
/// is late.</para>
/// <para>Paced, time is the clock's. In lock-step it never passes the position that the slowest active receive stream has read plus that
/// stream's credit; without an active receive stream it stands still.</para>
/// </remarks>
internal sealed class AirStreams : IDisposable
{
    private const long ForgetStep = StreamedSegment.Capacity / 4;
    private static readonly TimeSpan PacingStep = TimeSpan.FromMilliseconds(1);

    private readonly List<RxStream> _receivers = [];
    private readonly List<TxStream> _transmitters = [];
    private readonly ITimer? _pacing;
    private TxStream[] _pumped = [];
    private long _rendered;
    private long _horizon;
    private long _forgotten = long.MinValue;
    private int _nextBurst;

    /// <param name="air">The air; its clock is virtual for lock-step, paced otherwise.</param>
    public AirStreams(EmulatedAir air)
    {
        Air = air;
        IsLockStep = air.Clock.Mode == AirClockMode.Virtual;
        _pacing = IsLockStep ? null : air.Clock.TimeProvider.CreateTimer(_ => Pace(), null, PacingStep, PacingStep);
    }

    public EmulatedAir Air { get; }

    public bool IsLockStep { get; }

    /// <summary>Guards all streams.</summary>
    public Lock Sync { get; } = new();

    /// <summary>Arrays for full segments.</summary>
    public ConcurrentBag<float[]> Pool { get; } = [];

    /// <summary>The earliest tick at which a sample may still be sent: the common time of all devices.</summary>
    public long Now
    {
        get
        {
            lock (Sync)
            {
                return NowLocked;
            }
        }
    }

    /// <summary>The same, under the lock.</summary>
    public long NowLocked => IsLockStep ? _horizon : Math.Max(_horizon, Air.Clock.Now);

    /// <summary>The tick before which a receive stream cannot start any more; under the lock.</summary>
    public long EarliestReception
    {
        get
        {
            if (!IsLockStep)
            {
                return Air.Clock.Now;
            }

            long read = long.MaxValue;
            foreach (RxStream stream in _receivers)
            {
                read = stream.IsActive ? Math.Min(read, stream.ReadTick) : read;
            }

            return Math.Min(read, _rendered);
        }
    }

    /// <summary>Samples that lay on the air at the latest when a new burst is opened; under the lock.</summary>
    public int NextBurstId() => _nextBurst++;

    public void Add(RxStream stream)
    {
        lock (Sync)
        {
            _receivers.Add(stream);
        }
    }

    public void Remove(RxStream stream)
    {
        lock (Sync)
        {
            _receivers.Remove(stream);
        }
    }

    public void Add(TxStream stream)
    {
        lock (Sync)
        {
            _transmitters.Add(stream);
            _pumped = [.. _transmitters];
        }
    }

    public void Remove(TxStream stream)
    {
        lock (Sync)
        {
            _transmitters.Remove(stream);
            _pumped = [.. _transmitters];
        }
    }

    /// <summary>
    /// Takes in what has been sent to the transmit streams so far: whoever wrote before it read must find its samples on the air. Not under the lock.
    /// </summary>
    public void TakeInTransmissions()
    {
        foreach (TxStream stream in Volatile.Read(ref _pumped))
        {
            stream.TakeIn();
        }
    }

    /// <summary>How far samples may be rendered by time alone; under the lock.</summary>
    public long RenderLimit
    {
        get
        {
            if (!IsLockStep)
            {
                return Air.Clock.Now;
            }

            long limit = long.MaxValue;
            foreach (RxStream stream in _receivers)
            {
                limit = stream.IsActive ? Math.Min(limit, stream.ReadTick + stream.CreditTicks) : limit;
            }

            return limit;
        }
    }

    /// <summary>Moves the horizon for a block that is about to be rendered; under the lock.</summary>
    /// <param name="end">End of the block.</param>
    /// <param name="reach">How far beyond it the receiver hears.</param>
    public void Advance(long end, long reach)
    {
        _rendered = Math.Max(_rendered, end);
        AdvanceHorizon(Math.Max(_horizon, end + reach));
    }

    /// <summary>Sets the common time: what is on its way is cut, active receive streams go on at the new time.</summary>
    /// <exception cref="Radio.RadioException">A radio of the air executes a schedule.</exception>
    public void SetTime(string radioId, long tick)
    {
        lock (Sync)
        {
            Air.SetTime(radioId, tick);
            _rendered = _horizon = tick;
            _forgotten = long.MinValue;
            foreach (TxStream stream in _transmitters)
            {
                stream.Abandon();
            }

            foreach (RxStream stream in _receivers)
            {
                stream.MoveTo(tick);
            }
        }
    }

    public void Dispose() => _pacing?.Dispose();

    private void Pace()
    {
        lock (Sync)
        {
            AdvanceHorizon(Math.Max(_horizon, Air.Clock.Now));
        }
    }

    private void AdvanceHorizon(long horizon)
    {
        foreach (TxStream stream in _transmitters)
        {
            stream.PassTo(horizon);
        }

        _horizon = horizon;
        Air.Clock.Advance(horizon);
        long needed = horizon;
        foreach (RxStream stream in _receivers)
        {
            needed = stream.IsActive ? Math.Min(needed, stream.ReadTick) : needed;
        }

        if (_forgotten == long.MinValue || needed - _forgotten >= ForgetStep)
        {
            _forgotten = needed;
            Air.Forget(needed);
        }
    }
}
