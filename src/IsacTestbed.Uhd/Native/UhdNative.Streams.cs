using System.Runtime.InteropServices;

namespace IsacTestbed.Uhd;

/// <summary>Imports: streamers and their metadata.</summary>
internal static partial class UhdNative
{
    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_streamer_make")]
    internal static partial UhdError ReceiverMake(out RxStreamerHandle streamer);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_streamer_free")]
    internal static partial UhdError ReceiverFree(ref nint streamer);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_streamer_max_num_samps")]
    internal static partial UhdError ReceiverMaxSamples(RxStreamerHandle streamer, out nuint count);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_streamer_recv")]
    internal static unsafe partial UhdError Receive(
        RxStreamerHandle streamer,
        void** buffers,
        nuint count,
        ref nint metadata,
        double timeLimit,
        [MarshalAs(UnmanagedType.U1)] bool isOnePacket,
        out nuint received);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_streamer_issue_stream_cmd")]
    internal static partial UhdError Command(RxStreamerHandle streamer, in UhdStreamCommand command);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_streamer_last_error")]
    internal static unsafe partial UhdError ReceiverError(RxStreamerHandle streamer, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_tx_streamer_make")]
    internal static partial UhdError TransmitterMake(out TxStreamerHandle streamer);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_tx_streamer_free")]
    internal static partial UhdError TransmitterFree(ref nint streamer);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_tx_streamer_max_num_samps")]
    internal static partial UhdError TransmitterMaxSamples(TxStreamerHandle streamer, out nuint count);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_tx_streamer_send")]
    internal static unsafe partial UhdError Send(
        TxStreamerHandle streamer,
        void** buffers,
        nuint count,
        ref nint metadata,
        double timeLimit,
        out nuint sent);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_tx_streamer_recv_async_msg")]
    internal static partial UhdError ReadAsync(
        TxStreamerHandle streamer,
        ref nint metadata,
        double timeLimit,
        [MarshalAs(UnmanagedType.U1)] out bool isValid);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_tx_streamer_last_error")]
    internal static unsafe partial UhdError TransmitterError(TxStreamerHandle streamer, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_metadata_make")]
    internal static partial UhdError RxMetadataMake(out RxMetadataHandle metadata);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_metadata_free")]
    internal static partial UhdError RxMetadataFree(ref nint metadata);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_metadata_error_code")]
    internal static partial UhdError RxMetadataError(RxMetadataHandle metadata, out UhdReceiveError error);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_metadata_has_time_spec")]
    internal static partial UhdError RxMetadataHasTime(RxMetadataHandle metadata, [MarshalAs(UnmanagedType.U1)] out bool hasTime);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_rx_metadata_time_spec")]
    internal static partial UhdError RxMetadataTime(RxMetadataHandle metadata, out long wholeSeconds, out double fraction);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_tx_metadata_make")]
    internal static partial UhdError TxMetadataMake(
        out nint metadata,
        [MarshalAs(UnmanagedType.U1)] bool hasTime,
        long wholeSeconds,
        double fraction,
        [MarshalAs(UnmanagedType.U1)] bool isStart,
        [MarshalAs(UnmanagedType.U1)] bool isEnd);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_tx_metadata_free")]
    internal static partial UhdError TxMetadataFree(ref nint metadata);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_async_metadata_make")]
    internal static partial UhdError AsyncMetadataMake(out AsyncMetadataHandle metadata);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_async_metadata_free")]
    internal static partial UhdError AsyncMetadataFree(ref nint metadata);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_async_metadata_event_code")]
    internal static partial UhdError AsyncMetadataEvent(AsyncMetadataHandle metadata, out UhdAsyncEvent code);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_async_metadata_channel")]
    internal static partial UhdError AsyncMetadataChannel(AsyncMetadataHandle metadata, out nuint channel);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_async_metadata_has_time_spec")]
    internal static partial UhdError AsyncMetadataHasTime(AsyncMetadataHandle metadata, [MarshalAs(UnmanagedType.U1)] out bool hasTime);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_async_metadata_time_spec")]
    internal static partial UhdError AsyncMetadataTime(AsyncMetadataHandle metadata, out long wholeSeconds, out double fraction);
}
