using IsacTestbed.Control.OtaFeel;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Cli.Families;

/// <summary>Devices whose symbols add up on the air at a server, and which listen to a target's echoes of what they send.</summary>
internal sealed class OtaFeelFamily : IScenarioFamily
{
    private const string TargetId = "target";

    public string Name => "ota-feel";

    public IReadOnlyList<string> Methods => AirMethods.All;

    public IReadOnlyList<string> DefaultMethods => AirMethods.Default;

    public IFamilyScenario Read(ConfigurationObject document)
    {
        var scenario = OtaFeelScenario.Read(document);
        return new ArrayFamilyScenario(Scene(scenario), new OtaFeelStudy(scenario));
    }

    /// <summary>
    /// The truth: uplinks with Rayleigh fading of mean power one per pair of elements, new in every round, and the target's echo of every device
    /// at every device. What the paper leaves out is left out: direct paths between devices, echoes at the server.
    /// </summary>
    public static AirScene Scene(OtaFeelScenario scenario) => new()
    {
        Seed = scenario.Run.Seed,
        SampleRateHz = scenario.Run.Radio.SampleRateHz,
        CarrierFrequencyHz = scenario.Run.Radio.CarrierFrequencyHz,
        Nodes =
        [
            .. scenario.Devices.Select(device => new AirNode
            {
                Id = device.Id,
                Position = At(device.Place),
                Array = new UniformLinearArray(scenario.DeviceElements, IsVertical: true),
                FullScalePowerWatts = scenario.Run.Radio.FullScalePowerWatts,
                NoisePowerWatts = scenario.SensingNoiseWatts * scenario.Frame.SamplesPerSymbol,
            }),
            new AirNode
            {
                Id = scenario.Server.Id,
                Position = new Position(0, 0),
                Array = new UniformLinearArray(scenario.Server.Elements),
                TxChannels = 0,
                FullScalePowerWatts = scenario.Run.Radio.FullScalePowerWatts,
                NoisePowerWatts = scenario.Server.NoiseWatts * scenario.Frame.SamplesPerSymbol,
                Impairments = new ReceiverImpairments
                {
                    CarrierOffsetHz = scenario.Server.CarrierOffsetHz, PhaseNoiseLinewidthHz = scenario.Server.PhaseNoiseLinewidthHz,
                },
            },
        ],
        Links =
        [
            .. scenario.Devices.Select(device => new DirectLink
            {
                Transmitter = device.Id,
                Receiver = scenario.Server.Id,
                Gain = new LinkGain.Explicit(1),
                Fading = Fading.Rayleigh(scenario.Run.Calendar.RoundTicks),
            }),
        ],
        Targets = [new AirTarget.Moving { Id = TargetId, Position = At(scenario.Echo.Target) }],
        Echoes =
        [
            .. scenario.Devices.SelectMany(from => scenario.Devices.Select(to => new Echo
            {
                Transmitter = from.Id,
                Target = TargetId,
                Receiver = to.Id,
                Gain = new EchoGain.PathLoss(scenario.Echo.ReferenceGain, 4 * scenario.Echo.PathGainExponent),
            })),
        ],
    };

    private static Position At(Location place) => new(place.X, place.Y, place.Z);
}
