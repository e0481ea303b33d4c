using System.Globalization;

namespace IsacTestbed.Cli.Doctor;

/// <summary>Whether threads may ask for real-time priority, and whether the processors keep their clock.</summary>
/// <param name="files">The host.</param>
internal sealed class SchedulingCheck(HostFiles files) : IHostCheck
{
    private const string Priority = "real-time priority";
    private const string Governor = "CPU governor";

    // UHD asks for half of what there is.
    private const int WantedPriority = 50;

    public Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CheckResult>>([CheckPriority(), CheckGovernor()]);

    private CheckResult CheckPriority()
    {
        // Max realtime priority     <soft>     <hard>
        const string label = "Max realtime priority";
        string? line = files.Read("/proc/self/limits")?.Split('\n').FirstOrDefault(l => l.StartsWith(label, StringComparison.Ordinal));
        string? soft = line?[label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : null;
        if (soft is null)
        {
            return CheckResult.NotApplicable(Priority, "/proc/self/limits does not tell");
        }

        bool enough = soft == "unlimited" || (int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit >= WantedPriority);
        string? configured = files.List("/etc/security/limits.d").Append("/etc/security/limits.conf").FirstOrDefault(GrantsPriority);
        return enough
            ? CheckResult.Ok(Priority, $"up to {soft}")
            : CheckResult.Warning(
                Priority,
                $"up to {soft}; streaming threads want {WantedPriority}",
                configured is null
                    ? "put \"@usrp - rtprio 99\" into /etc/security/limits.d/radios.conf, join the group usrp, and log in again"
                    : $"{configured} grants it: join the group that it names, and log in again");
    }

    private bool GrantsPriority(string path) =>
        files.Read(path)?.Split('\n').Any(l => !l.TrimStart().StartsWith('#') && l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Contains("rtprio")) == true;

    private CheckResult CheckGovernor()
    {
        string[] governors =
        [
            .. files.List("/sys/devices/system/cpu")
                .Where(c => Path.GetFileName(c) is ['c', 'p', 'u', >= '0' and <= '9', ..])
                .Select(c => files.Read($"{c}/cpufreq/scaling_governor"))
                .OfType<string>(),
        ];
        string found = string.Join(", ", governors.CountBy(g => g).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Value} x {g.Key}"));
        return governors.Length == 0 ? CheckResult.NotApplicable(Governor, "the host has no frequency scaling, or does not show it")
            : governors.All(g => g == "performance") ? CheckResult.Ok(Governor, found)
            : CheckResult.Warning(Governor, $"{found}; a processor that slows down loses samples", "sudo cpupower frequency-set -g performance (Debian: linux-cpupower)");
    }
}
