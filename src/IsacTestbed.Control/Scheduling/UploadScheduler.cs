using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Scheduling;

/// <summary>What a receive window of the server's schedule holds.</summary>
/// <param name="Device">Index of the sending device.</param>
/// <param name="Packet">Number of the packet within the upload.</param>
/// <param name="BurstId">Burst of the device's schedule that carries the packet.</param>
/// <param name="WindowId">Window of the server's schedule.</param>
public sealed record PacketWindow(int Device, int Packet, int BurstId, int WindowId);

/// <summary>An upload phase, compiled: one schedule per sending device and the server's, and what each window of the server's holds.</summary>
/// <param name="Schedules">The devices' schedules and, last, the server's.</param>
/// <param name="Windows">All packets, by device and then by packet.</param>
public sealed record UploadPhase(IReadOnlyList<BurstSchedule> Schedules, IReadOnlyList<PacketWindow> Windows);

/// <summary>What one device is to send in one phase.</summary>
/// <param name="Waveforms">Ids of its packets' waveforms, in order; empty if it sends nothing.</param>
/// <param name="Amplitude">Linear amplitude scale of each packet.</param>
public sealed record UploadOrder(IReadOnlyList<string> Waveforms, double Amplitude);

/// <summary>Compiles uploads into timed bursts: each device in its own slot, one burst and one server window per packet.</summary>
public sealed class UploadScheduler(Scenario scenario, AirCalendar calendar, int packetSamples)
{
    /// <summary>
    /// Idle ticks on each side of a packet: more than the longest propagation delay and the pulse shaping's tails, so that no packet runs
    /// into its neighbour's window.
    /// </summary>
    public const int GuardTicks = 64;

    /// <summary>Ticks from one packet of a device to its next.</summary>
    public int PacketInterval => packetSamples + (2 * GuardTicks);

    /// <summary>Compiles the uploads of a round.</summary>
    /// <param name="round">The round, from zero.</param>
    /// <param name="orders">One order per device.</param>
    public UploadPhase CompileRound(int round, IReadOnlyList<UploadOrder> orders)
    {
        var schedules = new List<BurstSchedule>();
        var receives = new List<RxWindow>();
        var windows = new List<PacketWindow>();
        for (int device = 0; device < orders.Count; device++)
        {
            UploadOrder order = orders[device];
            Complex[] weights = [Complex.One, .. Enumerable.Repeat(Complex.Zero, scenario.Devices[device].Elements - 1)];
            var bursts = new TxBurst[order.Waveforms.Count];
            for (int packet = 0; packet < bursts.Length; packet++)
            {
                long tick = calendar.SlotTick(round, device) + ((long)packet * PacketInterval);
                bursts[packet] = new TxBurst(packet, tick + GuardTicks, order.Waveforms[packet], 1, packetSamples, order.Amplitude, weights);
                windows.Add(new PacketWindow(device, packet, packet, receives.Count));
                receives.Add(new RxWindow(receives.Count, tick, PacketInterval));
            }

            if (bursts.Length > 0)
            {
                schedules.Add(new BurstSchedule(scenario.Devices[device].Id, bursts, []));
            }
        }

        if (receives.Count > 0)
        {
            schedules.Add(new BurstSchedule(scenario.Server.Id, [], receives));
        }

        return new UploadPhase(schedules, windows);
    }
}
