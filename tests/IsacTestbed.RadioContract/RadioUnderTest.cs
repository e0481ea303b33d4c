using IsacTestbed.Radio;

namespace IsacTestbed.RadioContract;

/// <summary>A radio that hears itself over a known path, for the contract suite.</summary>
/// <param name="Radio">The radio. The suite disposes it.</param>
/// <param name="Request">Settings at which the path is known.</param>
/// <param name="Loopback">The path from the own transmit channel 0 to the own receive channel 0.</param>
/// <param name="Owner">What else is to be disposed after the radio: an air, a server; null for nothing.</param>
public sealed record RadioUnderTest(
    IRadio Radio, RadioSettingsRequest Request, LoopbackPath Loopback, IAsyncDisposable? Owner = null) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Radio.DisposeAsync();
        if (Owner is not null)
        {
            await Owner.DisposeAsync();
        }
    }
}

/// <summary>The path of a radio's signal into its own receiver.</summary>
/// <param name="DelayTicks">Delay in ticks, rounded to whole ones.</param>
/// <param name="DelayToleranceTicks">How far the delay may be off; zero for an emulated radio.</param>
/// <param name="Amplitude">Magnitude of a received sample for |x| = 1 sent on channel 0 at the suite's settings; null when it is not known.</param>
/// <param name="SignalToNoise">Least power ratio of signal to noise of a received sample for |x| = 1.</param>
public sealed record LoopbackPath(long DelayTicks, long DelayToleranceTicks, double? Amplitude, double SignalToNoise);
