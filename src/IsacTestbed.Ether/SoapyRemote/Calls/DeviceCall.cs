namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Answers one call on an open device: reads its arguments and writes its result.</summary>
internal delegate ValueTask DeviceCall(RemoteDevice device, MessageReader arguments, MessageWriter result, CancellationToken cancellationToken);

/// <summary>All calls that need nothing but the device, by number.</summary>
internal static class DeviceCallTable
{
    private static readonly Dictionary<RemoteCall, DeviceCall> Calls = Make();

    /// <summary>The call of a number; null when it is unknown.</summary>
    public static DeviceCall? Find(RemoteCall call) => Calls.GetValueOrDefault(call);

    /// <summary>A call that only reads and writes.</summary>
    public static DeviceCall Plain(Action<RemoteDevice, MessageReader, MessageWriter> answer) => (device, arguments, result, _) =>
    {
        answer(device, arguments, result);
        return ValueTask.CompletedTask;
    };

    /// <summary>A call on a channel.</summary>
    public static DeviceCall OnChannel(Action<RemoteDevice, Direction, MessageReader, MessageWriter> answer) => Plain((device, arguments, result) =>
    {
        Direction direction = ReadDirection(arguments);
        int channel = arguments.ReadInt32(), count = device.ChannelCount(direction);
        if (channel < 0 || channel >= count)
        {
            throw new DeviceCallException($"{direction.Word()} channel {channel}: {device.Label} has {count}, counted from 0");
        }

        answer(device, direction, arguments, result);
    });

    public static Direction ReadDirection(MessageReader arguments)
    {
        byte direction = arguments.ReadChar();
        return direction <= 1 ? (Direction)direction : throw new DeviceCallException($"direction {direction}: 0 is transmit, 1 is receive");
    }

    private static Dictionary<RemoteCall, DeviceCall> Make()
    {
        var calls = new Dictionary<RemoteCall, DeviceCall>();
        IdentityCalls.AddTo(calls);
        TuningCalls.AddTo(calls);
        TimeCalls.AddTo(calls);
        SensorCalls.AddTo(calls);
        return calls;
    }
}
