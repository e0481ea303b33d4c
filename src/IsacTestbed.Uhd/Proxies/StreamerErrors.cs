namespace IsacTestbed.Uhd;

/// <summary>The last words of a streamer.</summary>
internal static unsafe class StreamerErrors
{
    /// <summary>What went wrong last on a receive streamer.</summary>
    public static string Error(this RxStreamerHandle streamer)
    {
        _ = UhdText.Read((text, length) => UhdNative.ReceiverError(streamer, text, length), out string said);
        return said;
    }

    /// <summary>What went wrong last on a transmit streamer.</summary>
    public static string Error(this TxStreamerHandle streamer)
    {
        _ = UhdText.Read((text, length) => UhdNative.TransmitterError(streamer, text, length), out string said);
        return said;
    }
}
