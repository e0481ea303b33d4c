using System.Text.Json;

namespace IsacTestbed.EndToEnd.Tests;

[Collection(ReferenceRunCollection.Name)]
public sealed class RunTests(ReferenceRun reference)
{
    private const int Rounds = 4;

    [Fact]
    public void Run_Plain_PrintsEveryRoundAndTheTable()
    {
        string[] lines = reference.Result.Output.Split('\n');
        foreach (string method in RunFiles.Methods)
        {
            Assert.Single(lines, $"{method}: {Rounds} rounds");
            for (int round = 1; round <= Rounds; round++)
            {
                Assert.Single(lines, l => l.StartsWith($"{method} round {round}: SNR dB [", StringComparison.Ordinal));
            }
        }

        Assert.Contains(lines, l => l.Contains("SNR planned dB", StringComparison.Ordinal) && l.Contains("final accuracy", StringComparison.Ordinal));
        // Once in the table of plans and once in that of the calibration.
        Assert.Equal(2 * RunFiles.Methods.Length, lines.Count(l => l.Contains("device-1", StringComparison.Ordinal)));
        Assert.Equal($"Run folder: {reference.Folder}", lines[^1]);
        Assert.Empty(reference.Result.Error);
    }

    [Fact]
    public void Run_ToAPipe_WritesNoControlCharacters() =>
        Assert.DoesNotContain(reference.Result.Output, c => char.IsControl(c) && c != '\n');

    [Fact]
    public void Run_AtItsEnd_LeavesACompleteFolder()
    {
        string[] expected = [.. RunFiles.All, "run.json", "scenario.json", ".lock"];
        IEnumerable<string> found = Directory.GetFiles(reference.Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(reference.Folder, f));
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

        using JsonDocument summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(reference.Folder, "summary.json")));
        Assert.Equal(RunFiles.Methods, summary.RootElement.GetProperty("methods").EnumerateArray().Select(m => m.GetProperty("method").GetString()));
        foreach (string method in RunFiles.Methods)
        {
            Assert.Equal(Rounds, File.ReadLines(Path.Combine(reference.Folder, method, "rounds.jsonl")).Count());
        }
    }

    /// <summary>The summary, the rounds and the single measurements are three views of one run and must agree.</summary>
    [Fact]
    public void Run_Records_AgreeWithEachOther()
    {
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(reference.Folder, "summary.json")));
        foreach (JsonElement method in summary.RootElement.GetProperty("methods").EnumerateArray())
        {
            string folder = Path.Combine(reference.Folder, method.GetProperty("method").GetString()!);
            JsonElement[] measurements = [.. File.ReadLines(Path.Combine(folder, "measurements.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];
            JsonElement[] rounds = [.. File.ReadLines(Path.Combine(folder, "rounds.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];
            Assert.Equal(rounds[^1].GetProperty("accuracy").GetDouble(), method.GetProperty("finalAccuracy").GetDouble());
            foreach (JsonElement device in method.GetProperty("devices").EnumerateArray())
            {
                string id = device.GetProperty("deviceId").GetString()!;
                double[] snrs =
                [
                    .. measurements.Where(m => m.TryGetProperty("sensing", out _)).Select(m => m.GetProperty("sensing"))
                        .Where(m => m.GetProperty("deviceId").GetString() == id && m.GetProperty("verdict").GetString() == "Valid")
                        .Select(m => m.GetProperty("sensingSnr").GetDouble()),
                ];
                Assert.Equal(device.GetProperty("frames").GetInt32(), snrs.Length);
                if (device.GetProperty("measuredSensingSnrDb") is { ValueKind: JsonValueKind.Number } measured)
                {
                    // The summary averages per round first: the same sum in another order, hence the last digits.
                    Assert.Equal(10 * Math.Log10(snrs.Average()), measured.GetDouble(), 9);
                }

                bool[] arrived =
                [
                    .. measurements.Where(m => m.TryGetProperty("upload", out _)).Select(m => m.GetProperty("upload"))
                        .Where(m => m.GetProperty("deviceId").GetString() == id)
                        .Select(m => m.GetProperty("packetsSent").GetInt32() == m.GetProperty("packetsDecoded").GetInt32()),
                ];
                Assert.Equal(arrived.Average(a => a ? 1.0 : 0.0), device.GetProperty("measuredUploadSuccess").GetDouble(), 12);
            }
        }
    }

    [Fact]
    public async Task Run_SameSeedOnOneProcessor_GivesTheSameBytes()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess process = IsacProcess.Start(
            new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "1" }, RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"]));
        Assert.Equal(0, (await process.EndAsync()).ExitCode);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    [Fact]
    public async Task Run_AnotherSeed_GivesOtherMeasurements()
    {
        using var scratch = new ScratchFolder();
        IsacResult result = await IsacProcess.RunAsync(RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"], "--seed", "8", "--rounds", "1"));
        Assert.Equal(0, result.ExitCode);
        string file = Path.Combine("exact", "measurements.jsonl");
        Assert.NotEqual(File.ReadLines(Path.Combine(reference.Folder, file)).First(), File.ReadLines(Path.Combine(scratch["run"], file)).First());
    }

    [Fact]
    public async Task Run_OutputJson_WritesOnlyTheSummary()
    {
        using var scratch = new ScratchFolder();
        IsacResult result = await IsacProcess.RunAsync(
            "run", "--output", "json", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"], "--method", "exact", "--method", "uniform");
        Assert.Equal(0, result.ExitCode);
        using JsonDocument printed = JsonDocument.Parse(result.Output);
        using JsonDocument stored = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(reference.Folder, "summary.json")));
        Assert.True(JsonElement.DeepEquals(stored.RootElement, printed.RootElement));
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }
}
