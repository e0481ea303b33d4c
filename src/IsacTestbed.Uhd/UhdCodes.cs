using System.Globalization;
using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>What libuhd's codes mean in the radio's terms: the one table.</summary>
internal static class UhdCodes
{
    /// <summary>What the metadata of a read says.</summary>
    /// <remarks>
    /// An overflow also covers packets lost on the way to the host, which libuhd flags as out of sequence. A stream command that came too
    /// late was dropped by the device: a continuous stream then never starts.
    /// </remarks>
    public static ReceiveStatus Status(UhdReceiveError error) => error switch
    {
        UhdReceiveError.None => ReceiveStatus.Samples,
        UhdReceiveError.Timeout => ReceiveStatus.TimedOut,
        UhdReceiveError.LateCommand => ReceiveStatus.Failed,
        UhdReceiveError.BrokenChain => ReceiveStatus.Corrupt,
        UhdReceiveError.Overflow => ReceiveStatus.Overflow,
        UhdReceiveError.Alignment => ReceiveStatus.Corrupt,
        UhdReceiveError.BadPacket => ReceiveStatus.Corrupt,
        _ => ReceiveStatus.Failed,
    };

    /// <summary>What an asynchronous message says.</summary>
    /// <remarks>A user payload comes from custom FPGA logic and says nothing about a burst.</remarks>
    public static TransmitEventKind Event(UhdAsyncEvent code) => code switch
    {
        UhdAsyncEvent.BurstAcknowledged => TransmitEventKind.BurstEnded,
        UhdAsyncEvent.Underflow or UhdAsyncEvent.UnderflowInPacket => TransmitEventKind.Underflow,
        UhdAsyncEvent.SequenceError or UhdAsyncEvent.SequenceErrorInBurst => TransmitEventKind.Lost,
        UhdAsyncEvent.TimeError => TransmitEventKind.Late,
        UhdAsyncEvent.UserPayload => TransmitEventKind.None,
        _ => TransmitEventKind.Failed,
    };

    /// <summary>What a failed call means.</summary>
    public static RadioFaultCode Fault(UhdError error) => error switch
    {
        UhdError.InvalidDevice => RadioFaultCode.NotFound,
        UhdError.Index or UhdError.Key or UhdError.Lookup => RadioFaultCode.NotSupported,
        UhdError.NotImplemented or UhdError.Type or UhdError.Value => RadioFaultCode.NotSupported,
        UhdError.Environment => RadioFaultCode.NotSupported,
        _ => RadioFaultCode.Dead,
    };

    /// <summary>The exception for a failed call.</summary>
    /// <param name="error">What it returned.</param>
    /// <param name="call">The call and its values, as in "setting the rx gain of channel 0 to 30 dB".</param>
    /// <param name="text">The library's own words; "None" and nothing mean that it has none.</param>
    public static StreamingDeviceException Exception(UhdError error, string call, string text)
    {
        string words = UhdText.OneLine(text);
        string said = words is "" or "None" ? string.Create(CultureInfo.InvariantCulture, $"error {(int)error} ({error})") : words;
        return new StreamingDeviceException(Fault(error), $"{call}: libuhd says: {said}");
    }
}
