using System.Reflection;
using System.Runtime.InteropServices;
using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>Finds libSoapySDR: by the names that releases of its 0.8 interface carry.</summary>
internal static class SoapyLibrary
{
    /// <summary>Name by which the imports ask for it.</summary>
    public const string Name = "SoapySDR";

    /// <summary>File names, in order of preference: Debian's, then that of newer builds, whose functions are the same.</summary>
    public static readonly IReadOnlyList<string> FileNames = ["libSoapySDR.so.0.8", "libSoapySDR.so.0.8-3"];

    static SoapyLibrary() => NativeLibrary.SetDllImportResolver(typeof(SoapyLibrary).Assembly, Resolve);

    /// <summary>Makes sure that the library is there, before the first call to it.</summary>
    /// <exception cref="StreamingDeviceException">It is not; says what to install.</exception>
    public static void Require() => Require(FileNames);

    /// <summary>Makes sure that one of several files can be loaded.</summary>
    /// <exception cref="StreamingDeviceException">None can; says what to install.</exception>
    public static void Require(IReadOnlyList<string> fileNames)
    {
        if (Load(fileNames) == 0)
        {
            throw new StreamingDeviceException(
                RadioFaultCode.NotFound,
                $"SoapySDR is not installed: none of {string.Join(", ", fileNames)} can be loaded. "
                + "On Debian: apt install libsoapysdr0.8, and the module of the radio, such as soapysdr0.8-module-uhd or soapysdr-module-remote.");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Name ? Load(FileNames) : 0;

    private static nint Load(IReadOnlyList<string> fileNames)
    {
        foreach (string fileName in fileNames)
        {
            // The loader counts; the library stays for the life of the process, as it must with callbacks and driver threads in it.
            if (NativeLibrary.TryLoad(fileName, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
