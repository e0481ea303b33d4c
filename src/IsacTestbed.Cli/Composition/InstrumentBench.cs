using IsacTestbed.Cli.Documents;
using IsacTestbed.Core;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Cli.Composition;

/// <summary>The instruments that a file lists.</summary>
internal static class InstrumentBench
{
    // A lock that is lost for less is told by the length of the last holdover, which is recorded.
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(2);

    /// <summary>Opens the instruments and begins to watch them.</summary>
    /// <exception cref="ConfigurationException">The list or a profile is wrong.</exception>
    /// <exception cref="Lab.InstrumentException">An instrument cannot be reached or does not answer.</exception>
    public static async Task<InstrumentMonitor> WatchAsync(string file, TimeProvider time, CancellationToken cancellationToken) =>
        new(await OpenAsync(file, time, cancellationToken), WatchPeriod, time);

    /// <summary>Opens the instruments; all or none.</summary>
    /// <exception cref="ConfigurationException">The list or a profile is wrong.</exception>
    /// <exception cref="Lab.InstrumentException">An instrument cannot be reached or does not answer.</exception>
    public static async Task<IReadOnlyList<IInstrument>> OpenAsync(string file, TimeProvider time, CancellationToken cancellationToken)
    {
        var opened = new List<IInstrument>();
        try
        {
            foreach ((InstrumentEntry entry, InstrumentProfile profile) in Read(file))
            {
                opened.Add(await InstrumentOpening.OpenAsync(entry, profile, time, cancellationToken));
            }

            return opened;
        }
        catch
        {
            foreach (IInstrument instrument in opened)
            {
                await instrument.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Reads the list and the profiles that it names, before anything is opened.</summary>
    /// <exception cref="ConfigurationException">The list or a profile is wrong.</exception>
    public static IReadOnlyList<(InstrumentEntry Entry, InstrumentProfile Profile)> Read(string file) =>
        [.. InstrumentEntry.ReadList(DocumentFile.Read(file)).Select(entry => (entry, InstrumentProfile.Read(DocumentFile.Read(ProfilePath(entry, file)))))];

    // A name without a folder or an ending is that of a shipped profile; a path is seen from the list's folder.
    private static string ProfilePath(InstrumentEntry entry, string file)
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "firmware-config", "instruments");
        if (Path.GetFileName(entry.Profile) != entry.Profile || Path.HasExtension(entry.Profile))
        {
            return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, entry.Profile);
        }

        string path = Path.Combine(shipped, $"{entry.Profile}.yaml");
        return File.Exists(path)
            ? path
            : throw new ConfigurationException(
                file,
                "profile",
                $"found {entry.Profile}; shipped profiles are {string.Join(", ", Directory.GetFiles(shipped, "*.yaml").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal))}; or give the path of a file");
    }
}
