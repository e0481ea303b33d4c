using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Where a kind of device behaves unlike the others behind the same calls; the one place that knows.</summary>
/// <param name="AcknowledgesEachChannel">Whether the end of a burst is acknowledged once per channel, or once.</param>
/// <param name="SilencesByClosing">Whether only closing the transmit streamer makes the device drop what it holds.</param>
/// <param name="HasNoAsyncMessages">Whether a user payload says that the device has no asynchronous messages at all.</param>
/// <param name="SplitsSends">Whether one send may cover several packets with its time and its end of burst in the right places.</param>
/// <param name="TakesCommandTime">Whether channels can be tuned at one given instant.</param>
internal sealed record UhdQuirks(
    bool AcknowledgesEachChannel, bool SilencesByClosing, bool HasNoAsyncMessages, bool SplitsSends, bool TakesCommandTime)
{
    /// <summary>Front end name by which Debian's uhd-soapysdr is known.</summary>
    public const string SoapyFrontend = "SoapyRF";

    /// <summary>The vendor's devices.</summary>
    public static UhdQuirks Native { get; } = new(
        AcknowledgesEachChannel: true, SilencesByClosing: false, HasNoAsyncMessages: false, SplitsSends: true, TakesCommandTime: true);

    /// <summary>
    /// SoapySDR devices behind the module uhd-soapysdr. It activates its transmit stream when it is made and deactivates it when it is freed, and
    /// never between; marks every packet of a send as the end of the burst; acknowledges a burst once for all channels; says with a user payload
    /// that a device has no status; and hands command times to a call that few devices have.
    /// </summary>
    public static UhdQuirks Soapy { get; } = new(
        AcknowledgesEachChannel: false, SilencesByClosing: true, HasNoAsyncMessages: true, SplitsSends: false, TakesCommandTime: false);

    /// <summary>The quirks of a device, by the name of its first front end.</summary>
    public static UhdQuirks Of(string frontend) => frontend == SoapyFrontend ? Soapy : Native;

    /// <summary>What an asynchronous message says.</summary>
    public TransmitEventKind Event(UhdAsyncEvent code) =>
        code == UhdAsyncEvent.UserPayload && HasNoAsyncMessages ? TransmitEventKind.NotSupported : UhdCodes.Event(code);
}
