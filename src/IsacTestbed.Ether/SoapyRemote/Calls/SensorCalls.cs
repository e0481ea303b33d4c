using System.Globalization;
using IsacTestbed.Radio;
using static IsacTestbed.Ether.SoapyRemote.DeviceCallTable;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Sensors and settings.</summary>
internal static class SensorCalls
{
    private const string FaultKey = "fault";
    private const string ChannelSensor = "lo_locked";

    private static readonly ArgumentInfo[] Settings =
    [
        new(
            FaultKey,
            string.Empty,
            "Scripted fault",
            "Scripts a fault: its kind, the tick and the duration in ticks, as in \"Overflow 100000 5000\".",
            string.Empty,
            ArgumentKind.String),
    ];

    private static readonly ArgumentInfo[] NoSettings = [];

    public static void AddTo(Dictionary<RemoteCall, DeviceCall> calls)
    {
        calls[RemoteCall.ListSensors] = Read((sensors, _, result) => result.Write(sensors.Select(s => s.Name).ToArray()));
        calls[RemoteCall.ReadSensor] = Read((sensors, arguments, result) => result.Write(Find(sensors, arguments.ReadString()).Value));
        calls[RemoteCall.GetSensorInfo] = Read((sensors, arguments, result) => result.Write(Describe(Find(sensors, arguments.ReadString()))));
        calls[RemoteCall.ListChannelSensors] = OnChannel((_, _, _, result) => result.Write([ChannelSensor]));
        calls[RemoteCall.ReadChannelSensor] = Read((sensors, arguments, result) => result.Write(OfChannel(sensors, arguments).Value));
        calls[RemoteCall.GetChannelSensorInfo] = Read((sensors, arguments, result) => result.Write(Describe(OfChannel(sensors, arguments))));
        calls[RemoteCall.GetSettingInfo] = Plain((_, _, result) => result.Write(Settings));
        calls[RemoteCall.ReadSetting] = Plain((_, arguments, result) =>
        {
            RequireFault(arguments.ReadString());
            result.Write(string.Empty);
        });
        calls[RemoteCall.WriteSetting] = InjectAsync;
        calls[RemoteCall.GetChannelSettingInfo] = OnChannel((_, _, _, result) => result.Write(NoSettings));
        calls[RemoteCall.ReadChannelSetting] = OnChannel((_, _, arguments, _) => throw NoChannelSetting(arguments.ReadString()));
        calls[RemoteCall.WriteChannelSetting] = OnChannel((_, _, arguments, _) => throw NoChannelSetting(arguments.ReadString()));
    }

    private static DeviceCall Read(Action<IReadOnlyList<SensorReading>, MessageReader, MessageWriter> answer) =>
        async (device, arguments, result, cancellationToken) =>
            answer(await device.Radio.ReadSensorsAsync(cancellationToken).ConfigureAwait(false), arguments, result);

    private static SensorReading OfChannel(IReadOnlyList<SensorReading> sensors, MessageReader arguments)
    {
        ReadDirection(arguments);
        arguments.ReadInt32();
        string name = arguments.ReadString();
        return name == ChannelSensor ? Find(sensors, name) : throw new DeviceCallException($"channel sensor {name}: use {ChannelSensor}");
    }

    private static SensorReading Find(IReadOnlyList<SensorReading> sensors, string name)
    {
        foreach (SensorReading sensor in sensors)
        {
            if (sensor.Name == name)
            {
                return sensor;
            }
        }

        throw new DeviceCallException($"sensor {name}: use one of {string.Join(", ", sensors.Select(s => s.Name))}");
    }

    private static ArgumentInfo Describe(SensorReading sensor)
    {
        bool isNumber = double.TryParse(sensor.Value, CultureInfo.InvariantCulture, out _);
        bool isFlag = bool.TryParse(sensor.Value, out _);
        ArgumentKind kind = isFlag ? ArgumentKind.Bool : isNumber ? ArgumentKind.Float : ArgumentKind.String;
        return new ArgumentInfo(sensor.Name, sensor.Value, sensor.Name.Replace('_', ' '), string.Empty, sensor.Unit, kind);
    }

    private static async ValueTask InjectAsync(RemoteDevice device, MessageReader arguments, MessageWriter result, CancellationToken cancellationToken)
    {
        RequireFault(arguments.ReadString());
        string text = arguments.ReadString();
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 3
            || !Enum.TryParse(parts[0], ignoreCase: true, out InjectedFaultKind kind)
            || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out long tick)
            || !long.TryParse(parts[2], CultureInfo.InvariantCulture, out long duration))
        {
            throw new DeviceCallException(
                $"{FaultKey} \"{text}\": give kind, tick and duration in ticks; kinds are {string.Join(", ", Enum.GetNames<InjectedFaultKind>().Skip(1))}");
        }

        try
        {
            await device.Radio.InjectAsync(new InjectedFault(kind, tick, duration), cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException exception)
        {
            throw new DeviceCallException(exception.Message);
        }
    }

    private static void RequireFault(string key)
    {
        if (key != FaultKey)
        {
            throw new DeviceCallException($"setting {key}: use {FaultKey}");
        }
    }

    private static DeviceCallException NoChannelSetting(string key) => new($"channel setting {key}: an emulated radio has none");
}
