using IsacTestbed.Radio;
using static IsacTestbed.Ether.SoapyRemote.DeviceCallTable;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Hardware time and where it comes from. All devices share one clock.</summary>
internal static class TimeCalls
{
    private const string NextPps = "PPS";

    public static void AddTo(Dictionary<RemoteCall, DeviceCall> calls)
    {
        calls[RemoteCall.ListClockSources] = Plain((device, _, result) => result.Write(device.ClockSource.Names));
        calls[RemoteCall.GetClockSource] = Plain((device, _, result) => result.Write(device.ClockSource.Selected));
        calls[RemoteCall.SetClockSource] = Plain((device, arguments, _) => device.ClockSource.Select(arguments.ReadString()));
        calls[RemoteCall.ListTimeSources] = Plain((device, _, result) => result.Write(device.TimeSource.Names));
        calls[RemoteCall.GetTimeSource] = Plain((device, _, result) => result.Write(device.TimeSource.Selected));
        calls[RemoteCall.SetTimeSource] = Plain((device, arguments, _) => device.TimeSource.Select(arguments.ReadString()));
        calls[RemoteCall.HasHardwareTime] = Plain((_, arguments, result) => result.Write(arguments.ReadString() is "" or NextPps));
        calls[RemoteCall.GetHardwareTime] = Plain((device, arguments, result) => result.Write(GetTime(device, arguments.ReadString())));
        calls[RemoteCall.SetHardwareTime] = SetTimeAsync;
        calls[RemoteCall.SetCommandTime] = Plain((_, arguments, _) => SetCommandTime(arguments));
    }

    /// <summary>The time now, or that of the last edge of the pulse per second.</summary>
    private static long GetTime(RemoteDevice device, string what)
    {
        long now = device.Streams.Now;
        return what switch
        {
            "" => device.ToNanoseconds(now),
            NextPps => (long)(now / device.SampleRateHz) * 1_000_000_000,
            _ => throw Unknown(what),
        };
    }

    /// <summary>Sets the time at once, or at the next edge of the pulse per second, for which a paced clock waits.</summary>
    private static async ValueTask SetTimeAsync(RemoteDevice device, MessageReader arguments, MessageWriter result, CancellationToken cancellationToken)
    {
        long nanoseconds = arguments.ReadInt64();
        string what = arguments.ReadString();
        if (what is not ("" or NextPps))
        {
            throw Unknown(what);
        }

        if (nanoseconds < 0)
        {
            throw new DeviceCallException($"a time of {nanoseconds} ns: the emulated clock starts at zero");
        }

        if (what == NextPps && !device.Streams.IsLockStep)
        {
            AirClock clock = device.Streams.Air.Clock;
            double edge = Math.Floor((clock.Now / device.SampleRateHz) + 1) * device.SampleRateHz;
            await clock.WaitUntilAsync((long)Math.Ceiling(edge), cancellationToken).ConfigureAwait(false);
        }

        try
        {
            device.Streams.SetTime(device.Label, device.ToTicks(nanoseconds));
        }
        catch (RadioException exception)
        {
            throw new DeviceCallException(exception.Message);
        }
    }

    private static void SetCommandTime(MessageReader arguments)
    {
        long nanoseconds = arguments.ReadInt64();
        arguments.ReadString();
        if (nanoseconds != 0)
        {
            throw new DeviceCallException("timed commands: an emulated radio has none but timed streams; only 0, which clears the time, is taken");
        }
    }

    private static DeviceCallException Unknown(string what) =>
        new($"hardware time \"{what}\": use \"\" for the clock or \"{NextPps}\" for the pulse per second");
}
