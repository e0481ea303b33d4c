using IsacTestbed.Cli.Families;
using IsacTestbed.Core;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>Scenarios of all families are read in one place, and a wrong one ends in one line.</summary>
public sealed class ScenarioFamilyTests
{
    [Theory]
    [InlineData("family: iscc", "family: isac", "family: found \"isac\"; it must be one of isac-fl, iscc")]
    [InlineData("family: iscc", "family: 3", "family: found 3; it must be a text")]
    [InlineData("family: iscc\n", "", "sensing: the key is missing")]
    [InlineData("rounds: 2", "rounds: 0", "rounds: found 0; it must be between 1 and")]
    [InlineData("name: iscc-small", "name: a b", "name: found \"a b\"")]
    [InlineData("symbols: 1024", "symbols: 16", "sounding.symbols: found 16; 4 elements of user-1")]
    [InlineData("roundSeconds: 0.01", "roundSeconds: 0.0001", "roundSeconds: found 0.0001; a round needs")]
    [InlineData("slotSamples: 4096", "slotSamples: 1024", "offload.slotSamples: found 1024")]
    [InlineData("samplesPerSymbol: 2", "samplesPerSymbol: 3", "offload.samplesPerSymbol: found 3; the modem takes 2 or 4")]
    [InlineData("id: user-2", "id: user-1", "users: the id user-1 stands twice")]
    [InlineData("positionMeters: [41, 8, 0]", "positionMeters: [41, 8]", "users[0].positionMeters: found a list of 2; it must be three numbers")]
    [InlineData("crossSectionSquareMeters: 100", "crossSectionSquareMetres: 100", "target.crossSectionSquareMeters: the key is missing; did you mean it by crossSectionSquareMetres?")]
    [InlineData("rateShare: 1", "rateShare: 1.5", "offload.rateShare: found 1.5; it must be between 0")]
    public async Task Run_WrongIsccScenario_SaysWhatAndWhere(string old, string replacement, string expected)
    {
        using var scratch = new ScratchFolder();
        string scenario = scratch.Changed(ScratchFolder.IsccScenario, (old, replacement));
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("run", "--plain", "--scenario", scenario, "--out", scratch["run"], "--method", "refined"), ExitCodes.InvalidInput, expected);
        Assert.False(Directory.Exists(scratch["run"]), "A run that cannot start leaves no folder.");
    }

    [Theory]
    [InlineData("pulseLength: 32", "pulseLength: 3", "frame.pulseLength: found 3 for 4 devices and 2 sensing blocks; there must be two devices, and at least 9")]
    [InlineData("steps: 8", "steps: 3", "training.steps: found 3; a location takes four transmissions at least")]
    [InlineData("regionHighMeters: [112, 20, 3]", "regionHighMeters: [112, 20, 0]", "echo.regionHighMeters: each of its coordinates")]
    [InlineData("targetMeters: [105, 3, 2]", "targetMeters: [105, 3]", "echo.targetMeters: found 2 numbers; it must be three")]
    [InlineData("roundSeconds: 2.0", "roundSeconds: 0.1", "roundSeconds: found 0.1; a round needs")]
    [InlineData("id: device-2", "id: device-1", "devices: the id device-1 stands twice")]
    [InlineData("sensingShare: 0.8", "sensingShare: 1.5", "frame.sensingShare: found 1.5")]
    public async Task Run_WrongOtaFeelScenario_SaysWhatAndWhere(string old, string replacement, string expected)
    {
        using var scratch = new ScratchFolder();
        string scenario = scratch.Changed(ScratchFolder.OtaFeelScenario, (old, replacement));
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("run", "--plain", "--scenario", scenario, "--out", scratch["run"], "--method", "common-pulse"), ExitCodes.InvalidInput, expected);
        Assert.False(Directory.Exists(scratch["run"]), "A run that cannot start leaves no folder.");
    }

    [Theory]
    [InlineData("id: user-2-1", "id: user-1-1", "cells: the id user-1-1 stands twice")]
    [InlineData("positionMeters: [9, 6, 0]", "positionMeters: [16, -10, 0]", "stands in the same direction from station-1 as another target")]
    [InlineData("positionMeters: [9, 6, 0]", "positionMeters: [9, 6]", "cells[0].targets[0].positionMeters: found a list of 2; it must be three numbers")]
    [InlineData("rho: 0.5", "rho: 1.5", "downlink.rho: found 1.5; it must be between 0 and 1")]
    [InlineData("symbols: 4096", "symbols: 8", "sounding.symbols: found 8; 4 elements of station-1")]
    [InlineData("roundSeconds: 0.05", "roundSeconds: 0.001", "roundSeconds: found 0.001; a round needs")]
    public async Task Run_WrongVflBeamformingScenario_SaysWhatAndWhere(string old, string replacement, string expected)
    {
        using var scratch = new ScratchFolder();
        string scenario = scratch.Changed(ScratchFolder.VflBeamformingScenario, (old, replacement));
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("run", "--plain", "--scenario", scenario, "--out", scratch["run"], "--method", "mrt"), ExitCodes.InvalidInput, expected);
        Assert.False(Directory.Exists(scratch["run"]), "A run that cannot start leaves no folder.");
    }

    [Fact]
    public async Task Run_LearnedMethodWithoutCheckpoint_IsRefusedBeforeAnythingIsRecorded()
    {
        using var scratch = new ScratchFolder();
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("run", "--plain", "--scenario", ScratchFolder.VflBeamformingScenario, "--out", scratch["run"], "--method", "vfl"),
            ExitCodes.InvalidInput,
            "vflModel: the key is missing; method vfl needs a trained checkpoint");
        Assert.False(Directory.Exists(scratch["run"]), "A run that cannot start leaves no folder.");
    }

    [Theory]
    [InlineData("sidecar")]
    [InlineData("emulate")]
    public async Task Serve_UnknownFamily_IsRefused(string command)
    {
        using var scratch = new ScratchFolder();
        string scenario = scratch.Changed(ScratchFolder.IsccScenario, ("family: iscc", "family: other"));
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync(command, "--scenario", scenario, "--listen", "127.0.0.1:0"), ExitCodes.InvalidInput, "family: found \"other\"");
    }

    [Fact]
    public async Task Run_MethodOfAnotherFamily_IsRefusedWithThoseThatFit()
    {
        using var scratch = new ScratchFolder();
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("run", "--scenario", ScratchFolder.IsccScenario, "--method", "golden-section", "--out", scratch["run"]),
            ExitCodes.InvalidInput,
            "--method: found golden-section; a scenario of iscc runs refined, sca-admm");
        Assert.False(Directory.Exists(scratch["run"]));
    }

    [Fact]
    public async Task Emulate_IsccScenario_NamesItsRadios()
    {
        await using IsacProcess process = IsacProcess.Start("emulate", "--scenario", ScratchFolder.IsccScenario, "--listen", "127.0.0.1:0", "--until-input-closes");
        await process.WaitForAsync(l => l.Contains("remote:label=access-point", StringComparison.Ordinal));
    }

    [Fact]
    public void Catalog_ShippedScenarios_AreEachOfTheirFamily()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "scenarios");
        Assert.Equal("isac-fl", ScenarioCatalog.Read(Documents.DocumentFile.Read(Path.Combine(folder, "closed-loop.yaml"))).Family.Name);
        LoadedScenario iscc = ScenarioCatalog.Read(Documents.DocumentFile.Read(Path.Combine(folder, "iscc-air.yaml")));
        Assert.Equal(("iscc", "iscc-air"), (iscc.Family.Name, iscc.Content.Name));
        iscc.Content.Scene().Validate();
        foreach (string name in new[] { "ota-feel-air", "ota-feel-training" })
        {
            LoadedScenario found = ScenarioCatalog.Read(Documents.DocumentFile.Read(Path.Combine(folder, name + ".yaml")));
            Assert.Equal(("ota-feel", name), (found.Family.Name, found.Content.Name));
            found.Content.Scene().Validate();
        }

        LoadedScenario cells = ScenarioCatalog.Read(Documents.DocumentFile.Read(Path.Combine(folder, "vfl-beamforming-air.yaml")));
        Assert.Equal(("vfl-beamforming", "vfl-beamforming-air"), (cells.Family.Name, cells.Content.Name));
        cells.Content.Scene().Validate();
    }

    [Fact]
    public void Catalog_FirstFamilyByName_IsTheSameAsWithoutOne()
    {
        string text = File.ReadAllText(ScratchFolder.SmallScenario);
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["s.yaml"], $"family: isac-fl\n{text}");
        Assert.Equal("isac-fl", ScenarioCatalog.Read(Documents.DocumentFile.Read(scratch["s.yaml"])).Family.Name);
    }

    [Fact]
    public void Methods_None_AreTheFamilysOwn() =>
        Assert.All(ScenarioCatalog.Families, f =>
        {
            Assert.Equal(f.DefaultMethods, ScenarioCatalog.Methods(f, "--method", []));
            Assert.Throws<ConfigurationException>(() => ScenarioCatalog.Methods(f, "--method", ["nothing"]));
        });
}
