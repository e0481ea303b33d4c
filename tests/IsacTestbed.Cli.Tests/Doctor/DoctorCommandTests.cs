using System.Text.Json;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests.Doctor;

/// <summary>The built program on this very host, with an empty SoapySDR root, so that no module is there that could search a network.</summary>
public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Doctor_OnThisHost_ReportsEveryCheckAndAgreesWithItsExitCode()
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["bench.yaml"], "instruments:\n  - {id: reference, profile: jackson-labs-gpsdo, device: simulated}\n");
        IsacResult result = await RunAsync(scratch, "doctor", "--output", "json", "--instruments", scratch["bench.yaml"]);
        Assert.Empty(result.Error);
        JsonElement[] checks = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("checks").EnumerateArray()];
        string[] names = [.. checks.Select(c => c.GetProperty("check").GetString()!)];
        foreach (string name in (string[])["libSoapySDR", "libuhd", "USB radios", "real-time priority", "CPU governor", "free disk", "instrument reference", "PPS edge", "rate without loss"])
        {
            Assert.Contains(name, names);
        }

        string Status(string name) => checks.First(c => c.GetProperty("check").GetString() == name).GetProperty("status").GetString()!;
        Assert.Equal("ok", Status("instrument reference"));
        bool failed = checks.Any(c => c.GetProperty("status").GetString() == "failed");
        Assert.Equal(failed ? ExitCodes.CheckFailed : ExitCodes.Success, result.ExitCode);
        Assert.All(checks.Where(c => c.GetProperty("status").GetString() is "failed" or "warning"), c => Assert.NotEmpty(c.GetProperty("remedy").GetString()!));
    }

    [Fact]
    public async Task Doctor_InstrumentThatIsNotThere_FailsAndSaysWhy()
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["bench.yaml"], "instruments:\n  - {id: reference, profile: jackson-labs-gpsdo, device: /dev/ttyUSB-not-there}\n");
        IsacResult result = await RunAsync(scratch, "doctor", "--instruments", scratch["bench.yaml"]);
        Assert.Equal(ExitCodes.CheckFailed, result.ExitCode);
        Assert.Contains("no such device", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("profile: no-such", "jackson-labs-gpsdo")]
    [InlineData("profile: jackson-labs-gpsdo, baud: 9600", "baud")]
    public async Task Instruments_ListThatIsWrong_IsNamed(string entry, string expected)
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["bench.yaml"], $"instruments:\n  - {{id: reference, device: simulated, {entry}}}\n");
        Complaint.AssertOneLine(await RunAsync(scratch, "run", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"], "--instruments", scratch["bench.yaml"]), ExitCodes.InvalidInput, expected);
        Assert.False(Directory.Exists(scratch["run"]), "A run that cannot start leaves no folder.");
    }

    private static async Task<IsacResult> RunAsync(ScratchFolder scratch, params string[] arguments)
    {
        Directory.CreateDirectory(scratch["soapy"]);
        var environment = new Dictionary<string, string> { ["SOAPY_SDR_ROOT"] = scratch["soapy"], ["SOAPY_SDR_PLUGIN_PATH"] = string.Empty };
        await using IsacProcess process = IsacProcess.Start(environment, arguments);
        return await process.EndAsync();
    }
}
