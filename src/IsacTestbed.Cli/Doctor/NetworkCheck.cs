using System.Globalization;

namespace IsacTestbed.Cli.Doctor;

/// <summary>Whether socket buffers and packet sizes suffice for radios on a network.</summary>
/// <param name="files">The host.</param>
/// <param name="profile">The radio; null when none was named.</param>
internal sealed class NetworkCheck(HostFiles files, DoctorProfile? profile) : IHostCheck
{
    // "USRP Host Performance Tuning Tips and Tricks", Ettus Research: 33,554,432 for both, and an MTU of 9000 on ten gigabit links.
    private const long WantedBufferBytes = 33_554_432;
    private const int TenGigabit = 10_000;
    private const int JumboMtu = 9000;

    public Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        if (profile is { IsOnNetwork: false })
        {
            return Task.FromResult<IReadOnlyList<CheckResult>>([CheckResult.NotApplicable("network", $"{profile.Name} is not on a network")]);
        }

        return Task.FromResult<IReadOnlyList<CheckResult>>([Buffer("receive buffer", "rmem_max"), Buffer("send buffer", "wmem_max"), .. Interfaces()]);
    }

    private CheckResult Buffer(string name, string key)
    {
        string path = $"/proc/sys/net/core/{key}";
        if (!long.TryParse(files.Read(path), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
        {
            return CheckResult.NotApplicable(name, $"{path} cannot be read");
        }

        string found = string.Create(CultureInfo.InvariantCulture, $"net.core.{key} = {bytes}");
        return bytes >= WantedBufferBytes
            ? CheckResult.Ok(name, found)
            : CheckResult.Warning(
                name,
                string.Create(CultureInfo.InvariantCulture, $"{found}; UHD wants {WantedBufferBytes} for radios on a network"),
                string.Create(CultureInfo.InvariantCulture, $"sudo sysctl -w net.core.{key}={WantedBufferBytes} (and in /etc/sysctl.d/ to keep it)"));
    }

    private CheckResult[] Interfaces()
    {
        const string name = "MTU";
        CheckResult[] results =
        [
            .. files.List("/sys/class/net")
                .Where(i => Path.GetFileName(i) != "lo" && files.Read($"{i}/operstate") is "up" or "unknown")
                .Select(i => Interface(name, i))
                .OfType<CheckResult>(),
        ];
        return results.Length > 0 ? results : [CheckResult.NotApplicable(name, "no network interface is up")];
    }

    private CheckResult? Interface(string name, string path)
    {
        string device = Path.GetFileName(path);
        if (!int.TryParse(files.Read($"{path}/mtu"), NumberStyles.None, CultureInfo.InvariantCulture, out int mtu))
        {
            return null;
        }

        // A virtual interface has no speed, and a link that is down has -1.
        bool hasSpeed = int.TryParse(files.Read($"{path}/speed"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int speed) && speed > 0;
        string found = string.Create(CultureInfo.InvariantCulture, $"{device}: {mtu} bytes{(hasSpeed ? $" at {speed} Mb/s" : string.Empty)}");
        return hasSpeed && speed >= TenGigabit && mtu < JumboMtu
            ? CheckResult.Warning(name, found, string.Create(CultureInfo.InvariantCulture, $"sudo ip link set dev {device} mtu {JumboMtu}, if a radio is on this link"))
            : CheckResult.Ok(name, found);
    }
}
