using IsacTestbed.RadioContract;

namespace IsacTestbed.Radio.Tests;

/// <summary>Opens streaming radios on loopback devices.</summary>
internal static class Bench
{
    public const string RadioId = "radio-1";

    /// <summary>Lead and ring are generous: the machine that runs the tests may stall for a tenth of a second.</summary>
    public static StreamingRadioOptions Options { get; } = new(RadioId, 0.01)
    {
        LeadTimeSeconds = 0.2,
        TransmitAheadSeconds = 0.2,
        ReceiveRingSeconds = 1,
        DeadAfter = TimeSpan.FromSeconds(1),
        ControlTimeLimit = TimeSpan.FromSeconds(5),
    };

    public static Task<StreamingRadio> OpenAsync(LoopbackDevice device, StreamingRadioOptions? options = null) =>
        StreamingRadio.OpenAsync(options ?? Options, () => device, null, CancellationToken.None);

    public static RadioUnderTest UnderTest(StreamingRadio radio) => new(
        radio,
        new RadioSettingsRequest(LoopbackDevice.RateHz, LoopbackDevice.CarrierHz, 0, 0),
        new LoopbackPath(LoopbackDevice.DelayTicks, 0, LoopbackDevice.Gain, LoopbackDevice.Gain * LoopbackDevice.Gain / LoopbackDevice.NoisePower));
}
