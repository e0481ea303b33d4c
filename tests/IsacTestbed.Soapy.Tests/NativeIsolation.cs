using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IsacTestbed.Soapy.Tests;

/// <summary>
/// Keeps libSoapySDR from searching the network: of all installed modules it sees only the one of SoapyRemote, which opens the addresses it is given.
/// </summary>
internal static partial class NativeIsolation
{
    private const string RemoteModule = "libremoteSupport.so";

    /// <summary>Where the module of SoapyRemote is installed; null when it is not.</summary>
    public static string? RemoteModulePath { get; } = Find();

    [ModuleInitializer]
    internal static void Isolate()
    {
        string root = Directory.CreateTempSubdirectory("isac-soapy-").FullName, modules = Path.Combine(root, "modules");
        Directory.CreateDirectory(modules);
        if (RemoteModulePath is { } path)
        {
            File.CreateSymbolicLink(Path.Combine(modules, RemoteModule), path);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);

        // The library reads the process's environment, which .NET's own copy does not reach.
        SetEnvironment("SOAPY_SDR_ROOT", Path.Combine(root, "empty"), 1);
        SetEnvironment("SOAPY_SDR_PLUGIN_PATH", modules, 1);
    }

    private static string? Find()
    {
        foreach (string library in (string[])["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/local/lib"])
        {
            string path = Path.Combine(library, "SoapySDR", "modules0.8", RemoteModule);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
