using IsacTestbed.Core;
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

    /// <summary>Uses up the first fault that makes a burst late which starts at a tick.</summary>
    public bool TakeLateCommand(long startTick) => Take(f => f.Kind == InjectedFaultKind.LateCommand && startTick >= f.Tick) is not null;

    /// <summary>Uses up the first fault that makes a burst run dry within an interval.</summary>
    /// <returns>Where; null when none does.</returns>
    public long? TakeUnderflow(long first, long end) => Take(f => f.Kind == InjectedFaultKind.Underflow && first <= f.Tick && f.Tick < end)?.Tick;

    /// <summary>Applies saturation and a stuck converter to received samples.</summary>
    /// <param name="block">The samples; receives the flags.</param>
    /// <param name="clipLevel">The converter's full scale; one when it is infinite.</param>
    public void Distort(CaptureBlock block, double clipLevel)
    {
        long first = block.FirstTick, end = first + block.SampleCount;
        foreach (TickInterval interval in Intervals(InjectedFaultKind.Clipping))
        {
            if (interval.Overlaps(first, end))
            {
                Saturate(block, clipLevel, (int)Math.Max(0, interval.First - first), (int)(Math.Min(end, interval.End) - first));
            }
        }

        foreach (TickInterval interval in Intervals(InjectedFaultKind.Stuck))
        {
            if (interval.Overlaps(first, end))
            {
                Silence(block, (int)Math.Max(0, interval.First - first), (int)(Math.Min(end, interval.End) - first));
                block.AddFlags(CaptureFlags.AllZero);
            }
        }
    }

    /// <summary>Clears the samples from one index up to another.</summary>
    public static void Silence(CaptureBlock block, int from, int to)
    {
        for (int c = 0; c < block.ChannelCount; c++)
        {
            block.Real(c)[from..to].Clear();
            block.Imaginary(c)[from..to].Clear();
        }
    }

    /// <summary>Applies the faults of transmission to bursts that are about to be sent; each is used up by the burst it hits.</summary>
    public void Strike(IReadOnlyList<BurstOnAir> bursts)
    {
        lock (_lock)
        {
            _faults = [.. _faults.Where(fault => !Strikes(fault, bursts))];
        }
    }

    private InjectedFault? Take(Predicate<InjectedFault> strikes)
    {
        if (Volatile.Read(ref _faults).Length == 0)
        {
            return null;
        }

        lock (_lock)
        {
            InjectedFault? taken = Array.Find(_faults, strikes);
            _faults = taken is null ? _faults : [.. _faults.Where(f => !ReferenceEquals(f, taken))];
            return taken;
        }
    }

    /// <summary>Drives the samples from one index up to another to full scale.</summary>
    private static void Saturate(CaptureBlock block, double clipLevel, int from, int to)
    {
        float level = double.IsFinite(clipLevel) ? (float)clipLevel : 1;
        for (int c = 0; c < block.ChannelCount; c++)
        {
            foreach (ref float sample in block.Real(c)[from..to])
            {
                sample = MathF.CopySign(level, sample);
            }

            foreach (ref float sample in block.Imaginary(c)[from..to])
            {
                sample = MathF.CopySign(level, sample);
            }
        }

        block.AddFlags(CaptureFlags.Clipped);
    }

    private static bool Strikes(InjectedFault fault, IReadOnlyList<BurstOnAir> bursts)
    {
        switch (fault.Kind)
        {
            case InjectedFaultKind.LateCommand:
                BurstOnAir? next = bursts.FirstOrDefault(b => b.Burst.StartTick >= fault.Tick && b.CutTick == long.MaxValue);
                next?.Cut(next.Burst.StartTick, BurstOutcome.Late);
                return next is not null;
            case InjectedFaultKind.Underflow:
                BurstOnAir? hit = bursts.FirstOrDefault(b => b.Burst.StartTick <= fault.Tick && fault.Tick < b.EndTick);
                hit?.Cut(fault.Tick, BurstOutcome.Underflow);
                return hit is not null;
            case InjectedFaultKind.Dead:
                foreach (BurstOnAir burst in bursts)
                {
                    burst.Cut(fault.Tick, BurstOutcome.Aborted);
                }

                return false;
            default:
                return false;
        }
    }
}
