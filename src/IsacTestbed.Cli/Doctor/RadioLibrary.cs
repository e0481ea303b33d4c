using System.Runtime.InteropServices;

namespace IsacTestbed.Cli.Doctor;

/// <summary>A library of the operating system that the radios need.</summary>
/// <param name="Key">Name by which profiles call it.</param>
/// <param name="Name">Its own name.</param>
/// <param name="FileNames">File names to try, the best first.</param>
/// <param name="Package">Debian package.</param>
/// <param name="ReadVersion">Asks a loaded library for its version, and what else it tells without looking for devices.</param>
internal sealed record RadioLibrary(string Key, string Name, IReadOnlyList<string> FileNames, string Package, Func<nint, string> ReadVersion)
{
    /// <summary>SoapySDR. Modules are listed and not loaded, so that nothing is sent on any network.</summary>
    public static RadioLibrary Soapy { get; } = new(
        "soapy", "libSoapySDR", ["libSoapySDR.so.0.8", "libSoapySDR.so.0.8-3"], "libsoapysdr0.8", ReadSoapyVersion);

    /// <summary>UHD. No device is looked for.</summary>
    public static RadioLibrary Uhd { get; } = new(
        "uhd", "libuhd", ["libuhd.so.4.8.0", "libuhd.so.4.7.0", "libuhd.so.4.6.0", "libuhd.so.4.5.0", "libuhd.so.4.4.0", "libuhd.so.4.3.0"], "libuhd4.3.0", ReadUhdVersion);

    private static unsafe string ReadSoapyVersion(nint library)
    {
        var version = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "SoapySDR_getLibVersion");
        var abi = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "SoapySDR_getABIVersion");
        var list = (delegate* unmanaged<nuint*, byte**>)NativeLibrary.GetExport(library, "SoapySDR_listModules");
        var clear = (delegate* unmanaged<byte***, nuint, void>)NativeLibrary.GetExport(library, "SoapySDRStrings_clear");
        nuint count;
        byte** modules = list(&count);
        string[] names = new string[(int)count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Path.GetFileName(Text(modules[i]));
        }

        clear(&modules, count);
        string installed = names.Length == 0 ? "no modules (Debian: soapysdr-module-all, or the one of your radio)" : $"modules {string.Join(", ", names)}";
        return $"{Text(version())}, ABI {Text(abi())}, {installed}";
    }

    private static unsafe string ReadUhdVersion(nint library)
    {
        const int length = 128;
        var version = (delegate* unmanaged<byte*, nuint, int>)NativeLibrary.GetExport(library, "uhd_get_version_string");
        byte* buffer = stackalloc byte[length];
        return version(buffer, length) == 0 ? Text(buffer) : "of unknown version";
    }

    private static unsafe string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;
}
