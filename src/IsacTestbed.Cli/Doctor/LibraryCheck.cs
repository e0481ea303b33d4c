using System.Runtime.InteropServices;

namespace IsacTestbed.Cli.Doctor;

/// <summary>Whether the libraries of real radios are installed, and which versions. They are loaded; no device is looked for.</summary>
/// <param name="libraries">The libraries.</param>
/// <param name="profile">The radio; null when none was named.</param>
internal sealed class LibraryCheck(IReadOnlyList<RadioLibrary> libraries, DoctorProfile? profile) : IHostCheck
{
    public Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        var results = new List<CheckResult>();
        (RadioLibrary Library, string? Found)[] found = [.. libraries.Select(l => (l, Load(l)))];
        bool served = profile is null || profile.DriverArguments.Count == 0 || found.Any(f => f.Found is not null && profile.DriverArguments.ContainsKey(f.Library.Key));
        foreach ((RadioLibrary library, string? version) in found)
        {
            bool concerned = profile is null || profile.DriverArguments.ContainsKey(library.Key);
            string remedy = $"sudo apt install {library.Package}";
            results.Add(
                version is not null ? CheckResult.Ok(library.Name, version)
                : !concerned ? CheckResult.NotApplicable(library.Name, $"not installed; {profile!.Name} does not need it")
                : !served ? CheckResult.Failed(library.Name, $"not installed ({string.Join(", ", library.FileNames)}); {profile!.Name} needs one of {string.Join(", ", profile.DriverArguments.Keys)}", remedy)
                : CheckResult.Warning(library.Name, "not installed; emulated radios need none", remedy));
        }

        return Task.FromResult<IReadOnlyList<CheckResult>>(results);
    }

    private static string? Load(RadioLibrary library)
    {
        foreach (string name in library.FileNames)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                try
                {
                    return $"{name}: {library.ReadVersion(handle)}";
                }
                catch (EntryPointNotFoundException)
                {
                    return $"{name}: of unknown version";
                }
            }
        }

        return null;
    }
}
