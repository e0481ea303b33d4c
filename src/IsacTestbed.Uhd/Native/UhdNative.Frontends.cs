using System.Runtime.InteropServices;

namespace IsacTestbed.Uhd;

/// <summary>Imports: channels, receive and transmit alike.</summary>
internal static partial class UhdNative
{
    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_info")]
    internal static partial UhdError GetRxInfo(UsrpHandle usrp, nuint channel, out UhdChannelInfo info);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_rx_info_free")]
    internal static partial UhdError RxInfoFree(ref UhdChannelInfo info);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_rx_subdev_spec")]
    internal static partial UhdError SetRxSubdevSpec(UsrpHandle usrp, SubdevSpecHandle spec, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_subdev_spec")]
    internal static partial UhdError GetRxSubdevSpec(UsrpHandle usrp, nuint board, SubdevSpecHandle spec);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_num_channels")]
    internal static partial UhdError GetRxChannelCount(UsrpHandle usrp, out nuint count);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_subdev_name")]
    internal static unsafe partial UhdError GetRxSubdevName(UsrpHandle usrp, nuint channel, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_rates")]
    internal static partial UhdError GetRxRates(UsrpHandle usrp, nuint channel, MetaRangeHandle ranges);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_rate")]
    internal static partial UhdError GetRxRate(UsrpHandle usrp, nuint channel, out double rate);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_rx_rate")]
    internal static partial UhdError SetRxRate(UsrpHandle usrp, double rate, nuint channel);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_freq_range")]
    internal static partial UhdError GetRxFrequencies(UsrpHandle usrp, nuint channel, MetaRangeHandle ranges);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_freq")]
    internal static partial UhdError GetRxFrequency(UsrpHandle usrp, nuint channel, out double frequency);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_rx_freq")]
    internal static partial UhdError SetRxFrequency(UsrpHandle usrp, in UhdTuneRequest request, nuint channel, out UhdTuneResult result);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_gain_names")]
    internal static partial UhdError GetRxGainNames(UsrpHandle usrp, nuint channel, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_gain_range", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError GetRxGainRange(UsrpHandle usrp, string element, nuint channel, MetaRangeHandle ranges);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_gain", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError GetRxGain(UsrpHandle usrp, nuint channel, string element, out double gain);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_rx_gain", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError SetRxGain(UsrpHandle usrp, double gain, nuint channel, string element);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_bandwidth")]
    internal static partial UhdError GetRxBandwidth(UsrpHandle usrp, nuint channel, out double bandwidth);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_rx_bandwidth")]
    internal static partial UhdError SetRxBandwidth(UsrpHandle usrp, double bandwidth, nuint channel);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_antennas")]
    internal static partial UhdError GetRxAntennas(UsrpHandle usrp, nuint channel, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_rx_antenna", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError SetRxAntenna(UsrpHandle usrp, string name, nuint channel);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_sensor_names")]
    internal static partial UhdError GetRxSensorNames(UsrpHandle usrp, nuint channel, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_rx_sensor", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError GetRxSensor(UsrpHandle usrp, string name, nuint channel, ref nint sensor);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_info")]
    internal static partial UhdError GetTxInfo(UsrpHandle usrp, nuint channel, out UhdChannelInfo info);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_tx_info_free")]
    internal static partial UhdError TxInfoFree(ref UhdChannelInfo info);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_tx_subdev_spec")]
    internal static partial UhdError SetTxSubdevSpec(UsrpHandle usrp, SubdevSpecHandle spec, nuint board);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_subdev_spec")]
    internal static partial UhdError GetTxSubdevSpec(UsrpHandle usrp, nuint board, SubdevSpecHandle spec);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_num_channels")]
    internal static partial UhdError GetTxChannelCount(UsrpHandle usrp, out nuint count);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_subdev_name")]
    internal static unsafe partial UhdError GetTxSubdevName(UsrpHandle usrp, nuint channel, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_rates")]
    internal static partial UhdError GetTxRates(UsrpHandle usrp, nuint channel, MetaRangeHandle ranges);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_rate")]
    internal static partial UhdError GetTxRate(UsrpHandle usrp, nuint channel, out double rate);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_tx_rate")]
    internal static partial UhdError SetTxRate(UsrpHandle usrp, double rate, nuint channel);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_freq_range")]
    internal static partial UhdError GetTxFrequencies(UsrpHandle usrp, nuint channel, MetaRangeHandle ranges);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_freq")]
    internal static partial UhdError GetTxFrequency(UsrpHandle usrp, nuint channel, out double frequency);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_tx_freq")]
    internal static partial UhdError SetTxFrequency(UsrpHandle usrp, in UhdTuneRequest request, nuint channel, out UhdTuneResult result);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_gain_names")]
    internal static partial UhdError GetTxGainNames(UsrpHandle usrp, nuint channel, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_gain_range", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError GetTxGainRange(UsrpHandle usrp, string element, nuint channel, MetaRangeHandle ranges);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_gain", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError GetTxGain(UsrpHandle usrp, nuint channel, string element, out double gain);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_tx_gain", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError SetTxGain(UsrpHandle usrp, double gain, nuint channel, string element);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_bandwidth")]
    internal static partial UhdError GetTxBandwidth(UsrpHandle usrp, nuint channel, out double bandwidth);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_tx_bandwidth")]
    internal static partial UhdError SetTxBandwidth(UsrpHandle usrp, double bandwidth, nuint channel);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_antennas")]
    internal static partial UhdError GetTxAntennas(UsrpHandle usrp, nuint channel, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_set_tx_antenna", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError SetTxAntenna(UsrpHandle usrp, string name, nuint channel);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_sensor_names")]
    internal static partial UhdError GetTxSensorNames(UsrpHandle usrp, nuint channel, ref nint names);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_usrp_get_tx_sensor", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError GetTxSensor(UsrpHandle usrp, string name, nuint channel, ref nint sensor);
}
