using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>A wrong scenario ends in one line that names file, key, value and remedy, and leaves nothing behind.</summary>
public sealed class ScenarioInputTests
{
    [Theory]
    [InlineData("rounds: 4", "roundz: 4", "rounds: the key is missing; did you mean it by roundz?")]
    [InlineData("rounds: 4", "rounds: 4\nround: 1", "round: unknown key; did you mean rounds?")]
    [InlineData("  beams: 4\n", "", "sensing.beams: the key is missing")]
    [InlineData("rounds: 4", "rounds: four", "rounds: found \"four\"; it must be a whole number")]
    [InlineData("rounds: 4", "rounds: 0", "rounds: found 0; it must be between 1 and")]
    [InlineData("rounds: 4", "rounds: 2.5", "rounds: found 2.5; it must be a whole number")]
    [InlineData("noiseWatts: 4.0e-4", "noiseWatts: .nan", "sensing.noiseWatts: found \".nan\"; it must be a finite number")]
    [InlineData("noiseWatts: 4.0e-4", "noiseWatts: .inf", "sensing.noiseWatts: found \".inf\"; it must be a finite number")]
    [InlineData("noiseWatts: 4.0e-4", "noiseWatts: 1e999", "sensing.noiseWatts: found")]
    [InlineData("noiseWatts: 1.0e-3", "noiseWatts: -1", "uplink.noiseWatts: found -1; it must be greater than 0")]
    [InlineData("seed: 7", "seed: 7\nseed: 8", "Duplicate key seed")]
    [InlineData("powerWatts: [0.01, 1.2]", "powerWatts: [0.01]", "sensing.powerWatts: found a list of 1")]
    [InlineData("powerWatts: [0.01, 1.2]", "powerWatts: 1.2", "sensing.powerWatts: found 1.2; it must be a list")]
    [InlineData("powerWatts: [0.01, 1.2]", "powerWatts: [1.2, 0.01]", "a minimum that is not above the maximum")]
    [InlineData("powerWatts: [0.01, 1.2]", "powerWatts: [0.01, 50]", "sensing.powerWatts: found a maximum of 50; it must be at most radio.fullScalePowerWatts, 40")]
    [InlineData("powerWatts: [0.01, 1.2]", "powerWatts: [0, 0]", "sensing.powerWatts: found")]
    [InlineData("powerWatts: [0.01, 2.0]", "powerWatts: [0, 0]", "uplink.powerWatts: found")]
    [InlineData("powerWatts: [0.01, 2.0]", "powerWatts: [0.01, 500]", "uplink.powerWatts: found a maximum of 500")]
    [InlineData("id: device-2", "id: device-1", "devices: the id device-1 stands twice")]
    [InlineData("id: server", "id: device-1", "devices: the id device-1 stands twice")]
    [InlineData("id: device-2", "id: ''", "devices[1].id: found \"\"; it must be a text")]
    [InlineData("hiddenWidths: [12]", "hiddenWidths: [4000]", "uplink.deadlineSeconds: found 0.01;")]
    [InlineData("hiddenWidths: [12]", "hiddenWidths: [1.5]", "learning.hiddenWidths[0]: found 1.5; it must be a whole number")]
    [InlineData("rangeCells: 4", "rangeCells: 1", "sensing.rangeCells: found 1; the farthest target lies in cell")]
    [InlineData("pulseSamples: 32", "pulseSamples: 128", "sensing.pulseSamples: found 128; it must be between 2 and 127")]
    [InlineData("modulation: qpsk", "modulation: qam64", "uplink.modulation: found \"qam64\"; it must be one of bpsk, qpsk, qam16")]
    [InlineData("mode: packets", "mode: smoke", "uplink.mode: found \"smoke\"; it must be one of packets, probe")]
    [InlineData("name: small", "name: a/b", "name: found \"a/b\"")]
    [InlineData("learning:", "learning: 5\nrest:", "learning: found 5; it must be an object")]
    [InlineData("sampleRateHz: 2.0e6", "sampleRateHz: 1.0", "radio.sampleRateHz: found 1; it must be between 1000 and")]
    public async Task Run_WrongScenario_SaysWhatAndWhere(string old, string replacement, string expected)
    {
        using var scratch = new ScratchFolder();
        string scenario = scratch.Scenario((old, replacement));
        IsacResult result = await IsacProcess.RunAsync("run", "--plain", "--scenario", scenario, "--out", scratch["run"], "--method", "exact");
        Complaint.AssertOneLine(result, ExitCodes.InvalidInput, expected);
        Assert.False(Directory.Exists(scratch["run"]), "A run that cannot start leaves no folder.");
    }

