using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Iscc;
using IsacTestbed.Control.Tests.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.Tests.Iscc;

/// <summary>A plan of two users made by hand, executed on the emulated air in one band and in two; each made once.</summary>
public sealed class SubBandAir : IAsyncLifetime
{
    private const double SensingWatts = 1e-6;

    // User-2 is 30 dB weaker: hardly heard beside user-1.
    private static readonly double[] DataWatts = [0.02, 2e-5];

    internal AirOutcome Shared { get; private set; } = null!;

    internal AirOutcome Divided { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Shared = await RunAsync(orthogonal: false);
        Divided = await RunAsync(orthogonal: true);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<AirOutcome> RunAsync(bool orthogonal)
    {
        IsccScenario usual = IsccBench.Scenario(soundingSymbols: 4096, soundingWatts: 0.08, measuredSlots: 2, slotSamples: 8192);
        IsccScenario scenario = usual with
        {
            AccessPoint = Quiet(usual.AccessPoint),
            Users = [.. usual.Users.Select(u => u with { Site = Quiet(u.Site) })],
        };
        await using var bench = new AirBench(IsccBench.Scene(scenario));
        var pulse = new SymbolPulse(scenario.Offload.SamplesPerSymbol);
        var study = new IsccStudy(scenario, new IsccPlanner(TimeProvider.System));
        var sounding = new RoundSounding(scenario.Run, pulse, study.Radios);
        SoundedChannels channels = await sounding.SoundAsync(bench, 0, CancellationToken.None);
        Assert.Equal(Verdict.Valid, channels.Judge().Verdict);
        IsccCase problem = study.CaseOf(channels);
        IsccPlan plan = PlanOf(problem, orthogonal);
        var bands = UserBands.Of(plan, scenario.Offload.SlotSamples, pulse);
        PlanCheck check = PlanCheck.Of(problem, plan);
        var formats = new LinkFormats(2, 3500, 4096, 0.01);
        OffloadMessage[] messages = [.. Enumerable.Range(0, 2).Select(k => new OffloadMessage(scenario.Run.Seed, k, 0, 800, formats.All[0]))];
        var transmission = new OffloadTransmission(scenario, plan, bands, messages, channels, 0, scenario.Run.Calendar.RoundTick(0) + sounding.Ticks);
        IsccReadings readings = await transmission.ExecuteAsync(bench, long.MaxValue, CancellationToken.None);
        return new AirOutcome(scenario, channels, problem, plan, bands, check, readings);
    }

    // 20 dB less noise, so that the weak user is heard at all.
    private static ArraySite Quiet(ArraySite site) => site with { NoiseWatts = site.NoiseWatts / 100 };

    // Beams along the strongest element of the channel, combiners matched to what arrives.
    private static IsccPlan PlanOf(IsccCase problem, bool orthogonal)
    {
        Complex[][] data = [.. problem.Channels.Select((h, k) => Beam(h, DataWatts[k]))];
        Complex[][] sensing = [.. problem.SensingChannels.Select(h => Beam(h, SensingWatts))];
        double[] halves = [.. data.Select(_ => problem.BandwidthHz / (orthogonal ? 2 : 1))], clocks = [.. data.Select(_ => 1e9)];
        return new IsccPlan(
            [.. data.Select(_ => 0.5)],
            data,
            sensing,
            [.. problem.Channels.Select((h, k) => Matched(h, data[k]))],
            [.. problem.SensingChannels.Select((h, k) => Matched(h, sensing[k]))],
            clocks,
            clocks,
            halves,
            orthogonal);
    }

    private static Complex[] Beam(ComplexMatrix channel, double watts)
    {
        Complex[] row = [.. Enumerable.Range(0, channel.Columns).Select(n => Complex.Conjugate(channel[0, n]))];
        double scale = Math.Sqrt(watts / row.Sum(x => x.Magnitude * x.Magnitude));
        return [.. row.Select(x => scale * x)];
    }

    private static Complex[] Matched(ComplexMatrix channel, Complex[] beam)
    {
        Complex[] arrived =
        [
            .. Enumerable.Range(0, channel.Rows).Select(
                m => Enumerable.Range(0, channel.Columns).Aggregate(Complex.Zero, (sum, n) => sum + (channel[m, n] * beam[n]))),
        ];
        double norm = Math.Sqrt(arrived.Sum(x => x.Magnitude * x.Magnitude));
        return [.. arrived.Select(x => x / norm)];
    }
}

/// <summary>What was planned, and what was measured.</summary>
internal sealed record AirOutcome(
    IsccScenario Scenario, SoundedChannels Channels, IsccCase Problem, IsccPlan Plan, UserBands Bands, PlanCheck Check, IsccReadings Readings);
