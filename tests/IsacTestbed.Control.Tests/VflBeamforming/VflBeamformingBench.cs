using IsacTestbed.Control.Records;
using IsacTestbed.Control.Tests.Arrays;
using IsacTestbed.Control.VflBeamforming;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Control.Tests.VflBeamforming;

/// <summary>Two cells that face each other: six antennas, two users and two targets each.</summary>
internal static class VflBeamformingBench
{
    public const double Noise = 3.1623e-11;
    public const int Cells = 2;
    public const int Users = 2;

    /// <summary>The scenario. Neighbours' targets are far enough away that their echoes, which the paper has not, stay below the noise.</summary>
    public static VflBeamformingScenario Scenario(int soundingSymbols = 4096, double soundingWatts = 0.4, int symbols = 1024, ulong seed = 5) => new(
        new ArrayRunSection("test", seed, 64, 0.05, new RadioSection(500e3, 3.5e9, 100), new SoundingSection(soundingSymbols, soundingWatts, 2)),
        new DownlinkSection(2, symbols, 0.1, 0.5),
        new MultiCellPropagation(-65.3, 12.5, 3.6, 20, 4.77),
        [
            Cell(1, 0, 0, 6, 0, (20, -5), (25, 14), (9, 6), (8, -5)),
            Cell(2, 80, 0, 6, 180, (60, 9), (52, -8), (72, 5), (70, -6)),
        ]);

    /// <summary>The truth behind it.</summary>
    public static AirScene Scene(VflBeamformingScenario scenario)
    {
        MultiCellPropagation p = scenario.Propagation;
        double wavelength = AirScene.SpeedOfLight / scenario.Run.Radio.CarrierFrequencyHz, freeSpace = Math.Pow(wavelength / (4 * Math.PI), 2);
        var fading = Fading.Rician(3, scenario.Run.Calendar.RoundTicks);
        var toUser = new LinkGain.PathLoss(Math.Pow(10, p.UserGainDb / 10) * Math.Pow(p.ReferenceMeters, p.UserPathLoss), p.UserPathLoss);
        var toStation = new LinkGain.PathLoss(freeSpace * Math.Pow(10, -p.StationLossDb / 10), 2);
        string[] stations = [.. scenario.Cells.Select(c => c.Station.Id)];
        return new AirScene
        {
            Seed = scenario.Run.Seed,
            SampleRateHz = scenario.Run.Radio.SampleRateHz,
            CarrierFrequencyHz = scenario.Run.Radio.CarrierFrequencyHz,
            Nodes =
            [
                .. scenario.Cells.Select(c => Node(scenario, c.Station)),
                .. scenario.Cells.SelectMany(c => c.Users).Select(u => Node(scenario, u) with { TxChannels = 0 }),
            ],
            Links =
            [
                .. stations.SelectMany(from => scenario.Cells.SelectMany(c => c.Users).Select(
                    u => new DirectLink { Transmitter = from, Receiver = u.Id, Gain = toUser, Fading = fading })),
                .. stations.SelectMany(from => stations.Where(to => to != from).Select(
                    to => new DirectLink { Transmitter = from, Receiver = to, Gain = toStation, Fading = fading })),
            ],
            Targets = [.. scenario.Cells.SelectMany(c => c.Targets).Select(t => new AirTarget.Moving { Id = t.Id, Position = new Position(t.X, t.Y, t.Z) })],
            Echoes =
            [
                .. scenario.Cells.SelectMany(c => c.Targets).SelectMany(t => stations.SelectMany(from => stations.Select(to => new Echo
                {
                    Transmitter = from, Target = t.Id, Receiver = to, Gain = new EchoGain.RadarEquation(t.CrossSectionSquareMeters),
                }))),
            ],
        };
    }

    /// <summary>Runs rounds of a strategy.</summary>
    public static async Task<List<ArrayRound>> RunAsync(
        VflBeamformingScenario scenario, int rounds, string method, Func<AirBench, Task>? before = null)
    {
        await using var bench = new AirBench(Scene(scenario));
        if (before is not null)
        {
            await before(bench);
        }

        var study = new VflBeamformingStudy(scenario, new VflBeamformingPlanner(TimeProvider.System));
        var done = new List<ArrayRound>();
        for (int round = 0; round < rounds; round++)
        {
            done.Add(await study.RunRoundAsync(bench, method, round, CancellationToken.None));
        }

        return done;
    }

    /// <summary>A cell with its users and targets.</summary>
    public static CellSection Cell(
        int number, double x, double y, int elements, double broadside, (double X, double Y) user1, (double X, double Y) user2, (double X, double Y) target1, (double X, double Y) target2) => new(
        new ArraySite($"station-{number}", x, y, 0, broadside, elements, Noise),
        [User($"user-{number}-1", user1), User($"user-{number}-2", user2)],
        [Target($"target-{number}-1", target1), Target($"target-{number}-2", target2)]);

    private static ArraySite User(string id, (double X, double Y) at) => new(id, at.X, at.Y, 0, 0, 1, Noise);

    private static PlacedTarget Target(string id, (double X, double Y) at) => new(id, at.X, at.Y, 0, 0.5);

    private static AirNode Node(VflBeamformingScenario scenario, ArraySite site) => new()
    {
        Id = site.Id,
        Position = new Position(site.X, site.Y, site.Z),
        Array = new UniformLinearArray(site.Elements, BroadsideAzimuthRadians: site.BroadsideDegrees * Math.PI / 180),
        FullScalePowerWatts = scenario.Run.Radio.FullScalePowerWatts,
        NoisePowerWatts = scenario.Downlink.SamplesPerSymbol * site.NoiseWatts,
    };
}
