using System.Collections.Concurrent;

namespace IsacTestbed.Radio.Tests;

/// <summary>What goes wrong with a loopback device, by ticks.</summary>
internal sealed class LoopbackScript
{
    /// <summary>Samples lost when the receive stream comes to a tick: how many, and whether a status announces it.</summary>
    public ConcurrentDictionary<long, (long Count, bool IsAnnounced)> Losses { get; } = new();

    /// <summary>Ticks at which the receive stream goes back by a number of samples.</summary>
    public ConcurrentDictionary<long, long> StepsBack { get; } = new();

    /// <summary>Which timed writes, counted from zero, the device meets too late.</summary>
    public ConcurrentDictionary<int, bool> LateWrites { get; } = new();

    /// <summary>From here on no sample to transmit arrives in time: the device runs dry.</summary>
    public long DryTick { get; set; } = long.MaxValue;

    /// <summary>From here on the receive stream brings nothing.</summary>
    public long SilentTick { get; set; } = long.MaxValue;

    /// <summary>From here on a read of the receive stream never comes back, until <see cref="Release"/>.</summary>
    public long HangTick { get; set; } = long.MaxValue;

    /// <summary>From here on the receive stream reports that it has failed.</summary>
    public long FailTick { get; set; } = long.MaxValue;

    /// <summary>Ticks of exact zeros.</summary>
    public (long First, long End) Zeros { get; set; }

    /// <summary>Ticks of full scale.</summary>
    public (long First, long End) Saturation { get; set; }

    /// <summary>Ticks without lock.</summary>
    public (long First, long End) Unlocked { get; set; }

    /// <summary>How long the device takes to tell the lock.</summary>
    public TimeSpan LockAnswerTime { get; set; }

    /// <summary>Whether control calls never come back, until <see cref="Release"/>.</summary>
    public bool ControlHangs { get; set; }

    /// <summary>Whether the device takes no samples to transmit.</summary>
    public bool RefusesWrites { get; set; }

    /// <summary>Ends whatever hangs.</summary>
    public ManualResetEventSlim Release { get; } = new();
}
