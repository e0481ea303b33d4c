using IsacTestbed.Core;
using IsacTestbed.Ether;

namespace IsacTestbed.Cli.Composition;

/// <summary>The emulated air of a scenario: the truth, including what the planner does not know.</summary>
internal static class EmulatedBench
{
    /// <summary>
    /// Devices on a circle of their server distance around the server, facing away from it towards their targets; gains in the normalised form
    /// of isac-fl: G Omega / d^alpha for the echo and G Omega / d_s^(alpha / 2) for the uplink, each off by the scenario's gain error.
    /// </summary>
    /// <remarks>
    /// Receiver noise follows from the powers that the planner counts in. Behind the matched filter of N pulse samples (unit energy) an echo of
    /// power p has power p N over the noise of one sample, so that one sample has N sigma_s^2; behind the matched filter of a packet with s
    /// samples per symbol it is s sigma_c^2. Echoes fade anew in every dwell, uplinks in every slot.
    /// </remarks>
    public static AirScene Scene(Scenario scenario)
    {
        var calendar = new AirCalendar(scenario);
        double serverNoise = scenario.Uplink.NoiseWatts * scenario.Uplink.SamplesPerSymbol;
        double deviceNoise = scenario.Sensing.NoiseWatts * scenario.Sensing.PulseSamples;
        return new AirScene
        {
            Seed = scenario.Seed,
            SampleRateHz = scenario.Radio.SampleRateHz,
            CarrierFrequencyHz = scenario.Radio.CarrierFrequencyHz,
            Nodes =
            [
                .. scenario.Devices.Select((device, k) => new AirNode
                {
                    Id = device.Id,
                    Position = At(scenario, k),
                    Array = new UniformLinearArray(device.Elements, BroadsideAzimuthRadians: Azimuth(scenario, k)),
                    FullScalePowerWatts = scenario.Radio.FullScalePowerWatts,
                    NoisePowerWatts = deviceNoise,
                }),
                new AirNode
                {
                    Id = scenario.Server.Id,
                    Position = new Position(0, 0),
                    TxChannels = 0,
                    FullScalePowerWatts = scenario.Radio.FullScalePowerWatts,
                    NoisePowerWatts = serverNoise,
                },
            ],
            Targets =
            [
                .. scenario.Devices.Select((device, k) => new AirTarget.Dwelling
                {
                    Id = TargetOf(device),
                    Owner = device.Id,
                    RangeMeters = device.TargetDistanceMeters,
                    Dwell = scenario.TargetOf(k),
                    DwellTicks = calendar.DwellTicks,
                }),
            ],
            Echoes =
            [
                .. scenario.Devices.Select(device => new Echo
                {
                    Transmitter = device.Id,
                    Target = TargetOf(device),
                    Receiver = device.Id,
                    Gain = new EchoGain.PathLoss(Linear(device.AntennaGainDbi + device.SensingGainErrorDb), scenario.Sensing.PathLossExponent),
                    Fading = Fading.Exponential(device.SensingFadingMean, calendar.DwellTicks),
                }),
            ],
            Links =
            [
                .. scenario.Devices.Select(device => new DirectLink
                {
                    Transmitter = device.Id,
                    Receiver = scenario.Server.Id,
                    Gain = new LinkGain.PathLoss(Linear(device.AntennaGainDbi + device.UplinkGainErrorDb), scenario.Sensing.PathLossExponent / 2),
                    Fading = Fading.Exponential(device.UplinkFadingMean, calendar.SlotTicks),
                }),
            ],
        };
    }

    private static double Azimuth(Scenario scenario, int device) => 2 * Math.PI * device / scenario.Devices.Count;

    private static Position At(Scenario scenario, int device)
    {
        (double sine, double cosine) = Math.SinCos(Azimuth(scenario, device));
        return scenario.Devices[device].ServerDistanceMeters * new Position(cosine, sine);
    }

    private static string TargetOf(DeviceSection device) => $"target of {device.Id}";

    private static double Linear(double decibels) => new Decibels(decibels).ToPowerRatio().Value;
}
