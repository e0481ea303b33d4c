using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IsacTestbed.Uhd.Tests;

/// <summary>
/// Keeps libuhd quiet on standard error. Every test names a type of device, which keeps libuhd from searching the network for the others;
/// SoapySDR behind it is kept to the one module that opens the addresses it is given.
/// </summary>
internal static partial class UhdIsolation
{
    /// <summary>Where Debian's uhd-soapysdr is installed; null when it is not.</summary>
    public static string? SoapyModulePath { get; } = ((string[])["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"])
        .Select(library => Path.Combine(library, "uhd", "modules", "libsoapySupport.so"))
        .FirstOrDefault(File.Exists);

    [ModuleInitializer]
    internal static void Isolate()
    {
        // The library reads the process's environment, which .NET's own copy does not reach.
        SetEnvironment("UHD_LOG_CONSOLE_LEVEL", "error", 1);
        SetEnvironment("UHD_LOG_FASTPATH_DISABLE", "1", 1);
    }

    /// <summary>Hands the isolation on to programs that are started: they get .NET's copy of the environment.</summary>
    public static void ShareWithChildren()
    {
        foreach (string name in (string[])["SOAPY_SDR_ROOT", "SOAPY_SDR_PLUGIN_PATH", "UHD_LOG_CONSOLE_LEVEL"])
        {
            Environment.SetEnvironmentVariable(name, Marshal.PtrToStringUTF8(GetEnvironment(name)));
        }
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnvironment(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
