using System.Globalization;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Doctor;

/// <summary>Whether a sidecar answers, what its radios carry, and whether their clocks are locked. A radio that somebody uses is left alone.</summary>
/// <param name="connection">The sidecar and how to reach it; null when none was named.</param>
/// <param name="profile">The radio that is expected; null when none was named.</param>
internal sealed class SidecarCheck((Uri Address, SidecarClientOptions Options)? connection, DoctorProfile? profile) : IHostCheck
{
    private const string Name = "sidecar";
    private const string Images = "FPGA and firmware";
    private const string Clock = "clock and time lock";

    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        if (connection is not { } sidecar)
        {
            return [CheckResult.NotApplicable(Images, "no sidecar named", "name one with --sidecar host:port to check its radios")];
        }

        try
        {
            await using SidecarClient client = await SidecarClient.ConnectAsync(sidecar.Address, sidecar.Options, cancellationToken);
            string radios = string.Join(", ", client.Info.Radios.Select(r => $"{r.RadioId} ({r.Driver})"));
            CheckResult[] images = profile is null ? [] : [.. client.Info.Radios.SelectMany(r => CheckImages(r, profile))];
            return
            [
                CheckResult.Ok(Name, $"{client.Info.Address.Authority}, version {client.Info.ServerVersion}: {radios}"),
                .. images,
                .. await CheckSensorsAsync(client, cancellationToken),
            ];
        }
        catch (RadioException exception)
        {
            return [CheckResult.Failed(Name, exception.Message, "start it with isac sidecar, and check host, port and network")];
        }
    }

    /// <summary>Holds what a radio says it carries against its profile.</summary>
    internal static IEnumerable<CheckResult> CheckImages(RadioDescription radio, DoctorProfile profile)
    {
        foreach (ExpectedImage image in profile.Images.Where(i => i.Version.Length > 0))
        {
            string[] words = image.Kind == "fpga" ? ["fpga"] : ["fw", "firmware"];
            string? carried = radio.Hardware.FirstOrDefault(
                h => words.Any(w => h.Key.Contains(w, StringComparison.OrdinalIgnoreCase)) && h.Value.Any(char.IsAsciiDigit)).Value;
            string found = $"{radio.RadioId}: {image.Kind} {carried ?? "unknown"}, {profile.Name} expects {image.Version}";
            yield return carried is null ? CheckResult.NotApplicable(Images, $"{radio.RadioId} does not tell its {image.Kind}")
                : IsVersion(carried, image.Version) ? CheckResult.Ok(Images, found)
                : CheckResult.Failed(Images, found, image.Load.Length > 0 ? image.Load : "load the image that the profile names");
        }
    }

    // 16 is met by 16, 16.0 and 16.3; 16.3 is not met by 16.
    private static bool IsVersion(string carried, string expected)
    {
        string[] have = Numbers(carried), want = Numbers(expected);
        return want.Length > 0 && have.Length >= want.Length && want.SequenceEqual(have.Take(want.Length));
    }

    private static string[] Numbers(string version) =>
        version.Split(version.Where(c => !char.IsAsciiDigit(c)).Distinct().ToArray(), StringSplitOptions.RemoveEmptyEntries);

    private static async Task<IReadOnlyList<CheckResult>> CheckSensorsAsync(SidecarClient client, CancellationToken cancellationToken)
    {
        var results = new List<CheckResult>();
        foreach (RadioDescription radio in client.Info.Radios)
        {
            try
            {
                await using SidecarSession session = await client.OpenSessionAsync([radio.RadioId], cancellationToken);
                IReadOnlyList<SensorReading> sensors = await session.Radios[0].ReadSensorsAsync(cancellationToken);
                SensorReading[] locks = [.. sensors.Where(s => s.Name.Contains("lock", StringComparison.OrdinalIgnoreCase))];
                string found = $"{radio.RadioId}: {string.Join(", ", locks.Select(s => $"{s.Name} {s.Value}"))}";
                results.Add(
                    locks.Length == 0 ? CheckResult.NotApplicable(Clock, $"{radio.RadioId} has no lock sensor")
                    : locks.All(s => IsTrue(s.Value)) ? CheckResult.Ok(Clock, found)
                    : CheckResult.Failed(Clock, found, "check the 10 MHz and 1PPS cables and the profile's clock source"));
            }
            catch (RadioException exception) when (exception.Code is RadioFaultCode.LeaseLost or RadioFaultCode.Busy)
            {
                results.Add(CheckResult.NotApplicable(Clock, exception.Message, "run the doctor when nobody uses the radio"));
            }
        }

        return results;
    }

    private static bool IsTrue(string value) => value is "1" || value.ToLower(CultureInfo.InvariantCulture) is "true" or "locked";
}
