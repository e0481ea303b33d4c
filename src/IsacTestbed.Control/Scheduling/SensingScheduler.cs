using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Scheduling;

/// <summary>A sensing phase, compiled: one schedule per device and what each of its windows holds.</summary>
/// <param name="Schedules">One schedule per device that has frames.</param>
/// <param name="Windows">All frames, by device and then by frame.</param>
public sealed record SensingPhase(IReadOnlyList<BurstSchedule> Schedules, IReadOnlyList<FrameWindow> Windows);

/// <summary>What one device is to sense in one phase.</summary>
/// <param name="Frames">Number of frames.</param>
/// <param name="Snapshots">Snapshots per frame.</param>
/// <param name="PowerWatts">Transmit power of the pulse.</param>
public readonly record struct SensingOrder(int Frames, int Snapshots, double PowerWatts);

/// <summary>Compiles sensing orders into timed bursts: one frame per dwell, one pulse per snapshot, illuminated from the first element.</summary>
/// <remarks>A single element radiates alike in all directions; the bearing comes from the phases across the receiving array.</remarks>
public sealed class SensingScheduler(Scenario scenario, AirCalendar calendar)
{
    /// <summary>Name under which the pulse is uploaded to every device.</summary>
    public const string PulseId = "sensing-pulse";

    /// <summary>The phase that senses the reference frames.</summary>
    public SensingPhase CompileReference()
    {
        SensingSection sensing = scenario.Sensing;
        var order = new SensingOrder(sensing.ReferenceFrames, sensing.MaxSnapshots, sensing.MaxPowerWatts);
        return Compile([.. Enumerable.Repeat(order, scenario.Devices.Count)], calendar.ReferenceFrameTick);
    }

    /// <summary>The sensing phase of a round.</summary>
    /// <param name="round">The round, from zero.</param>
    /// <param name="orders">One order per device.</param>
    public SensingPhase CompileRound(int round, IReadOnlyList<SensingOrder> orders) => Compile(orders, frame => calendar.FrameTick(round, frame));

    private SensingPhase Compile(IReadOnlyList<SensingOrder> orders, Func<int, long> frameTick)
    {
        var schedules = new List<BurstSchedule>();
        var windows = new List<FrameWindow>();
        for (int device = 0; device < orders.Count; device++)
        {
            SensingOrder order = orders[device];
            DeviceSection section = scenario.Devices[device];
            TargetDwell target = scenario.TargetOf(device);
            Complex[] weights = [Complex.One, .. Enumerable.Repeat(Complex.Zero, section.Elements - 1)];
            double amplitude = Math.Sqrt(order.PowerWatts / scenario.Radio.FullScalePowerWatts);
            var bursts = new TxBurst[order.Frames];
            var receives = new RxWindow[order.Frames];
            for (int frame = 0; frame < order.Frames; frame++)
            {
                long tick = frameTick(frame);
                bursts[frame] = new TxBurst(frame, tick, PulseId, order.Snapshots, scenario.Sensing.SnapshotSamples, amplitude, weights);
                receives[frame] = new RxWindow(frame, tick, order.Snapshots * scenario.Sensing.SnapshotSamples);
                windows.Add(new FrameWindow(device, frame, frame, order.Snapshots, target.BeamAt(calendar.DwellAt(tick))));
            }

            if (order.Frames > 0)
            {
                schedules.Add(new BurstSchedule(section.Id, bursts, receives));
            }
        }

        return new SensingPhase(schedules, windows);
    }
}
