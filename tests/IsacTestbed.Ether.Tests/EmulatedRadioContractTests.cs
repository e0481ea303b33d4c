using IsacTestbed.Radio;
using IsacTestbed.RadioContract;

namespace IsacTestbed.Ether.Tests;

/// <summary>The contract on the emulated radio, in process, on a virtual clock.</summary>
public sealed class EmulatedRadioContractTests : RadioContractTests
{
    protected override ValueTask<RadioUnderTest> OpenAsync() => ValueTask.FromResult(Open(AirClockMode.Virtual, null));

    internal static RadioUnderTest Open(AirClockMode mode, TimeProvider? timeProvider)
    {
        const double Gain = 1e-4, Noise = 1e-9;
        AirNode node = Bench.Node("radio-1", 3, noise: Noise) with { TxChannels = 2, Leakage = new SelfLeakage(Gain, 7) };
        var air = new EmulatedAir(Bench.Scene(node), mode, timeProvider);
        return new RadioUnderTest(
            air.Radios[0],
            new RadioSettingsRequest(Bench.Rate, Bench.Carrier, 0, 0),
            new LoopbackPath(7, 0, Math.Sqrt(Gain), Gain / Noise),
            air);
    }
}

/// <summary>The contract on the emulated radio on a paced clock, whose time passes by itself whenever somebody waits for it.</summary>
public sealed class PacedEmulatedRadioContractTests : RadioContractTests
{
    protected override ValueTask<RadioUnderTest> OpenAsync() =>
        ValueTask.FromResult(EmulatedRadioContractTests.Open(AirClockMode.Paced, new SelfWindingTime()));
}
