using IsacTestbed.Core;

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

    /// <summary>Reads what is needed of a profile; the sidecar, which works by all of it, checks the rest.</summary>
    /// <exception cref="ConfigurationException">A key that is needed is wrong.</exception>
    public static DoctorProfile Read(ConfigurationObject document)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        if (document.Has("drivers"))
        {
            ConfigurationObject drivers = document.Object("drivers");
            foreach (string library in drivers.Keys)
            {
                ConfigurationObject driver = drivers.Object(library);
                arguments[library] = string.Join(',', driver.Keys.Select(k => $"{k}={driver.Element(k)}"));
            }
        }

        bool hasImages = document.Has("images") && document.Element("images").GetArrayLength() > 0;
        return new DoctorProfile(
            document.Text("name"),
            arguments,
            hasImages ? [.. document.Objects("images").Select(i => new ExpectedImage(i.Text("kind"), i.TextOr("version", string.Empty), i.TextOr("load", string.Empty)))] : []);
    }
}
