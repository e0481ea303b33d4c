using System.Runtime.InteropServices;
using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>The SoapySDR library as a whole: its version, its devices and its log.</summary>
public static unsafe class SoapySdr
{
    /// <summary>Version of the library and of its binary interface, such as "0.8.1" and "0.8".</summary>
    /// <exception cref="StreamingDeviceException">The library is not installed.</exception>
    public static (string Library, string Interface) Version
    {
        get
        {
            SoapyLibrary.Require();
            return (NativeText.Borrow(SoapyImports.SoapySDR_getLibVersion()), NativeText.Borrow(SoapyImports.SoapySDR_getABIVersion()));
        }
    }

    /// <summary>The devices that match arguments, each with the arguments that open it.</summary>
    /// <remarks>
    /// Without a driver every installed module searches, and some search the network. Name the driver, and for a remote one its address.
    /// </remarks>
    /// <param name="arguments">Such as driver=uhd, serial=...</param>
    /// <exception cref="StreamingDeviceException">The library is not installed, or a module failed.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Enumerate(IReadOnlyDictionary<string, string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        SoapyLibrary.Require();
        using var kwargs = new KwargsScope(arguments);
        nuint length;
        NativeKwargs* list = SoapyImports.SoapySDRDevice_enumerate(kwargs.Pointer, &length);
        if (list is null)
        {
            string error = NativeText.Borrow(SoapyImports.SoapySDRDevice_lastError());
            return error.Length == 0 ? [] : throw new StreamingDeviceException(RadioFaultCode.NotFound, $"searching for devices: {error}");
        }

        var found = new Dictionary<string, string>[length];
        for (nuint i = 0; i < length; i++)
        {
            found[i] = NativeText.Borrow(list[i]);
        }

        SoapyImports.SoapySDRKwargsList_clear(list, length);
        return found;
    }

    /// <summary>Reads arguments of the form "driver=remote, remote=tcp://127.0.0.1:55132".</summary>
    /// <exception cref="ArgumentException">A part has no equals sign, or a key stands twice.</exception>
    public static IReadOnlyDictionary<string, string> ParseArguments(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !arguments.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                throw new ArgumentException($"Device arguments \"{text}\": \"{part}\" is no key=value, or its key stands twice.", nameof(text));
            }
        }

        return arguments;
    }

    /// <summary>Sends the library's log to a listener in place of its standard error, from now on and for the whole process.</summary>
    /// <param name="listener">
    /// Gets level and message; null goes back to dropping them. Called on threads of the drivers, several at a time and in the middle of stream
    /// calls: it must be quick and must not call the library. What it throws is swallowed, since it cannot pass through native code.
    /// </param>
    /// <param name="least">Least important level to hear.</param>
    /// <exception cref="StreamingDeviceException">The library is not installed.</exception>
    public static void Listen(Action<SoapyLogLevel, string>? listener, SoapyLogLevel least = SoapyLogLevel.Information)
    {
        SoapyLibrary.Require();
        Log.Listener = listener;
        SoapyImports.SoapySDR_registerLogHandler(&Hear);
        SoapyImports.SoapySDR_setLogLevel((int)least);
    }

    // The library has one log per process, and its handler no argument to tell listeners apart.
    private static readonly LogRelay Log = new();

    [UnmanagedCallersOnly]
    private static void Hear(int level, byte* message)
    {
        try
        {
            Log.Listener?.Invoke((SoapyLogLevel)level, NativeText.Borrow(message));
        }
#pragma warning disable CA1031 // An exception that leaves this method ends the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The listener's failure is not the driver's.
        }
    }

    private sealed class LogRelay
    {
        private volatile Action<SoapyLogLevel, string>? _listener;

        public Action<SoapyLogLevel, string>? Listener
        {
            get => _listener;
            set => _listener = value;
        }
    }
}
