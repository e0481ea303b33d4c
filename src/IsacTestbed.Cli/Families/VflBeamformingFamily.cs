using IsacTestbed.Control.VflBeamforming;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Cli.Families;

/// <summary>Cells whose base stations serve users and sense targets with the same beams.</summary>
internal sealed class VflBeamformingFamily : IScenarioFamily
{
    public string Name => "vfl-beamforming";

    public IReadOnlyList<string> Methods => VflBeamformingStudy.Methods;

    // Learned methods need a checkpoint, which only the scenario knows.
    public IReadOnlyList<string> DefaultMethods { get; } = [.. VflBeamformingStudy.Methods.Except(VflBeamformingMethods.Learned)];

    public IFamilyScenario Read(ConfigurationObject document)
    {
        var scenario = VflBeamformingScenario.Read(document);
        return new ArrayFamilyScenario(Scene(scenario), new VflBeamformingStudy(scenario, new VflBeamformingPlanner(TimeProvider.System)));
    }

    /// <summary>
    /// The truth: links to users and between base stations with Rician fading, new in every round, and every target's echo of every base station
    /// at every base station, since a target does not know whose signal it scatters. What the paper leaves out is left out: echoes at users.
    /// </summary>
    public static AirScene Scene(VflBeamformingScenario scenario)
    {
        MultiCellPropagation propagation = scenario.Propagation;
        double wavelength = AirScene.SpeedOfLight / scenario.Run.Radio.CarrierFrequencyHz;
        var user = new LinkGain.PathLoss(
            Math.Pow(10, propagation.UserGainDb / 10) * Math.Pow(propagation.ReferenceMeters, propagation.UserPathLoss), propagation.UserPathLoss);
        var neighbour = new LinkGain.PathLoss(Math.Pow(10, -propagation.StationLossDb / 10) * Math.Pow(wavelength / (4 * Math.PI), 2), 2);
        var fading = Fading.Rician(Math.Pow(10, propagation.RicianFactorDb / 10), scenario.Run.Calendar.RoundTicks);
        string[] stations = [.. scenario.Cells.Select(c => c.Station.Id)];
        DirectLink Link(string from, string to, LinkGain gain) => new() { Transmitter = from, Receiver = to, Gain = gain, Fading = fading };
        return new AirScene
        {
            Seed = scenario.Run.Seed,
            SampleRateHz = scenario.Run.Radio.SampleRateHz,
            CarrierFrequencyHz = scenario.Run.Radio.CarrierFrequencyHz,
            Nodes =
            [
                .. scenario.Cells.Select(c => Node(scenario, c.Station)),
                .. scenario.Cells.SelectMany(c => c.Users.Select(u => Node(scenario, u) with { TxChannels = 0 })),
            ],
            Links =
            [
                .. stations.SelectMany(from => scenario.Cells.SelectMany(c => c.Users.Select(u => Link(from, u.Id, user)))),
                .. stations.SelectMany(from => stations.Where(to => to != from).Select(to => Link(from, to, neighbour))),
            ],
            Targets =
            [
                .. scenario.Cells.SelectMany(c => c.Targets.Select(t => new AirTarget.Moving { Id = t.Id, Position = new Position(t.X, t.Y, t.Z) })),
            ],
            Echoes =
            [
                .. scenario.Cells.SelectMany(c => c.Targets.SelectMany(t => stations.SelectMany(from => stations.Select(to => new Echo
                {
                    Transmitter = from, Target = t.Id, Receiver = to, Gain = new EchoGain.RadarEquation(t.CrossSectionSquareMeters),
                })))),
            ],
        };
    }

    // Noise counts in the symbol bandwidth; a sample has that of the whole rate.
    private static AirNode Node(VflBeamformingScenario scenario, ArraySite site) => new()
    {
        Id = site.Id,
        Position = new Position(site.X, site.Y, site.Z),
        Array = new UniformLinearArray(site.Elements, BroadsideAzimuthRadians: site.BroadsideDegrees * Math.PI / 180),
        FullScalePowerWatts = scenario.Run.Radio.FullScalePowerWatts,
        NoisePowerWatts = site.NoiseWatts * scenario.Downlink.SamplesPerSymbol,
    };
}
