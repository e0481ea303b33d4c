using IsacTestbed.Control.OtaFeel;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Control.Tests.OtaFeel;

/// <summary>A small scenario of ota-feel and its air: four devices of four elements around a target, a server of six.</summary>
internal static class OtaFeelAir
{
    public static OtaFeelScenario Scenario { get; } = new(
        new ArrayRunSection("small", 3, 4, 1, new RadioSection(20e3, 3.5e9, 100), new SoundingSection(512, 1, 4)),
        new FrameSection(4, 32, 24, 2, 1, 0.8, 2),
        new AggregationServer("server", 6, 0.1, 0, 0),
        4,
        1e-6,
        [
            new PlacedDevice("device-1", new Location(62, -9, 0)),
            new PlacedDevice("device-2", new Location(83, -12, 0)),
            new PlacedDevice("device-3", new Location(90, 14, 0)),
            new PlacedDevice("device-4", new Location(96, -5, 0)),
        ],
        new EchoSection(1, 1, new Location(105, 3, 2), new SearchRegion(new Location(99, -20, 0), new Location(112, 20, 3), 8, 16, 5)),
        new TrainingSection(0, 6, 16, 1, 120, 600, 12, 4, 20, 0.2));

    public static AirScene Scene(OtaFeelScenario scenario) => new()
    {
        Seed = scenario.Run.Seed,
        SampleRateHz = scenario.Run.Radio.SampleRateHz,
        CarrierFrequencyHz = scenario.Run.Radio.CarrierFrequencyHz,
        Nodes =
        [
            .. scenario.Devices.Select(d => new AirNode
            {
                Id = d.Id,
                Position = At(d.Place),
                Array = new UniformLinearArray(scenario.DeviceElements, IsVertical: true),
                FullScalePowerWatts = scenario.Run.Radio.FullScalePowerWatts,
                NoisePowerWatts = scenario.SensingNoiseWatts * scenario.Frame.SamplesPerSymbol,
            }),
            new AirNode
            {
                Id = scenario.Server.Id,
                Position = default,
                Array = new UniformLinearArray(scenario.Server.Elements),
                TxChannels = 0,
                NoisePowerWatts = scenario.Server.NoiseWatts * scenario.Frame.SamplesPerSymbol,
                Impairments = new ReceiverImpairments { CarrierOffsetHz = scenario.Server.CarrierOffsetHz },
            },
        ],
        Links =
        [
            .. scenario.Devices.Select(d => new DirectLink
            {
                Transmitter = d.Id, Receiver = scenario.Server.Id, Gain = new LinkGain.Explicit(1), Fading = Fading.Rayleigh(scenario.Run.Calendar.RoundTicks),
            }),
        ],
        Targets = [new AirTarget.Moving { Id = "target", Position = At(scenario.Echo.Target) }],
        Echoes =
        [
            .. scenario.Devices.SelectMany(from => scenario.Devices.Select(to => new Echo
            {
                Transmitter = from.Id, Target = "target", Receiver = to.Id, Gain = new EchoGain.PathLoss(scenario.Echo.ReferenceGain, 4 * scenario.Echo.PathGainExponent),
            })),
        ],
    };

    private static Position At(Location place) => new(place.X, place.Y, place.Z);
}
