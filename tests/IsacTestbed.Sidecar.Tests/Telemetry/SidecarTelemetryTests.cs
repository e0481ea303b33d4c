using System.Diagnostics;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests.Telemetry;

public sealed class SidecarTelemetryTests
{
    [Fact]
    public async Task Run_OfBurstsAndWindows_IsCounted()
    {
        using var telemetry = new RecordedTelemetry();
        var radio = new ScriptedRadio("counted", blockSamples: 1000) { Flags = CaptureFlags.Unlocked };
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync(
            [radio], new RadioSidecarOptions { Limits = new TransmitLimits { MaxGainDb = 20 } });
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        await session.Radios[0].ConfigureAsync(new RadioSettingsRequest(1e6, 2.45e9, 0, 0), CancellationToken.None);
        await Assert.ThrowsAsync<RadioException>(
            async () => await session.Radios[0].ConfigureAsync(new RadioSettingsRequest(1e6, 2.45e9, 25, 0), CancellationToken.None));
        await session.UploadAsync([Bench.Constant("w", 50)], ["counted"], CancellationToken.None);
        await session.ExecuteAsync(
            [new BurstSchedule("counted", [Bench.Burst(1, 0, "w"), Bench.Burst(2, 200, "w", repeats: 3)], [new RxWindow(1, 0, 2500)])],
            CancellationToken.None).ToArrayAsync();

        Assert.Equal(3, telemetry.Sum("isac.capture.blocks", "counted"));
        Assert.Equal(3, telemetry.Sum("isac.capture.flagged_blocks", "counted"));
        Assert.Equal(2500, telemetry.Sum("isac.capture.samples", "counted"));
        Assert.Equal(0, telemetry.Sum("isac.capture.lost_samples", "counted"));
        Assert.Equal(2, telemetry.Sum("isac.transmit.bursts", "counted", "outcome", "Transmitted"));
        Assert.Equal(200e-6, telemetry.Sum("isac.transmit.time", "counted"), 1e-12);
        Assert.Equal(1, telemetry.Sum("isac.transmit.refused", "counted", "limit", "Gain"));

        // The schedule begins at tick 0, the radio's clock stands at 12,345,678,901: it comes some 50 s late.
        Assert.Equal([-12345678901 / 245.76e6], telemetry.Values("isac.schedule.lead", "counted"));
        Activity run = Assert.Single(telemetry.Activities, a => a.GetTagItem("isac.radios") as string == "counted");
        Assert.Equal("alice", run.GetTagItem("isac.holder"));
    }

    [Fact]
    public async Task Leases_OpenedHeldAndClosed_AreCounted()
    {
        using var telemetry = new RecordedTelemetry();
        await using RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("leased"));
        await using SidecarClient alice = await Bench.ConnectAsync(sidecar);
        await using SidecarClient bob = await Bench.ConnectAsync(sidecar, "bob");
        SidecarSession session = await alice.OpenSessionAsync();
        await Assert.ThrowsAsync<RadioException>(() => bob.OpenSessionAsync());
        await session.DisposeAsync();

        // Other tests of the process are counted too.
        Assert.All(["opened", "held", "closed"], e => Assert.InRange(telemetry.Count("isac.lease.events", "event", e), 1, int.MaxValue));
    }

    [Fact]
    public async Task SlowController_OfAPacedRadio_IsToldOfEverySampleItCostAndSoIsWhoeverWatches()
    {
        // 5 MS/s for 4 s, 40 MB a second; the controller reads nothing for the first seconds. What the buffers on the way do not hold is lost, and
        // every lost sample must stand as a gap in what arrives.
        const int Samples = 20_000_000;
        const double SampleRateHz = 5e6;
        using var telemetry = new RecordedTelemetry();
        await using var air = new EmulatedAir(
            new AirScene
            {
                Seed = 3,
                SampleRateHz = SampleRateHz,
                CarrierFrequencyHz = 2.45e9,
                Nodes = [new AirNode { Id = "slow", Position = default, NoisePowerWatts = 1e-9 }],
            },
            AirClockMode.Paced);
        await using RadioSidecar sidecar = await Bench.StartAsync([.. air.Radios]);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        DeviceTime now = await session.Radios[0].GetTimeAsync(CancellationToken.None);

        long first = now.Ticks + (long)SampleRateHz, samples = 0;
        var lost = new List<CaptureGap>();
        var accounted = new SortedDictionary<long, long>();
        bool slept = false;
        await foreach (RadioOutput output in session.ExecuteAsync([Bench.Receive("slow", Samples, first)], CancellationToken.None))
        {
            using var block = (CaptureBlock)output;
            samples += block.SampleCount;
            lost.AddRange(block.Gaps);
            Assert.True(block.Gaps.Count == 0 || block.Flags.HasFlag(CaptureFlags.Overflow));
            foreach ((long from, long count) in block.Gaps.Select(g => (g.FirstTick, g.SampleCount)).Append((block.FirstTick, block.SampleCount)))
            {
                accounted[from] = Math.Max(accounted.GetValueOrDefault(from), from + count);
            }

            if (!slept)
            {
                slept = true;
                await Task.Delay(TimeSpan.FromSeconds(3));
            }
        }

        // Blocks and gaps together cover every tick of the window.
        long covered = first;
        foreach ((long from, long end) in accounted)
        {
            Assert.True(from <= covered, $"The ticks {covered} to {from} are neither in a block nor in a gap.");
            covered = Math.Max(covered, end);
        }

        Assert.Equal(first + Samples, covered);
        Assert.True(lost.Count > 0, "Three seconds at 40 MB/s exceed every buffer on the way: something must have been lost, and said so.");
        Assert.Equal(lost.Sum(g => g.SampleCount), telemetry.Sum("isac.capture.lost_samples", "slow"));
        Assert.Equal(samples, telemetry.Sum("isac.capture.samples", "slow"));
        Assert.NotEqual(0, telemetry.Sum("isac.capture.waiting", "slow"));
    }

    [Fact]
    public async Task SlowController_OfAVirtualRadio_HoldsItsClockAndLosesNothing()
    {
        const int Samples = 4_000_000;
        using var telemetry = new RecordedTelemetry();
        await using var air = new EmulatedAir(new AirScene
        {
            Seed = 3,
            SampleRateHz = 5e6,
            CarrierFrequencyHz = 2.45e9,
            Nodes = [new AirNode { Id = "patient", Position = default, NoisePowerWatts = 1e-9 }],
        });
        await using RadioSidecar sidecar = await Bench.StartAsync([.. air.Radios]);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        long samples = 0;
        bool slept = false;
        await foreach (RadioOutput output in session.ExecuteAsync([Bench.Receive("patient", Samples)], CancellationToken.None))
        {
            using var block = (CaptureBlock)output;
            Assert.Equal((CaptureFlags.None, 0), (block.Flags, block.Gaps.Count));
            samples += block.SampleCount;
            if (!slept)
            {
                slept = true;
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }

        Assert.Equal(Samples, samples);
        Assert.Equal(0, telemetry.Sum("isac.capture.lost_samples", "patient"));
        Assert.NotEqual(0, telemetry.Sum("isac.capture.waiting", "patient"));
    }
}
