using System.Runtime.InteropServices;
using System.Text;
using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Channels of both directions: rates, carriers, gains, filters, antennas and sensors.</summary>
internal sealed partial class Usrp
{
    private delegate UhdError DoubleCall(UsrpHandle usrp, out double value);

    private delegate UhdError RangeCall(UsrpHandle usrp, MetaRangeHandle ranges);

    /// <summary>Chooses which front ends are channels, such as "A:0 B:0".</summary>
    public void SetSubdevSpec(StreamDirection direction, string markup, int board)
    {
        Check(UhdNative.SubdevSpecMake(out SubdevSpecHandle spec, markup), $"reading the front ends \"{markup}\"", null);
        using (spec)
        {
            Do($"selecting {Word(direction)} front ends \"{markup}\"", usrp => IsReceive(direction)
                ? UhdNative.SetRxSubdevSpec(usrp, spec, Board(board))
                : UhdNative.SetTxSubdevSpec(usrp, spec, Board(board)));
        }
    }

    /// <summary>Which front ends are channels.</summary>
    public unsafe string SubdevSpec(StreamDirection direction, int board)
    {
        Check(UhdNative.SubdevSpecMake(out SubdevSpecHandle spec, string.Empty), "making a choice of front ends", null);
        using (spec)
        {
            Do($"reading the {Word(direction)} front ends", usrp => IsReceive(direction)
                ? UhdNative.GetRxSubdevSpec(usrp, Board(board), spec)
                : UhdNative.GetTxSubdevSpec(usrp, Board(board), spec));
            UhdError error = UhdText.Read((text, length) => UhdNative.SubdevSpecText(spec, text, length), out string markup);
            Check(error, "reading front ends", null);
            return markup;
        }
    }

    /// <summary>Number of channels over all boards.</summary>
    public int ChannelCount(StreamDirection direction)
    {
        nuint count = 0;
        Do($"counting the {Word(direction)} channels", usrp => IsReceive(direction)
            ? UhdNative.GetRxChannelCount(usrp, out count)
            : UhdNative.GetTxChannelCount(usrp, out count));
        return (int)count;
    }

    /// <summary>Name of a channel's front end.</summary>
    public unsafe string SubdevName(StreamDirection direction, int channel) =>
        Text($"reading the name of {Word(direction)} channel {channel}", (usrp, text, length) => IsReceive(direction)
            ? UhdNative.GetRxSubdevName(usrp, (nuint)channel, text, length)
            : UhdNative.GetTxSubdevName(usrp, (nuint)channel, text, length));

    /// <summary>Serial number of a channel's daughterboard; empty when it has none.</summary>
    public unsafe string FrontendSerial(StreamDirection direction, int channel)
    {
        UhdChannelInfo info = default;
        Do($"reading the identity of {Word(direction)} channel {channel}", usrp => IsReceive(direction)
            ? UhdNative.GetRxInfo(usrp, (nuint)channel, out info)
            : UhdNative.GetTxInfo(usrp, (nuint)channel, out info));
        string serial = Marshal.PtrToStringUTF8((nint)info.FrontendSerial) ?? string.Empty;
        _ = IsReceive(direction) ? UhdNative.RxInfoFree(ref info) : UhdNative.TxInfoFree(ref info);
        return serial;
    }

    /// <summary>Allowed sample rates in hertz.</summary>
    public IReadOnlyList<SettingRange> Rates(StreamDirection direction, int channel) =>
        Ranges($"reading the {Word(direction)} rates of channel {channel}", (usrp, ranges) => IsReceive(direction)
            ? UhdNative.GetRxRates(usrp, (nuint)channel, ranges)
            : UhdNative.GetTxRates(usrp, (nuint)channel, ranges));

    /// <summary>The sample rate in hertz.</summary>
    public double Rate(StreamDirection direction, int channel) =>
        Double($"reading the {Word(direction)} rate of channel {channel}", (UsrpHandle usrp, out double value) => IsReceive(direction)
            ? UhdNative.GetRxRate(usrp, (nuint)channel, out value)
            : UhdNative.GetTxRate(usrp, (nuint)channel, out value));

