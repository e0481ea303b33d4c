namespace IsacTestbed.EndToEnd.Tests;

/// <summary>A folder of one test, deleted at its end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isac-test-");

    /// <summary>The shipped small scenario: two devices, two elements, four rounds.</summary>
    public static string SmallScenario => Path.Combine(AppContext.BaseDirectory, "Scenarios", "small.yaml");

    /// <summary>A scenario of the family iscc: two users, an access point, two rounds.</summary>
    public static string IsccScenario => Path.Combine(AppContext.BaseDirectory, "Scenarios", "iscc.yaml");

    /// <summary>A scenario of the family ota-feel: four devices, a server, two rounds.</summary>
    public static string OtaFeelScenario => Path.Combine(AppContext.BaseDirectory, "Scenarios", "ota-feel.yaml");

    /// <summary>A scenario of the family vfl-beamforming: two cells of four antennas, two rounds.</summary>
    public static string VflBeamformingScenario => Path.Combine(AppContext.BaseDirectory, "Scenarios", "vfl-beamforming.yaml");

    /// <summary>Path of a file or folder in it.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Writes the small scenario with texts replaced; each must occur in it.</summary>
    public string Scenario(params (string Old, string New)[] changes) => Changed(SmallScenario, changes);

    /// <summary>Writes a scenario with texts replaced; each must occur in it.</summary>
    public string Changed(string scenario, params (string Old, string New)[] changes)
    {
        string text = File.ReadAllText(scenario);
        foreach ((string old, string replacement) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        File.WriteAllText(this["scenario.yaml"], text);
        return this["scenario.yaml"];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
