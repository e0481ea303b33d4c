using IsacTestbed.RadioContract;

namespace IsacTestbed.Radio.Tests;

/// <summary>The contract on a streaming radio whose driver is a loopback in memory, in lock-step.</summary>
public sealed class LockStepLoopbackContractTests : RadioContractTests
{
    protected override async ValueTask<RadioUnderTest> OpenAsync() =>
        Bench.UnderTest(await Bench.OpenAsync(new LoopbackDevice(StreamClock.LockStep)));
}

/// <summary>The contract in lock-step, in 16-bit integers, on a driver that only tells what went wrong.</summary>
public sealed class TerseDriverLoopbackContractTests : RadioContractTests
{
    protected override async ValueTask<RadioUnderTest> OpenAsync() =>
        Bench.UnderTest(await Bench.OpenAsync(new LoopbackDevice(StreamClock.LockStep, SampleFormat.ComplexInt16, acknowledges: false)));
}

/// <summary>The contract in real time, on a driver that acknowledges bursts.</summary>
[Collection(RealTime.Name)]
public sealed class RealTimeLoopbackContractTests : RadioContractTests
{
    /// <summary>The machine that runs the tests may stall.</summary>
    protected override double MarginSeconds => 0.3;

    protected override async ValueTask<RadioUnderTest> OpenAsync() =>
        Bench.UnderTest(await Bench.OpenAsync(new LoopbackDevice(StreamClock.RealTime)));
}

/// <summary>Tests on a clock that does not wait: they run one at a time, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    public const string Name = "real time";
}
