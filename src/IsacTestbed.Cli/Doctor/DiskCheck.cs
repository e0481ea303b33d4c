using System.Globalization;

namespace IsacTestbed.Cli.Doctor;

/// <summary>Whether there is room for runs.</summary>
/// <param name="folder">Where runs are recorded.</param>
/// <param name="freeBytes">Tells the free bytes of the file system of a folder.</param>
internal sealed class DiskCheck(string folder, Func<string, long> freeBytes) : IHostCheck
{
    private const string Name = "free disk";
    private const double Gibibyte = 1L << 30;

    // A run of the shipped scenario takes some ten megabytes; captures of a minute at 25 MS/s take 12 GB.
    private const double LeastGibibytes = 1;
    private const double WantedGibibytes = 10;

    public Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CheckResult>>([Check()]);

    private CheckResult Check()
    {
        double free;
        try
        {
            free = freeBytes(folder) / Gibibyte;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return CheckResult.NotApplicable(Name, $"{folder}: {exception.Message}");
        }

        string found = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GiB for {folder}");
        return free < LeastGibibytes ? CheckResult.Failed(Name, found, "free some room, or record elsewhere with --out")
            : free < WantedGibibytes ? CheckResult.Warning(Name, found, "enough for measurements, not for recorded samples")
            : CheckResult.Ok(Name, found);
    }
}
