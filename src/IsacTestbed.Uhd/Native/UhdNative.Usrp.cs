using System.Runtime.InteropServices;

namespace IsacTestbed.Uhd;

/// <summary>Imports: the device and its boards.</summary>
internal static partial class UhdNative
{
    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_find", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError Find(string arguments, ref nint strings);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_make", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError UsrpMake(out UsrpHandle usrp, string arguments);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_free")]
    internal static partial UhdError UsrpFree(ref nint usrp);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_last_error")]
    internal static unsafe partial UhdError UsrpError(UsrpHandle usrp, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_pp_string")]
    internal static unsafe partial UhdError GetSummary(UsrpHandle usrp, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_num_mboards")]
    internal static partial UhdError GetBoardCount(UsrpHandle usrp, out nuint count);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_mboard_name")]
    internal static unsafe partial UhdError GetBoardName(UsrpHandle usrp, nuint board, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_mboard_eeprom")]
    internal static partial UhdError GetBoardEeprom(UsrpHandle usrp, BoardEepromHandle eeprom, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_mboard_sensor_names")]
    internal static partial UhdError GetBoardSensorNames(UsrpHandle usrp, nuint board, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_mboard_sensor", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError GetBoardSensor(UsrpHandle usrp, string name, nuint board, ref nint sensor);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_master_clock_rate")]
    internal static partial UhdError GetMasterClockRate(UsrpHandle usrp, nuint board, out double rate);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_master_clock_rate")]
    internal static partial UhdError SetMasterClockRate(UsrpHandle usrp, double rate, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_clock_sources")]
    internal static partial UhdError GetClockSources(UsrpHandle usrp, nuint board, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_clock_source")]
    internal static unsafe partial UhdError GetClockSource(UsrpHandle usrp, nuint board, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_clock_source", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError SetClockSource(UsrpHandle usrp, string name, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_time_sources")]
    internal static partial UhdError GetTimeSources(UsrpHandle usrp, nuint board, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_time_source")]
    internal static unsafe partial UhdError GetTimeSource(UsrpHandle usrp, nuint board, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_time_source", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError SetTimeSource(UsrpHandle usrp, string name, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_time_now")]
    internal static partial UhdError GetTimeNow(UsrpHandle usrp, nuint board, out long wholeSeconds, out double fraction);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_time_last_pps")]
    internal static partial UhdError GetTimeLastPps(UsrpHandle usrp, nuint board, out long wholeSeconds, out double fraction);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_time_now")]
    internal static partial UhdError SetTimeNow(UsrpHandle usrp, long wholeSeconds, double fraction, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_time_next_pps")]
    internal static partial UhdError SetTimeNextPps(UsrpHandle usrp, long wholeSeconds, double fraction, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_command_time")]
    internal static partial UhdError SetCommandTime(UsrpHandle usrp, long wholeSeconds, double fraction, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_clear_command_time")]
    internal static partial UhdError ClearCommandTime(UsrpHandle usrp, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_stream")]
    internal static partial UhdError GetReceiver(UsrpHandle usrp, in UhdStreamArguments arguments, RxStreamerHandle streamer);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_stream")]
    internal static partial UhdError GetTransmitter(UsrpHandle usrp, in UhdStreamArguments arguments, TxStreamerHandle streamer);
}
