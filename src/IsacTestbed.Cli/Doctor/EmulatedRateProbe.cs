using IsacTestbed.Core;
using IsacTestbed.Ether;

namespace IsacTestbed.Cli.Doctor;

/// <summary>An emulated radio in this process, on a clock that runs in real time, that receives noise.</summary>
internal sealed class EmulatedRateProbe : IRateProbe
{
    private const double LeadSeconds = 0.05;

    public string Description => "emulated radio in this process, one channel";

    public async Task<RateReading> MeasureAsync(double sampleRateHz, TimeSpan duration, CancellationToken cancellationToken)
    {
        const string id = "probe";
        var scene = new AirScene
        {
            Seed = 1,
            SampleRateHz = sampleRateHz,
            CarrierFrequencyHz = 3.5e9,
            Nodes = [new AirNode { Id = id, Position = new Position(0, 0), TxChannels = 0, FullScalePowerWatts = 1, NoisePowerWatts = 0.01 }],
        };
        await using var air = new EmulatedAir(scene, AirClockMode.Paced);
        EmulatedRadio radio = air.Radios[0];
        int samples = (int)(sampleRateHz * duration.TotalSeconds);
        long start = (await radio.GetTimeAsync(cancellationToken)).Ticks + (long)((radio.Description.LeadTimeSeconds + LeadSeconds) * sampleRateHz);
        await radio.ArmAsync(new BurstSchedule(id, [], [new RxWindow(0, start, samples)]), cancellationToken);
        long received = 0;
        await foreach (RadioOutput output in radio.RunAsync(cancellationToken))
        {
            using var block = output as CaptureBlock;
            received += block?.SampleCount ?? 0;
        }

        return new RateReading(received, samples - received);
    }
}
