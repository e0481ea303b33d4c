using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Doctor;

/// <summary>An image that a radio must carry.</summary>
/// <param name="Kind">fpga or firmware.</param>
/// <param name="Version">The version that is expected.</param>
/// <param name="Load">How to load it.</param>
internal sealed record ExpectedImage(string Kind, string Version, string Load);

/// <summary>What the doctor needs to know of a radio profile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DriverArguments">Device arguments by library: soapy, uhd.</param>
/// <param name="Images">What it must carry.</param>
internal sealed record DoctorProfile(string Name, IReadOnlyDictionary<string, string> DriverArguments, IReadOnlyList<ExpectedImage> Images)
{
    private static readonly string[] NetworkTypes = ["x300", "n3xx", "x4xx", "usrp2", "e3xx"];

    /// <summary>Whether the radio is on a network.</summary>
    public bool IsOnNetwork => DriverArguments.Values.Any(a => NetworkTypes.Any(t => a.Contains($"type={t}", StringComparison.Ordinal)));

    /// <summary>Takes what is needed of a profile.</summary>
    public static DoctorProfile Of(RadioProfile profile) => new(
        profile.Name,
        profile.Drivers.ToDictionary(d => d.Key, d => string.Join(',', d.Value.Select(a => $"{a.Key}={a.Value}"))),
        [.. profile.Images.Select(i => new ExpectedImage(i.Kind == RadioImageKind.Fpga ? "fpga" : "firmware", i.Version, i.Load))]);
}