    [Fact]
    public async Task Run_WithoutDevices_IsRefused()
    {
        using var scratch = new ScratchFolder();
        string text = await File.ReadAllTextAsync(ScratchFolder.SmallScenario);
        await File.WriteAllTextAsync(scratch["s.yaml"], $"{text[..text.IndexOf("devices:", StringComparison.Ordinal)]}devices: []\n");
        IsacResult result = await IsacProcess.RunAsync("run", "--scenario", scratch["s.yaml"], "--out", scratch["run"]);
        Complaint.AssertOneLine(result, ExitCodes.InvalidInput, "s.yaml: devices: found a list of 0: []; it must be a list with at least one entry");
    }

    [Theory]
    [InlineData("bad.yaml", "a: [1\n", "not valid YAML at line 2")]
    [InlineData("bad.json", "{\"a\": }", "not valid JSON")]
    [InlineData("empty.yaml", "", "the file holds 0 YAML documents; it must hold one")]
    [InlineData("empty.json", "", "not valid JSON")]
    [InlineData("two.yaml", "a: 1\n---\nb: 1\n", "the file holds 2 YAML documents; it must hold one")]
    [InlineData("list.yaml", "- 1\n- 2\n", "the document is a list of 2: [1,2]; it must be an object")]
    [InlineData("endless.yaml", "a: &a [*a]\n", "an alias stands within its own anchor")]
    [InlineData("endless2.yaml", "a: &a {b: {c: *a}}\n", "an alias stands within its own anchor")]
    [InlineData("unknown.yaml", "a: *nobody\n", "not valid YAML at line 1")]
    [InlineData("binary.yaml", "\u0000\u0001\u0002", "it must be an object")]
    [InlineData("twice.yaml", "seed: 1\n\"seed\": 2\n", "Duplicate key seed")]
    public async Task Read_NotADocument_SaysWhy(string name, string content, string expected)
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch[name], content);
        foreach (string[] arguments in (string[][])[["run", "--scenario", scratch[name], "--out", scratch["run"]], ["plan", scratch[name]], ["sidecar", "--scenario", scratch[name]]])
        {
            Complaint.AssertOneLine(await IsacProcess.RunAsync(arguments), ExitCodes.InvalidInput, name, expected);
        }

        Assert.False(Directory.Exists(scratch["run"]));
    }

    [Theory]
    [InlineData("deep.json", "", "not valid JSON")]
    [InlineData("deep.yaml", "a: ", "lists and objects are nested more than 64 levels deep")]
    public async Task Read_DeepNesting_IsRefused(string name, string before, string expected)
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch[name], before + new string('[', 100_000));
        Complaint.AssertOneLine(await IsacProcess.RunAsync("plan", scratch[name]), ExitCodes.InvalidInput, name, expected);
    }

    [Theory]
    [InlineData("nowhere.yaml", "the file cannot be read")]
    [InlineData("", "this is a folder; name a JSON or YAML file")]
    public async Task Read_MissingFileOrFolder_IsRefused(string name, string expected)
    {
        using var scratch = new ScratchFolder();
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("run", "--scenario", scratch[name], "--out", scratch["run"]), ExitCodes.InvalidInput, scratch[name], expected);
        Assert.False(Directory.Exists(scratch["run"]));
    }

    [Fact]
    public async Task Verbose_ShowsWhereItCameFrom_AndEndsInTheSameLine()
    {
        IsacResult plain = await IsacProcess.RunAsync("plan", "nowhere.json");
        IsacResult verbose = await IsacProcess.RunAsync("plan", "nowhere.json", "--verbose");
        Complaint.AssertOneLine(plain, ExitCodes.InvalidInput, "nowhere.json");
        Assert.Equal(plain.ErrorLines[0], verbose.ErrorLines[^1]);
        Assert.Contains(verbose.ErrorLines, l => l.StartsWith("   at IsacTestbed.", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.InvalidInput, verbose.ExitCode);
    }
}
