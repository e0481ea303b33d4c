using IsacTestbed.Radio;

namespace IsacTestbed.Ether;

/// <summary>The faults that are scripted for one radio. Thread safe; readers see an unchanging snapshot.</summary>
internal sealed class FaultScript
{
    private readonly Lock _lock = new();
    private InjectedFault[] _faults = [];

    /// <summary>The tick at which the radio dies; <see cref="long.MaxValue"/> when it does not.</summary>
    public long DeadTick => Volatile.Read(ref _faults).Where(f => f.Kind == InjectedFaultKind.Dead).Select(f => f.Tick).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>Ticks by which each run is delayed in real time.</summary>
    public long SlowTicks => Volatile.Read(ref _faults).Where(f => f.Kind == InjectedFaultKind.Slow).Select(f => f.DurationTicks).DefaultIfEmpty(0).Max();

    public void Add(InjectedFault fault)
    {
        lock (_lock)
        {
            _faults = [.. _faults, fault];
        }
    }

    /// <summary>Intervals of a kind of fault, by start.</summary>
    public TickInterval[] Intervals(InjectedFaultKind kind)
    {
        InjectedFault[] faults = Volatile.Read(ref _faults);
        return faults.Length == 0
            ? []
            : [.. faults.Where(f => f.Kind == kind).OrderBy(f => f.Tick).Select(f => new TickInterval(f.Tick, f.Tick + f.DurationTicks))];
    }

    /// <summary>Applies the faults of transmission to bursts that are about to be sent; each is used up by the burst it hits.</summary>
    public void Strike(IReadOnlyList<BurstOnAir> bursts)
    {
        lock (_lock)
        {
            _faults = [.. _faults.Where(fault => !Strikes(fault, bursts))];
        }
    }

    private static bool Strikes(InjectedFault fault, IReadOnlyList<BurstOnAir> bursts)
    {
        switch (fault.Kind)
        {
            case InjectedFaultKind.LateCommand:
                BurstOnAir? next = bursts.FirstOrDefault(b => b.Burst.StartTick >= fault.Tick && b.CutTick == long.MaxValue);
                next?.Cut(next.Burst.StartTick, Core.BurstOutcome.Late);
                return next is not null;
            case InjectedFaultKind.Underflow:
                BurstOnAir? hit = bursts.FirstOrDefault(b => b.Burst.StartTick <= fault.Tick && fault.Tick < b.EndTick);
                hit?.Cut(fault.Tick, Core.BurstOutcome.Underflow);
                return hit is not null;
            case InjectedFaultKind.Dead:
                foreach (BurstOnAir burst in bursts)
                {
                    burst.Cut(fault.Tick, Core.BurstOutcome.Aborted);
                }

                return false;
            default:
                return false;
        }
    }
}
