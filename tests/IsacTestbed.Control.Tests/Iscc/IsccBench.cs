using IsacTestbed.Control.Iscc;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Tests.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Tests.Iscc;

/// <summary>Two users with four elements each around a target, and an access point with four.</summary>
internal static class IsccBench
{
    public const double Noise = 3.1623e-12;

    /// <summary>The scenario, small enough for many rounds.</summary>
    public static IsccScenario Scenario(
        int soundingSymbols = 512, double soundingWatts = 0.01, int measuredSlots = 1, double taskBits = 1e4, double rateShare = 1, int slotSamples = 4096) => new(
        new ArrayRunSection("test", 3, 64, 0.01, new RadioSection(40e6, 28e9, 1), new SoundingSection(soundingSymbols, soundingWatts, 8)),
        new OffloadSection(2, slotSamples, 2, measuredSlots, 0.01, 1, 4, rateShare),
        new IsccLimits(0.01, -6, 10e9, 10),
        new ArraySite("ap", 0, 0, 10, 0, 4, Noise),
        new TargetSection(50, 0, 0, 100),
        [User("user-1", 41, 8, -105, taskBits), User("user-2", 56, -12, 144, taskBits)]);

    /// <summary>The truth behind it.</summary>
    public static AirScene Scene(IsccScenario scenario)
    {
        double wavelength = AirScene.SpeedOfLight / scenario.Run.Radio.CarrierFrequencyHz;
        return new AirScene
        {
            Seed = scenario.Run.Seed,
            SampleRateHz = scenario.Run.Radio.SampleRateHz,
            CarrierFrequencyHz = scenario.Run.Radio.CarrierFrequencyHz,
            Nodes = [.. scenario.Users.Select(u => Node(u.Site)), Node(scenario.AccessPoint) with { TxChannels = 0 }],
            Links =
            [
                .. scenario.Users.Select(u => new DirectLink
                {
                    Transmitter = u.Site.Id,
                    Receiver = "ap",
                    Gain = new LinkGain.PathLoss(Math.Pow(wavelength / (4 * Math.PI), 2), 2),
                    Fading = Fading.Rician(10, scenario.Run.Calendar.RoundTicks),
                }),
            ],
            Targets = [new AirTarget.Moving { Id = "target", Position = new Position(scenario.Target.X, scenario.Target.Y, scenario.Target.Z) }],
            Echoes =
            [
                .. scenario.Users.SelectMany(from => scenario.Users.Select(to => new Echo
                {
                    Transmitter = from.Site.Id,
                    Target = "target",
                    Receiver = to.Site.Id,
                    Gain = new EchoGain.RadarEquation(scenario.Target.CrossSectionSquareMeters),
                })),
            ],
        };
    }

    /// <summary>Runs rounds of a strategy.</summary>
    public static async Task<List<ArrayRound>> RunAsync(
        IsccScenario scenario, int rounds, string method = IsccMethods.Refined, Func<AirBench, Task>? before = null)
    {
        await using var bench = new AirBench(Scene(scenario));
        if (before is not null)
        {
            await before(bench);
        }

        var study = new IsccStudy(scenario, new IsccPlanner(TimeProvider.System));
        var done = new List<ArrayRound>();
        for (int round = 0; round < rounds; round++)
        {
            done.Add(await study.RunRoundAsync(bench, method, round, CancellationToken.None));
        }

        return done;
    }

    private static IsccUserSection User(string id, double x, double y, double broadside, double bits) =>
        new(new ArraySite(id, x, y, 0, broadside, 4, Noise), bits, 0.02, 1000, 1e9, 1e-28, 1e-28, 0.1);

    private static AirNode Node(ArraySite site) => new()
    {
        Id = site.Id,
        Position = new Position(site.X, site.Y, site.Z),
        Array = new UniformLinearArray(site.Elements, BroadsideAzimuthRadians: site.BroadsideDegrees * Math.PI / 180),
        NoisePowerWatts = 2 * site.NoiseWatts,
    };
}
