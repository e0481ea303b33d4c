using System.Globalization;

namespace IsacTestbed.Cli.Doctor;

/// <summary>Which radios are on USB, and at what speed.</summary>
/// <param name="files">The host.</param>
/// <param name="profile">The radio; null when none was named.</param>
internal sealed class UsbCheck(HostFiles files, DoctorProfile? profile) : IHostCheck
{
    private const string Name = "USB radios";
    private const int SuperSpeed = 5000;
    private const int HighSpeed = 480;

    // Vendor, product (empty: any), name, speed in Mb/s that it is made for, text by which driver arguments tell of it.
    private static readonly (string Vendor, string Product, string Name, int Speed, string Argument)[] Known =
    [
        ("2500", "", "USRP B2x0 (Ettus)", SuperSpeed, "b200"),
        ("3923", "7813", "USRP B200 (NI)", SuperSpeed, "b200"),
        ("3923", "7814", "USRP B210 (NI)", SuperSpeed, "b200"),
        ("1d50", "6108", "LimeSDR-USB", SuperSpeed, "lime"),
        ("0403", "601f", "LimeSDR-Mini", SuperSpeed, "lime"),
        ("0456", "b673", "ADALM-Pluto", HighSpeed, "pluto"),
        ("2cf0", "5246", "bladeRF", SuperSpeed, "bladerf"),
        ("2cf0", "5250", "bladeRF 2.0", SuperSpeed, "bladerf"),
        ("1d50", "6089", "HackRF One", HighSpeed, "hackrf"),
    ];

    public Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        var results = new List<CheckResult>();
        bool wantedFound = false;
        foreach (string device in files.List("/sys/bus/usb/devices"))
        {
            string vendor = files.Read($"{device}/idVendor") ?? string.Empty, product = files.Read($"{device}/idProduct") ?? string.Empty;
            var radio = Known.FirstOrDefault(k => k.Vendor == vendor && (k.Product.Length == 0 || k.Product == product));
            if (radio.Name is null)
            {
                continue;
            }

            wantedFound |= Wanted(radio.Argument);
            results.Add(Judge(radio.Name, radio.Speed, $"{vendor}:{product}", files.Read($"{device}/serial"), files.Read($"{device}/speed")));
        }

        string[] missing = [.. Known.Select(k => k.Argument).Distinct().Where(Wanted)];
        if (missing.Length > 0 && !wantedFound)
        {
            results.Add(CheckResult.Failed(Name, $"no radio of profile {profile!.Name} is on USB", "connect it, power it, and look at lsusb; in a virtual machine, pass it through"));
        }
        else if (results.Count == 0)
        {
            results.Add(CheckResult.NotApplicable(Name, "no known radio is on USB"));
        }

        return Task.FromResult<IReadOnlyList<CheckResult>>(results);
    }

    private bool Wanted(string argument) => profile?.DriverArguments.Values.Any(a => a.Contains(argument, StringComparison.OrdinalIgnoreCase)) == true;

    private static CheckResult Judge(string name, int wanted, string id, string? serial, string? speedText)
    {
        string found = $"{name} ({id}{(string.IsNullOrEmpty(serial) ? string.Empty : $", serial {serial}")}) at {speedText ?? "unknown"} Mb/s";
        return !double.TryParse(speedText, NumberStyles.Float, CultureInfo.InvariantCulture, out double speed)
            ? CheckResult.Warning(Name, found, "the system does not tell its speed; look at lsusb -t")
            : speed >= wanted ? CheckResult.Ok(Name, found)
            : CheckResult.Warning(
                Name, found, $"it is made for {wanted} Mb/s: use a USB 3 port and cable, without a hub. A USRP B2x0 whose firmware is not loaded yet is at 480: open it once");
    }
}
