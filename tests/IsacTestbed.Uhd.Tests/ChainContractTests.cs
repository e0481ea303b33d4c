using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.RadioContract;

namespace IsacTestbed.Uhd.Tests;

/// <summary>The contract on the chain, in real time; alone, since a processor that others keep busy makes bursts late.</summary>
[UhdRequirement]
[Collection(Alone.Name)]
public sealed class PacedChainContractTests : RadioContractTests
{
    /// <summary>The machine that runs the tests may stall.</summary>
    protected override double MarginSeconds => 0.3;

    protected override async ValueTask<RadioUnderTest> OpenAsync() => await UhdChain.OpenUnderTestAsync(AirClockMode.Paced);
}

/// <summary>The contract on the chain, in lock-step.</summary>
[UhdRequirement]
public sealed class LockStepChainContractTests : RadioContractTests
{
    protected override async ValueTask<RadioUnderTest> OpenAsync() => await UhdChain.OpenUnderTestAsync(AirClockMode.Virtual);
}

/// <summary>The contract on the chain, in 16-bit integers, with the receive gain that lifts the noise over a step of them.</summary>
[UhdRequirement]
public sealed class IntegerChainContractTests : RadioContractTests
{
    protected override async ValueTask<RadioUnderTest> OpenAsync() =>
        await UhdChain.OpenUnderTestAsync(AirClockMode.Virtual, SampleFormat.ComplexInt16, rxGainDb: 20);
}