    /// <summary>Sets the sample rate in hertz, coerced to a rate that the device has.</summary>
    public void SetRate(StreamDirection direction, double rateHz, int channel) =>
        Do($"setting the {Word(direction)} rate of channel {channel} to {rateHz} Hz", usrp => IsReceive(direction)
            ? UhdNative.SetRxRate(usrp, rateHz, (nuint)channel)
            : UhdNative.SetTxRate(usrp, rateHz, (nuint)channel));

    /// <summary>Allowed carriers in hertz.</summary>
    public IReadOnlyList<SettingRange> Frequencies(StreamDirection direction, int channel) =>
        Ranges($"reading the {Word(direction)} carriers of channel {channel}", (usrp, ranges) => IsReceive(direction)
            ? UhdNative.GetRxFrequencies(usrp, (nuint)channel, ranges)
            : UhdNative.GetTxFrequencies(usrp, (nuint)channel, ranges));

    /// <summary>Tunes a channel.</summary>
    /// <param name="direction">Which way.</param>
    /// <param name="frequencyHz">The carrier.</param>
    /// <param name="arguments">Arguments of the front end, such as "mode_n=integer".</param>
    /// <param name="channel">The channel.</param>
    public unsafe UhdTuning Tune(StreamDirection direction, double frequencyHz, string arguments, int channel)
    {
        UhdTuneResult result = default;
        byte[] text = [.. Encoding.UTF8.GetBytes(arguments), 0];
        Do($"tuning {Word(direction)} channel {channel} to {frequencyHz} Hz", usrp =>
        {
            fixed (byte* first = text)
            {
                var request = new UhdTuneRequest
                {
                    TargetHz = frequencyHz,
                    RfPolicy = UhdTunePolicy.Auto,
                    DspPolicy = UhdTunePolicy.Auto,
                    Arguments = first,
                };
                return IsReceive(direction)
                    ? UhdNative.SetRxFrequency(usrp, request, (nuint)channel, out result)
                    : UhdNative.SetTxFrequency(usrp, request, (nuint)channel, out result);
            }
        });
        string reading = $"reading the {Word(direction)} carrier of channel {channel}";
        double actual = Double(reading, (UsrpHandle usrp, out double value) => IsReceive(direction)
            ? UhdNative.GetRxFrequency(usrp, (nuint)channel, out value)
            : UhdNative.GetTxFrequency(usrp, (nuint)channel, out value));
        return new UhdTuning(
            frequencyHz, result.ClippedRfHz, result.TargetRfHz, result.ActualRfHz, result.TargetDspHz, result.ActualDspHz, actual);
    }

    /// <summary>Names of the gain elements.</summary>
    public IReadOnlyList<string> GainElements(StreamDirection direction, int channel) =>
        List($"listing the {Word(direction)} gains of channel {channel}", (UsrpHandle usrp, ref nint list) => IsReceive(direction)
            ? UhdNative.GetRxGainNames(usrp, (nuint)channel, ref list)
            : UhdNative.GetTxGainNames(usrp, (nuint)channel, ref list));

    /// <summary>Range of a gain in decibels; the empty element is the overall gain.</summary>
    public IReadOnlyList<SettingRange> GainRanges(StreamDirection direction, string element, int channel) =>
        Ranges($"reading the {Word(direction)} gain range of channel {channel}", (usrp, ranges) => IsReceive(direction)
            ? UhdNative.GetRxGainRange(usrp, element, (nuint)channel, ranges)
            : UhdNative.GetTxGainRange(usrp, element, (nuint)channel, ranges));

    /// <summary>Sets a gain in decibels; the empty element is the overall gain.</summary>
    /// <returns>The gain that results.</returns>
    public double SetGain(StreamDirection direction, double gainDb, string element, int channel)
    {
        string name = element.Length == 0 ? "gain" : $"gain {element}";
        Do($"setting the {Word(direction)} {name} of channel {channel} to {gainDb} dB", usrp => IsReceive(direction)
            ? UhdNative.SetRxGain(usrp, gainDb, (nuint)channel, element)
            : UhdNative.SetTxGain(usrp, gainDb, (nuint)channel, element));
        string reading = $"reading the {Word(direction)} {name} of channel {channel}";
        return Double(reading, (UsrpHandle usrp, out double value) => IsReceive(direction)
            ? UhdNative.GetRxGain(usrp, (nuint)channel, element, out value)
            : UhdNative.GetTxGain(usrp, (nuint)channel, element, out value));
    }

