using System.Runtime.InteropServices;

namespace IsacTestbed.Benchmarks.Soapy;

/// <summary>Lets libSoapySDR, here and in child processes, see one module only, so that nothing searches the network.</summary>
internal sealed partial class NativeSearchPath : IDisposable
{
    private readonly DirectoryInfo _folder;

    private NativeSearchPath(DirectoryInfo folder) => _folder = folder;

    /// <summary>Restricts the search to a module. Before the library is first used.</summary>
    public static NativeSearchPath Restrict(string module)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("isac-bench-");
        File.CreateSymbolicLink(Path.Combine(folder.FullName, Path.GetFileName(module)), module);
        Set("SOAPY_SDR_ROOT", Path.Combine(folder.FullName, "none"));
        Set("SOAPY_SDR_PLUGIN_PATH", folder.FullName);
        return new NativeSearchPath(folder);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    // The library reads the process's environment, child processes get .NET's copy of it.
    private static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (SetEnvironment(name, value, 1) != 0)
        {
            throw new InvalidOperationException($"{name} cannot be set.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
