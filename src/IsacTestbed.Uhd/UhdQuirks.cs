using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Where a kind of device behaves unlike the others behind the same calls; the one place that knows.</summary>
/// <param name="AcknowledgesEachChannel">Whether the end of a burst is acknowledged once per channel, or once.</param>
/// <param name="SilencesByClosing">Whether closing the transmit streamer makes the device drop what it holds.</param>
/// <param name="EndsAreSilent">
/// Whether an end-of-burst mark would make the device drop what it holds, so that bursts end by running dry where their samples end.
/// </param>
/// <param name="HasNoAsyncMessages">Whether a user payload says that the device has no asynchronous messages at all.</param>
/// <param name="SplitsSends">Whether one send may cover several packets with its time and its end of burst in the right places.</param>
/// <param name="TakesCommandTime">Whether channels can be tuned at one given instant.</param>
internal sealed record UhdQuirks(
    bool AcknowledgesEachChannel,
    bool SilencesByClosing,
    bool EndsAreSilent,
    bool HasNoAsyncMessages,
    bool SplitsSends,
    bool TakesCommandTime)
{
    /// <summary>Front end name by which Debian's uhd-soapysdr is known.</summary>
    public const string SoapyFrontend = "SoapyRF";

    /// <summary>The vendor's devices.</summary>
    public static UhdQuirks Native { get; } = new(
        AcknowledgesEachChannel: true,
        SilencesByClosing: false,
        EndsAreSilent: false,
        HasNoAsyncMessages: false,
        SplitsSends: true,
        TakesCommandTime: true);

    /// <summary>
    /// SoapySDR devices behind the module uhd-soapysdr 0.4.1. It activates its transmit stream at each start of a burst and deactivates it
    /// behind each end, at once and not when the samples have left; the device may then drop them. It marks every packet of a send as the
    /// end of the burst; acknowledges a burst once for all channels; says with a user payload that a device has no status; and hands
    /// command times to a call that few devices have.
    /// </summary>
    public static UhdQuirks Soapy { get; } = new(
        AcknowledgesEachChannel: false,
        SilencesByClosing: true,
        EndsAreSilent: true,
        HasNoAsyncMessages: true,
        SplitsSends: false,
        TakesCommandTime: false);

    /// <summary>The quirks of a device, by the name of its first front end.</summary>
    public static UhdQuirks Of(string frontend) => frontend == SoapyFrontend ? Soapy : Native;

    /// <summary>What an asynchronous message says.</summary>
    public TransmitEventKind Event(UhdAsyncEvent code) =>
        code == UhdAsyncEvent.UserPayload && HasNoAsyncMessages ? TransmitEventKind.NotSupported : UhdCodes.Event(code);
}
