using System.Numerics;
using static IsacTestbed.Ether.SoapyRemote.DeviceCallTable;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>What the device is, which channels, antennas, formats and corrections it has.</summary>
internal static class IdentityCalls
{
    private static readonly ArgumentInfo[] NoArguments = [];

    public static void AddTo(Dictionary<RemoteCall, DeviceCall> calls)
    {
        calls[RemoteCall.GetDriverKey] = Plain((_, _, result) => result.Write(RemoteDevice.Driver));
        calls[RemoteCall.GetHardwareKey] = Plain((_, _, result) => result.Write("emulated"));
        calls[RemoteCall.GetHardwareInfo] = Plain((device, _, result) => result.Write(device.HardwareInfo));
        calls[RemoteCall.SetFrontendMapping] = Plain((_, arguments, _) => SetMapping(arguments));
        calls[RemoteCall.GetFrontendMapping] = Plain((_, arguments, result) => GetMapping(arguments, result));
        calls[RemoteCall.GetNumChannels] = Plain((device, arguments, result) => result.Write(device.ChannelCount(ReadDirection(arguments))));
        calls[RemoteCall.GetFullDuplex] = OnChannel((_, _, _, result) => result.Write(true));
        calls[RemoteCall.GetChannelInfo] = OnChannel((device, direction, _, result) => result.Write(ChannelInfo(device, direction)));
        calls[RemoteCall.GetStreamFormats] = OnChannel((_, _, _, result) => result.Write(WireFormat.All.Select(f => f.Name).ToArray()));
        calls[RemoteCall.GetNativeStreamFormat] = OnChannel((_, _, _, result) =>
        {
            result.Write(WireFormat.ComplexFloat.Name);
            result.Write(1.0);
        });
        calls[RemoteCall.GetStreamArgsInfo] = OnChannel((_, _, _, result) => result.Write(NoArguments));
        calls[RemoteCall.ListAntennas] = OnChannel((_, direction, _, result) => result.Write([Antenna(direction)]));
        calls[RemoteCall.GetAntenna] = OnChannel((_, direction, _, result) => result.Write(Antenna(direction)));
        calls[RemoteCall.SetAntenna] = OnChannel((_, direction, arguments, _) => SetAntenna(direction, arguments.ReadString()));
        AddCorrections(calls);
        calls[RemoteCall.ListRegisterInterfaces] = Plain((_, _, result) => result.Write(Array.Empty<string>()));
        calls[RemoteCall.ListGpioBanks] = Plain((_, _, result) => result.Write(Array.Empty<string>()));
        calls[RemoteCall.ListUarts] = Plain((_, _, result) => result.Write(Array.Empty<string>()));
    }

    /// <summary>The emulated receiver has the imperfections of its scene; none can be corrected in it.</summary>
    private static void AddCorrections(Dictionary<RemoteCall, DeviceCall> calls)
    {
        foreach (RemoteCall has in (RemoteCall[])[
            RemoteCall.HasDcOffsetMode, RemoteCall.HasDcOffset, RemoteCall.HasIqBalance, RemoteCall.HasIqBalanceMode, RemoteCall.HasFrequencyCorrection,
            RemoteCall.GetDcOffsetMode, RemoteCall.GetIqBalanceMode])
        {
            calls[has] = OnChannel((_, _, _, result) => result.Write(false));
        }

        calls[RemoteCall.GetDcOffset] = OnChannel((_, _, _, result) => result.Write(Complex.Zero));
        calls[RemoteCall.GetIqBalance] = OnChannel((_, _, _, result) => result.Write(Complex.One));
        calls[RemoteCall.GetFrequencyCorrection] = OnChannel((_, _, _, result) => result.Write(0.0));
    }

    private static Dictionary<string, string> ChannelInfo(RemoteDevice device, Direction direction) => new()
    {
        ["radio_id"] = device.Label,
        ["direction"] = direction.Word(),
    };

    private static string Antenna(Direction direction) => direction == Direction.Transmit ? "TX" : "RX";

    private static void SetAntenna(Direction direction, string name)
    {
        if (name != Antenna(direction))
        {
            throw new DeviceCallException($"{direction.Word()} antenna {name}: use {Antenna(direction)}");
        }
    }

    private static void SetMapping(MessageReader arguments)
    {
        ReadDirection(arguments);
        string mapping = arguments.ReadString();
        if (mapping.Length > 0)
        {
            throw new DeviceCallException($"front-end mapping {mapping}: the channels of an emulated radio are fixed");
        }
    }

    private static void GetMapping(MessageReader arguments, MessageWriter result)
    {
        ReadDirection(arguments);
        result.Write(string.Empty);
    }
}
