using IsacTestbed.Ether;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>The scenes that are served to the tests' clients.</summary>
internal static class Scenes
{
    public const double Rate = 2e6;
    public const int DelaySamples = 100;

    /// <summary>
    /// Nodes "a" (two channels each way) and "b" (one), a link of gain 0.25 from a to b, leakage of 0.01 in a, and noise at 34 dB below a full-scale burst
    /// behind the link.
    /// </summary>
    public static AirScene Link => new()
    {
        Seed = 11,
        SampleRateHz = Rate,
        CarrierFrequencyHz = 2.4e9,
        Nodes =
        [
            new AirNode { Id = "a", Position = default, Array = new UniformLinearArray(2), Leakage = new SelfLeakage { PowerGain = 0.01, DelaySamples = 3 } },
            new AirNode { Id = "b", Position = new Position(300, 0), NoisePowerWatts = 1e-4 },
        ],
        Links = [new DirectLink { Transmitter = "a", Receiver = "b", Gain = new LinkGain.Explicit(0.25), DelaySamples = DelaySamples }],
    };

    /// <summary>One node with one channel that hears itself: the cheapest physics, for measuring rates.</summary>
    public static AirScene Loop(double rate) => new()
    {
        Seed = 12,
        SampleRateHz = rate,
        CarrierFrequencyHz = 2.4e9,
        Nodes = [new AirNode { Id = "a", Position = default, NoisePowerWatts = 1e-6, Leakage = new SelfLeakage { PowerGain = 0.01, DelaySamples = 3 } }],
    };
}