    /// <summary>Sets the bandwidth of the analogue filter in hertz.</summary>
    /// <returns>The bandwidth that results.</returns>
    public double SetBandwidth(StreamDirection direction, double bandwidthHz, int channel)
    {
        Do($"setting the {Word(direction)} bandwidth of channel {channel} to {bandwidthHz} Hz", usrp => IsReceive(direction)
            ? UhdNative.SetRxBandwidth(usrp, bandwidthHz, (nuint)channel)
            : UhdNative.SetTxBandwidth(usrp, bandwidthHz, (nuint)channel));
        string reading = $"reading the {Word(direction)} bandwidth of channel {channel}";
        return Double(reading, (UsrpHandle usrp, out double value) => IsReceive(direction)
            ? UhdNative.GetRxBandwidth(usrp, (nuint)channel, out value)
            : UhdNative.GetTxBandwidth(usrp, (nuint)channel, out value));
    }

    /// <summary>Names of a channel's antenna ports.</summary>
    public IReadOnlyList<string> Antennas(StreamDirection direction, int channel) =>
        List($"listing the {Word(direction)} antennas of channel {channel}", (UsrpHandle usrp, ref nint list) => IsReceive(direction)
            ? UhdNative.GetRxAntennas(usrp, (nuint)channel, ref list)
            : UhdNative.GetTxAntennas(usrp, (nuint)channel, ref list));

    /// <summary>Selects a channel's antenna port.</summary>
    public void SetAntenna(StreamDirection direction, string name, int channel) =>
        Do($"selecting {Word(direction)} antenna {name} of channel {channel}", usrp => IsReceive(direction)
            ? UhdNative.SetRxAntenna(usrp, name, (nuint)channel)
            : UhdNative.SetTxAntenna(usrp, name, (nuint)channel));

    /// <summary>Names of a channel's sensors.</summary>
    public IReadOnlyList<string> ChannelSensors(StreamDirection direction, int channel) =>
        List($"listing the {Word(direction)} sensors of channel {channel}", (UsrpHandle usrp, ref nint list) => IsReceive(direction)
            ? UhdNative.GetRxSensorNames(usrp, (nuint)channel, ref list)
            : UhdNative.GetTxSensorNames(usrp, (nuint)channel, ref list));

    /// <summary>Reads one of a channel's sensors.</summary>
    public UhdSensor ChannelSensor(StreamDirection direction, string name, int channel) =>
        Sensor(name, (UsrpHandle usrp, ref nint sensor) => IsReceive(direction)
            ? UhdNative.GetRxSensor(usrp, name, (nuint)channel, ref sensor)
            : UhdNative.GetTxSensor(usrp, name, (nuint)channel, ref sensor));

    private static bool IsReceive(StreamDirection direction) => direction == StreamDirection.Receive;

    private static string Word(StreamDirection direction) => IsReceive(direction) ? "receive" : "transmit";

    private double Double(string call, DoubleCall native)
    {
        double value = 0;
        Do(call, usrp => native(usrp, out value));
        return value;
    }

    private SettingRange[] Ranges(string call, RangeCall native)
    {
        Check(UhdNative.MetaRangeMake(out MetaRangeHandle ranges), "making a list of ranges", null);
        using (ranges)
        {
            Do(call, usrp => native(usrp, ranges));
            Check(UhdNative.MetaRangeSize(ranges, out nuint size), "counting ranges", null);
            var result = new SettingRange[(int)size];
            for (int i = 0; i < result.Length; i++)
            {
                Check(UhdNative.MetaRangeAt(ranges, (nuint)i, out UhdRange range), "reading ranges", null);
                result[i] = new SettingRange(range.Start, range.Stop, range.Step);
            }

            return result;
        }
    }
}
