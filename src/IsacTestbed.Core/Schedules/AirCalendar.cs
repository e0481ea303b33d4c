namespace IsacTestbed.Core;

/// <summary>When everything in a run happens, in ticks: one fixed calendar per scenario, whatever the plans say.</summary>
/// <remarks>
/// The first second stays empty, so that a clock that starts at zero can be set ahead of the first frame. Then come the reference frames, one
/// per dwell, and then one equal period per round: sensing dwells, then one upload slot per device. Every
/// period starts on a multiple of the slot, and a slot is a multiple of a dwell, so that no frame straddles a dwell and no upload a fading
/// block. Because the calendar does not depend on the plan, every strategy meets the same targets and the same fading. Illumination counts
/// towards the sensing duration; the idle rest of a dwell, in which a positioner turns the target, does not.
/// </remarks>
public sealed class AirCalendar
{
    private const double OriginSeconds = 1;

    private readonly long _originTick;
    private readonly long _referenceTicks;
    private readonly long _sensingTicks;

    /// <summary>Lays out the calendar of a scenario.</summary>
    public AirCalendar(Scenario scenario)
    {
        DwellTicks = scenario.DwellTicks;
        SlotTicks = RoundUp((long)Math.Ceiling(scenario.Uplink.DeadlineSeconds * scenario.Radio.SampleRateHz), DwellTicks);
        double framesAtMost = scenario.Sensing.DurationSeconds * scenario.Radio.SampleRateHz / scenario.Sensing.SnapshotSamples / scenario.Rounds;
        DwellsPerRound = (long)Math.Ceiling(framesAtMost) + 1;
        _originTick = RoundUp((long)(OriginSeconds * scenario.Radio.SampleRateHz), SlotTicks);
        _referenceTicks = RoundUp(scenario.Sensing.ReferenceFrames * DwellTicks, SlotTicks);
        _sensingTicks = RoundUp(DwellsPerRound * DwellTicks, SlotTicks);
        RoundTicks = _sensingTicks + (scenario.Devices.Count * SlotTicks);
    }

    /// <summary>Ticks of a dwell.</summary>
    public long DwellTicks { get; }

    /// <summary>Ticks of an upload slot: the fading block of the uplinks.</summary>
    public long SlotTicks { get; }

    /// <summary>Ticks of a round.</summary>
    public long RoundTicks { get; }

    /// <summary>Most frames that a device can sense in one round.</summary>
    public long DwellsPerRound { get; }

    /// <summary>First tick of a reference frame.</summary>
    public long ReferenceFrameTick(int frame) => _originTick + (frame * DwellTicks);

    /// <summary>First tick of a round.</summary>
    public long RoundTick(int round) => _originTick + _referenceTicks + (round * RoundTicks);

    /// <summary>First tick of a frame of a round.</summary>
    public long FrameTick(int round, int frame) => RoundTick(round) + (frame * DwellTicks);

    /// <summary>First tick of a device's upload slot.</summary>
    public long SlotTick(int round, int device) => RoundTick(round) + _sensingTicks + (device * SlotTicks);

    /// <summary>Number of the dwell that a tick lies in.</summary>
    public long DwellAt(long tick) => tick / DwellTicks;

    private static long RoundUp(long ticks, long multiple) => (ticks + multiple - 1) / multiple * multiple;
}
