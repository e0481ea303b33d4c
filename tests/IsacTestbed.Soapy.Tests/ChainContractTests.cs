using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.RadioContract;

namespace IsacTestbed.Soapy.Tests;

/// <summary>The contract on the chain, in lock-step.</summary>
[SoapyRequirement]
public sealed class LockStepChainContractTests : RadioContractTests
{
    protected override async ValueTask<RadioUnderTest> OpenAsync() => await ServedAir.Start(AirClockMode.Virtual).OpenUnderTestAsync();
}

/// <summary>The contract on the chain, in real time.</summary>
[Collection(RealTime.Name)]
[SoapyRequirement]
public sealed class PacedChainContractTests : RadioContractTests
{
    /// <summary>The machine that runs the tests may stall.</summary>
    protected override double MarginSeconds => 0.3;

    protected override async ValueTask<RadioUnderTest> OpenAsync() => await ServedAir.Start(AirClockMode.Paced).OpenUnderTestAsync();
}

/// <summary>The contract on the chain, in 16-bit integers, with the receive gain that lifts the noise over a step of them.</summary>
[SoapyRequirement]
public sealed class IntegerChainContractTests : RadioContractTests
{
    protected override async ValueTask<RadioUnderTest> OpenAsync() =>
        await ServedAir.Start(AirClockMode.Virtual).OpenUnderTestAsync(SampleFormat.ComplexInt16, rxGainDb: 20);
}
