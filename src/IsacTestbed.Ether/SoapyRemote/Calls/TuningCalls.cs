using IsacTestbed.Radio;
using static IsacTestbed.Ether.SoapyRemote.DeviceCallTable;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Gain, frequency, sample rate, bandwidth and clock rates. What the scene fixes stays as it is, and the client is told so.</summary>
internal static class TuningCalls
{
    private const string GainElement = "PGA";
    private const string FrequencyComponent = "RF";
    private const double ReferenceRateHz = 10e6;
    private static readonly ArgumentInfo[] NoArguments = [];

    public static void AddTo(Dictionary<RemoteCall, DeviceCall> calls)
    {
        AddGains(calls);
        AddFrequencies(calls);
        AddRates(calls);
    }

    private static void AddGains(Dictionary<RemoteCall, DeviceCall> calls)
    {
        calls[RemoteCall.ListGains] = OnChannel((_, _, _, result) => result.Write([GainElement]));
        calls[RemoteCall.HasGainMode] = OnChannel((_, _, _, result) => result.Write(false));
        calls[RemoteCall.GetGainMode] = OnChannel((_, _, _, result) => result.Write(false));
        calls[RemoteCall.SetGainMode] = OnChannel((_, _, arguments, _) => Refuse(arguments.ReadBool(), "automatic gain: an emulated radio has none"));
        calls[RemoteCall.SetGain] = OnChannel((device, direction, arguments, _) => device.SetGainDb(direction, arguments.ReadFloat64()));
        calls[RemoteCall.GetGain] = OnChannel((device, direction, _, result) => result.Write(device.GainDb(direction)));
        calls[RemoteCall.GetGainRange] = OnChannel((device, direction, _, result) => result.Write(device.GainRange(direction)));
        calls[RemoteCall.SetGainElement] = OnChannel((device, direction, arguments, _) =>
        {
            RequireName(arguments, GainElement, "gain element");
            device.SetGainDb(direction, arguments.ReadFloat64());
        });
        calls[RemoteCall.GetGainElement] = OnChannel((device, direction, arguments, result) =>
        {
            RequireName(arguments, GainElement, "gain element");
            result.Write(device.GainDb(direction));
        });
        calls[RemoteCall.GetGainRangeElement] = OnChannel((device, direction, arguments, result) =>
        {
            RequireName(arguments, GainElement, "gain element");
            result.Write(device.GainRange(direction));
        });
    }

    private static void AddFrequencies(Dictionary<RemoteCall, DeviceCall> calls)
    {
        calls[RemoteCall.ListFrequencies] = OnChannel((_, _, _, result) => result.Write([FrequencyComponent]));
        calls[RemoteCall.GetFrequency] = OnChannel((device, _, _, result) => result.Write(device.CarrierFrequencyHz));
        calls[RemoteCall.GetFrequencyRange] = OnChannel((device, _, _, result) => result.Write([Only(device.CarrierFrequencyHz)]));
        calls[RemoteCall.GetFrequencyArgsInfo] = OnChannel((_, _, _, result) => result.Write(NoArguments));
        calls[RemoteCall.SetFrequency] = OnChannel((device, _, arguments, _) => SetFrequency(device, arguments));
        calls[RemoteCall.SetFrequencyComponent] = OnChannel((device, _, arguments, _) =>
        {
            RequireName(arguments, FrequencyComponent, "frequency component");
            SetFrequency(device, arguments);
        });
        calls[RemoteCall.GetFrequencyComponent] = OnChannel((device, _, arguments, result) =>
        {
            RequireName(arguments, FrequencyComponent, "frequency component");
            result.Write(device.CarrierFrequencyHz);
        });
        calls[RemoteCall.GetFrequencyRangeComponent] = OnChannel((device, _, arguments, result) =>
        {
            RequireName(arguments, FrequencyComponent, "frequency component");
            result.Write([Only(device.CarrierFrequencyHz)]);
        });
    }

    private static void AddRates(Dictionary<RemoteCall, DeviceCall> calls)
    {
        calls[RemoteCall.SetSampleRate] = OnChannel((device, _, arguments, _) => Fixed(device, "sample rate in hertz", arguments.ReadFloat64()));
        calls[RemoteCall.GetSampleRate] = OnChannel((device, _, _, result) => result.Write(device.SampleRateHz));
        calls[RemoteCall.ListSampleRates] = OnChannel((device, _, _, result) => result.Write([device.SampleRateHz]));
        calls[RemoteCall.GetSampleRateRange] = OnChannel((device, _, _, result) => result.Write([Only(device.SampleRateHz)]));
        calls[RemoteCall.SetBandwidth] = OnChannel((device, _, arguments, _) => Fixed(device, "bandwidth in hertz", arguments.ReadFloat64()));
        calls[RemoteCall.GetBandwidth] = OnChannel((device, _, _, result) => result.Write(device.SampleRateHz));
        calls[RemoteCall.ListBandwidths] = OnChannel((device, _, _, result) => result.Write([device.SampleRateHz]));
        calls[RemoteCall.GetBandwidthRange] = OnChannel((device, _, _, result) => result.Write([Only(device.SampleRateHz)]));
        calls[RemoteCall.SetMasterClockRate] = Plain((device, arguments, _) => Fixed(device, "master clock rate in hertz", arguments.ReadFloat64()));
        calls[RemoteCall.GetMasterClockRate] = Plain((device, _, result) => result.Write(device.SampleRateHz));
        calls[RemoteCall.GetMasterClockRates] = Plain((device, _, result) => result.Write([Only(device.SampleRateHz)]));
        calls[RemoteCall.SetReferenceClockRate] = Plain((device, arguments, _) =>
            device.WarnUnlessMet("reference clock rate in hertz", arguments.ReadFloat64(), ReferenceRateHz));
        calls[RemoteCall.GetReferenceClockRate] = Plain((_, _, result) => result.Write(ReferenceRateHz));
        calls[RemoteCall.GetReferenceClockRates] = Plain((_, _, result) => result.Write([Only(ReferenceRateHz)]));
    }

    private static void SetFrequency(RemoteDevice device, MessageReader arguments)
    {
        double frequency = arguments.ReadFloat64();
        arguments.ReadKwargs();
        device.WarnUnlessMet("frequency in hertz", frequency, device.CarrierFrequencyHz);
    }

    private static void Fixed(RemoteDevice device, string what, double requested) => device.WarnUnlessMet(what, requested, device.SampleRateHz);

    private static SettingRange Only(double value) => new(value, value);

    private static void RequireName(MessageReader arguments, string name, string what)
    {
        string found = arguments.ReadString();
        Refuse(found != name, $"{what} {found}: use {name}");
    }

    private static void Refuse(bool condition, string message)
    {
        if (condition)
        {
            throw new DeviceCallException(message);
        }
    }
}
