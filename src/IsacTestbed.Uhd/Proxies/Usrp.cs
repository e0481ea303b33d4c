using System.Runtime.InteropServices;
using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>An open device, as libuhd's multi_usrp has it. One thread at a time.</summary>
/// <remarks>Whatever fails is a <see cref="StreamingDeviceException"/> with the library's own words.</remarks>
internal sealed partial class Usrp : IDisposable
{
    /// <summary>Stands for all boards of a device.</summary>
    public const int AllBoards = -1;

    private readonly UsrpHandle _usrp;

    private Usrp(UsrpHandle usrp) => _usrp = usrp;

    private delegate UhdError NativeCall(UsrpHandle usrp);

    private delegate UhdError ListCall(UsrpHandle usrp, ref nint list);

    private unsafe delegate UhdError TextCall(UsrpHandle usrp, byte* text, nuint length);

    /// <summary>Version of the library, such as "4.3.0.0".</summary>
    public static unsafe string LibraryVersion
    {
        get
        {
            UhdLibrary.Require();
            return Check(UhdText.Read(UhdNative.GetVersion, out string version), "reading the version", string.Empty) ?? version;
        }
    }

    /// <summary>Opens the device that fits arguments; takes seconds, and can load firmware. Cannot be cancelled.</summary>
    /// <param name="arguments">Device arguments such as "type=b200,serial=30AD123".</param>
    public static Usrp Open(string arguments)
    {
        UhdLibrary.Require();
        using (UhdRegistry.Change())
        {
            UhdError error = UhdNative.UsrpMake(out UsrpHandle usrp, arguments);
            if (error == UhdError.None)
            {
                return new Usrp(usrp);
            }

            usrp.Dispose();
            string text = LastError();

            // No device that fits is a lookup that failed, which is otherwise a setting that does not exist. The text may have been
            // overwritten by another thread's call.
            if (error == UhdError.Key && (text is "" or "None" || text.Contains("No devices found", StringComparison.Ordinal)))
            {
                throw new StreamingDeviceException(
                    RadioFaultCode.NotFound,
                    $"no UHD device fits \"{arguments}\"; check power and cable, and what uhd_find_devices --args lists.");
            }

            throw UhdCodes.Exception(error, $"opening \"{arguments}\"", text);
        }
    }

    /// <summary>Lists the devices that fit arguments. Searches the network unless the arguments name a type and an address.</summary>
    /// <returns>The arguments of each device: key=value pairs, separated by commas.</returns>
    public static IReadOnlyList<string> Find(string arguments)
    {
        UhdLibrary.Require();
        using StringVectorHandle found = MakeStrings();
        nint raw = found.DangerousGetHandle();
        Check(UhdNative.Find(arguments, ref raw), $"searching \"{arguments}\"", null);
        return Strings(found);
    }

    /// <summary>The device as the library describes it, over several lines.</summary>
    public unsafe string Summary() => Text("describing the device", UhdNative.GetSummary);

    /// <summary>Opens a receive streamer.</summary>
    public RxStreamerHandle OpenReceiver(UhdStreamSettings settings)
    {
        Check(UhdNative.ReceiverMake(out RxStreamerHandle streamer), "making a receive streamer", null);
        try
        {
            Open(
                settings,
                "receive",
                (in UhdStreamArguments arguments) => UhdNative.GetReceiver(_usrp, arguments, streamer),
                () => streamer.Error());
            streamer.Hold(_usrp);
            return streamer;
        }
        catch
        {
            streamer.Dispose();
            throw;
        }
    }

    /// <summary>Opens a transmit streamer.</summary>
    public TxStreamerHandle OpenTransmitter(UhdStreamSettings settings)
    {
        Check(UhdNative.TransmitterMake(out TxStreamerHandle streamer), "making a transmit streamer", null);
        try
        {
            Open(
                settings,
                "transmit",
                (in UhdStreamArguments arguments) => UhdNative.GetTransmitter(_usrp, arguments, streamer),
                () => streamer.Error());
            streamer.Hold(_usrp);
            return streamer;
        }
        catch
        {
            streamer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _usrp.Dispose();

    private delegate UhdError StreamCall(in UhdStreamArguments arguments);

    private static unsafe void Open(UhdStreamSettings settings, string direction, StreamCall native, Func<string> error)
    {
        nuint[] channels = [.. settings.Channels.Select(c => (nuint)c)];
        byte* host = Utf8(settings.HostFormat), wire = Utf8(settings.WireFormat), extra = Utf8(settings.Arguments);
        try
        {
            fixed (nuint* first = channels)
            {
                var arguments = new UhdStreamArguments
                {
                    HostFormat = host,
                    WireFormat = wire,
                    Arguments = extra,
                    Channels = first,
                    ChannelCount = channels.Length,
                };
                using UhdRegistry.Scope scope = UhdRegistry.Use();
                UhdError result = native(arguments);
                if (result != UhdError.None)
                {
                    string list = string.Join(", ", settings.Channels);
                    throw UhdCodes.Exception(result, $"opening the {direction} stream over channels {list}", error());
                }
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)host);
            Marshal.FreeCoTaskMem((nint)wire);
            Marshal.FreeCoTaskMem((nint)extra);
        }
    }

    private static unsafe byte* Utf8(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text);

    /// <summary>Throws when a call has failed.</summary>
    /// <param name="error">What it returned.</param>
    /// <param name="call">What was called.</param>
    /// <param name="text">The library's words; null when they are the last of the process, which other threads overwrite.</param>
    /// <returns>Null.</returns>
    private static string? Check(UhdError error, string call, string? text) =>
        error == UhdError.None ? null : throw UhdCodes.Exception(error, call, text ?? LastError());

    private static unsafe string LastError()
    {
        _ = UhdText.Read(UhdNative.GetLastError, out string text);
        return text;
    }

    private static StringVectorHandle MakeStrings()
    {
        Check(UhdNative.StringVectorMake(out StringVectorHandle strings), "making a list", null);
        return strings;
    }

    private static unsafe string[] Strings(StringVectorHandle strings)
    {
        Check(UhdNative.StringVectorSize(strings, out nuint size), "counting a list", null);
        string[] result = new string[(int)size];
        for (int i = 0; i < result.Length; i++)
        {
            UhdError error = UhdText.Read((text, length) => UhdNative.StringVectorAt(strings, (nuint)i, text, length), out result[i]);
            Check(error, "reading a list", null);
        }

        return result;
    }

    private static nuint Board(int board) => board == AllBoards ? nuint.MaxValue : (nuint)board;

    /// <summary>Makes a call on the device.</summary>
    private void Do(string call, NativeCall native)
    {
        using UhdRegistry.Scope scope = UhdRegistry.Use();
        UhdError error = native(_usrp);
        if (error != UhdError.None)
        {
            throw UhdCodes.Exception(error, call, Error());
        }
    }

    private unsafe string Text(string call, TextCall native)
    {
        string text = string.Empty;
        Do(call, usrp => UhdText.Read((buffer, length) => native(usrp, buffer, length), out text));
        return text;
    }

    private string[] List(string call, ListCall native)
    {
        using StringVectorHandle list = MakeStrings();
        nint raw = list.DangerousGetHandle();
        Do(call, usrp => native(usrp, ref raw));
        return Strings(list);
    }

    private unsafe string Error()
    {
        _ = UhdText.Read((text, length) => UhdNative.UsrpError(_usrp, text, length), out string text);
        return text;
    }
}
