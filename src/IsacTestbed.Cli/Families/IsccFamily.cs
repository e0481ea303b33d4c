using IsacTestbed.Control.Iscc;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Cli.Families;

/// <summary>Users that sense a target and offload tasks to an access point at once.</summary>
internal sealed class IsccFamily : IScenarioFamily
{
    private const string TargetId = "target";

    public string Name => "iscc";

    public IReadOnlyList<string> Methods => IsccStudy.Methods;

    public IReadOnlyList<string> DefaultMethods => IsccStudy.Methods;

    public IFamilyScenario Read(ConfigurationObject document)
    {
        var scenario = IsccScenario.Read(document);
        return new ArrayFamilyScenario(Scene(scenario), new IsccStudy(scenario, new IsccPlanner(TimeProvider.System)));
    }

    /// <summary>
    /// The truth: uplinks in free space with Rician fading per round; the target's echo of every user at every user, since a real target does
    /// not know whose signal it scatters. What the paper leaves out is left out: direct paths between users, echoes at the access point.
    /// </summary>
    public static AirScene Scene(IsccScenario scenario)
    {
        long block = scenario.Run.Calendar.RoundTicks;
        double wavelength = AirScene.SpeedOfLight / scenario.Run.Radio.CarrierFrequencyHz;
        var freeSpace = new LinkGain.PathLoss(wavelength * wavelength / (16 * Math.PI * Math.PI), 2);
        double rician = Math.Pow(10, scenario.Limits.RicianFactorDb / 10);
        return new AirScene
        {
            Seed = scenario.Run.Seed,
            SampleRateHz = scenario.Run.Radio.SampleRateHz,
            CarrierFrequencyHz = scenario.Run.Radio.CarrierFrequencyHz,
            Nodes =
            [
                .. scenario.Users.Select(u => Node(scenario, u.Site)),
                Node(scenario, scenario.AccessPoint) with { TxChannels = 0 },
            ],
            Links =
            [
                .. scenario.Users.Select(u => new DirectLink
                {
                    Transmitter = u.Site.Id, Receiver = scenario.AccessPoint.Id, Gain = freeSpace, Fading = Fading.Rician(rician, block),
                }),
            ],
            Targets = [new AirTarget.Moving { Id = TargetId, Position = new Position(scenario.Target.X, scenario.Target.Y, scenario.Target.Z) }],
            Echoes =
            [
                .. scenario.Users.SelectMany(from => scenario.Users.Select(to => new Echo
                {
                    Transmitter = from.Site.Id,
                    Target = TargetId,
                    Receiver = to.Site.Id,
                    Gain = new EchoGain.RadarEquation(scenario.Target.CrossSectionSquareMeters),
                })),
            ],
        };
    }

    // Noise counts in the symbol bandwidth; a sample has that of the whole rate.
    private static AirNode Node(IsccScenario scenario, ArraySite site) => new()
    {
        Id = site.Id,
        Position = new Position(site.X, site.Y, site.Z),
        Array = new UniformLinearArray(site.Elements, BroadsideAzimuthRadians: site.BroadsideDegrees * Math.PI / 180),
        FullScalePowerWatts = scenario.Run.Radio.FullScalePowerWatts,
        NoisePowerWatts = site.NoiseWatts * scenario.Offload.SamplesPerSymbol,
    };
}
