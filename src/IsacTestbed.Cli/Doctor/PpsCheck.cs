using System.Globalization;

namespace IsacTestbed.Cli.Doctor;

/// <summary>Whether the pulse per second that the host itself receives ticks. That of a radio is told by its sensors.</summary>
/// <param name="files">The host.</param>
/// <param name="time">Time, to wait for an edge.</param>
internal sealed class PpsCheck(HostFiles files, TimeProvider time) : IHostCheck
{
    private const string Name = "PPS edge";
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2.2);

    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        string[] sources = [.. files.List("/sys/class/pps")];
        if (sources.Length == 0)
        {
            return [CheckResult.NotApplicable(Name, "the host has no PPS input of its own; a radio's is checked through its sidecar")];
        }

        long?[] before = [.. sources.Select(Edges)];
        await Task.Delay(Wait, time, cancellationToken);
        return [.. sources.Select((s, i) => Judge(Path.GetFileName(s), before[i], Edges(s)))];
    }

    private static CheckResult Judge(string source, long? before, long? after) =>
        (before, after) switch
        {
            (null, _) or (_, null) => CheckResult.Warning(Name, $"{source} does not tell its edges", "is the driver loaded (pps_gpio, pps_ldisc)?"),
            ({ } first, { } last) when last > first => CheckResult.Ok(Name, string.Create(CultureInfo.InvariantCulture, $"{source}: {last - first} edges in {Wait.TotalSeconds:0.0} s")),
            _ => CheckResult.Failed(Name, string.Create(CultureInfo.InvariantCulture, $"{source}: no edge in {Wait.TotalSeconds:0.0} s"), "check the 1PPS cable and that the GPSDO is locked"),
        };

    // As in 1772366400.000000123#4711: time, then the number of the edge.
    private long? Edges(string source) =>
        files.Read($"{source}/assert")?.Split('#') is [_, var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : null;
}
