using System.Reflection;
using System.Runtime.InteropServices;
using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Finds the native library under one of its names.</summary>
/// <remarks>
/// libuhd's soname carries its full version, so that each distribution has another one. The C API kept its signatures over all of 4.x. The
/// library logs to standard error; UHD_LOG_CONSOLE_LEVEL and UHD_LOG_FASTPATH_DISABLE in the environment of the process, set before it
/// starts, say how much.
/// </remarks>
internal static class UhdLibrary
{
    /// <summary>Name under which the imports ask for the library.</summary>
    public const string Name = "uhd";

    /// <summary>Debian's version first, as the one that is tested; then the others.</summary>
    public static IReadOnlyList<string> Candidates { get; } =
    [
        "libuhd.so.4.3.0",
        "libuhd.so.4.9.0",
        "libuhd.so.4.8.0",
        "libuhd.so.4.7.0",
        "libuhd.so.4.6.0",
        "libuhd.so.4.5.0",
        "libuhd.so.4.4.0",
        "libuhd.so.4.2.0",
        "libuhd.so.4.1.0",
        "libuhd.so.4.0.0",
        "libuhd.so",
    ];

    /// <summary>The library, or null when this host has none.</summary>
    public static nint? TryLoad(IReadOnlyList<string> candidates)
    {
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, typeof(UhdLibrary).Assembly, DllImportSearchPath.SafeDirectories, out nint library))
            {
                return library;
            }
        }

        return null;
    }

    /// <summary>Makes sure that the library is there before it is called.</summary>
    /// <exception cref="StreamingDeviceException">This host has none; the message says what to install.</exception>
    public static void Require() => Require(Candidates);

    /// <inheritdoc cref="Require()"/>
    public static void Require(IReadOnlyList<string> candidates)
    {
        if (TryLoad(candidates) is null)
        {
            throw new StreamingDeviceException(
                RadioFaultCode.NotFound,
                $"libuhd is not installed (tried {string.Join(", ", candidates)}); install Debian's libuhd4.3.0, uhd-host for its tools.");
        }
    }

    /// <summary>Resolves the imports' library.</summary>
    public static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Name ? TryLoad(Candidates) ?? 0 : 0;
}
