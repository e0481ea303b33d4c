using IsacTestbed.Control.Scheduling;
using IsacTestbed.Control.Tests.Experiments;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Scheduling;

public sealed class SchedulerTests
{
    private const int Seeds = 60;

    [Fact]
    public void Sensing_AnyScenario_NeverStraddlesADwellAndValidates()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            Scenario scenario = TestScenario.Draw(seed);
            var calendar = new AirCalendar(scenario);
            int frames = (int)calendar.DwellsPerRound;
            SensingOrder order = new(frames, scenario.Sensing.MaxSnapshots, 1);
            SensingPhase phase = new SensingScheduler(scenario, calendar).CompileRound(scenario.Rounds - 1, [.. scenario.Devices.Select(_ => order)]);
            foreach (BurstSchedule schedule in phase.Schedules)
            {
                schedule.Validate();
                Assert.All(schedule.Windows, w => Assert.Equal(calendar.DwellAt(w.StartTick), calendar.DwellAt(w.EndTick - 1)));
                Assert.All(schedule.Bursts, b => Assert.Equal(calendar.DwellAt(b.StartTick), calendar.DwellAt(b.EndTick - 1)));

                // The uploads of the round come behind its sensing.
                Assert.True(schedule.EndTick <= calendar.SlotTick(scenario.Rounds - 1, 0));
            }
        }
    }

    [Fact]
    public void Sensing_Labels_AreTheBeamsOfTheFramesDwells()
    {
        Scenario scenario = TestScenario.Create(devices: 3);
        var calendar = new AirCalendar(scenario);
        SensingPhase phase = new SensingScheduler(scenario, calendar).CompileReference();
        Assert.Equal(3 * scenario.Sensing.ReferenceFrames, phase.Windows.Count);
        Assert.All(phase.Windows, w => Assert.Equal(scenario.TargetOf(w.Device).BeamAt(calendar.DwellAt(calendar.ReferenceFrameTick(w.Frame))), w.Beam));
    }

    [Fact]
    public void Sensing_Power_IsTheMeanPowerOfTheBurst()
    {
        Scenario scenario = TestScenario.Create();
        SensingPhase phase = new SensingScheduler(scenario, new AirCalendar(scenario)).CompileRound(0, [new SensingOrder(1, 4, 0.9)]);
        TxBurst burst = phase.Schedules[0].Bursts[0];
        double radiated = scenario.Radio.FullScalePowerWatts * burst.Amplitude * burst.Amplitude * burst.Layers[0].Weights.Sum(w => w.Magnitude * w.Magnitude);
        Assert.Equal(0.9, radiated, 12);
    }

    [Fact]
    public void Uploads_AnyScenario_KeepToTheirSlotsAndValidate()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            Scenario scenario = TestScenario.Draw(seed);
            var calendar = new AirCalendar(scenario);
            var scheduler = new UploadScheduler(scenario, calendar, 700);
            int fitting = (int)(calendar.SlotTicks / scheduler.PacketInterval);
            UploadOrder order = new([.. Enumerable.Range(0, fitting).Select(p => $"packet-{p}")], 0.5);
            UploadPhase phase = scheduler.CompileRound(0, [.. scenario.Devices.Select(_ => order)]);
            Assert.All(phase.Schedules, s => s.Validate());
            IReadOnlyList<RxWindow> windows = phase.Schedules[^1].Windows;
            foreach (PacketWindow packet in phase.Windows)
            {
                RxWindow window = windows.Single(w => w.WindowId == packet.WindowId);
                TxBurst burst = phase.Schedules[packet.Device].Bursts[packet.BurstId];
                Assert.True(window.StartTick <= burst.StartTick && burst.EndTick <= window.EndTick);
                Assert.Equal(calendar.SlotTick(0, packet.Device) / calendar.SlotTicks, window.StartTick / calendar.SlotTicks);
                Assert.Equal(window.StartTick / calendar.SlotTicks, (window.EndTick - 1) / calendar.SlotTicks);
            }
        }
    }

    [Fact]
    public void Calendar_RoundsAndSlots_DoNotOverlap()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            Scenario scenario = TestScenario.Draw(seed);
            var calendar = new AirCalendar(scenario);
            Assert.True(calendar.ReferenceFrameTick(scenario.Sensing.ReferenceFrames) <= calendar.RoundTick(0));
            int last = scenario.Devices.Count - 1;
            Assert.True(calendar.SlotTick(0, last) + calendar.SlotTicks <= calendar.RoundTick(1));
            Assert.Equal(0, calendar.SlotTick(0, 0) % calendar.SlotTicks);
            Assert.Equal(0, calendar.FrameTick(1, 3) % calendar.DwellTicks);
        }
    }
}
