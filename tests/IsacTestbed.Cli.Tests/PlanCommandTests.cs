using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>The contract of planner case files.</summary>
public sealed class PlanCommandTests
{
    private static readonly string Case = Path.Combine(AppContext.BaseDirectory, "scenarios", "isac-fl-paper.yaml");

    [Theory]
    [InlineData("exact")]
    [InlineData("golden-section")]
    [InlineData("max-sensing")]
    [InlineData("max-comm")]
    [InlineData("uniform")]
    public async Task Plan_EveryMethod_AnswersWithTheKeysOfTheContract(string method)
    {
        JsonElement answer = await SolveAsync(Case, method);
        Assert.Equal(("isac-fl", method), (answer.GetProperty("planner").GetString(), answer.GetProperty("method").GetString()));
        Assert.True(answer.GetProperty("iterations").GetInt64() >= 0);
        Assert.True(answer.GetProperty("solveSeconds").GetDouble() >= 0);
        JsonElement[] devices = [.. answer.GetProperty("devices").EnumerateArray()];
        Assert.Equal(5, devices.Length);
        double worst = double.PositiveInfinity, delivered = 0;
        foreach (JsonElement device in devices)
        {
            Assert.InRange(device.GetProperty("snapshots").GetInt32(), 1, 500);
            Assert.InRange(device.GetProperty("sensingPowerWatts").GetDouble(), 0.63 * (1 - 1e-9), 2.0 * (1 + 1e-9));
            Assert.InRange(device.GetProperty("uplinkPowerWatts").GetDouble(), 0.01 * (1 - 1e-9), 2.0 * (1 + 1e-9));
            Assert.InRange(device.GetProperty("uploadSuccess").GetDouble(), 0, 1);

            // D = T^s / (L tau) with 20 s and 0.1 ms.
            Assert.Equal(20 / (device.GetProperty("snapshots").GetInt32() * 1e-4), device.GetProperty("samples").GetDouble(), 6);
            worst = Math.Min(worst, device.GetProperty("sensingSnr").GetDouble());
            delivered += device.GetProperty("samples").GetDouble() * device.GetProperty("uploadSuccess").GetDouble();
        }

        Assert.Equal(worst, answer.GetProperty("minSensingSnr").GetDouble(), 1e-9 * worst);
        Assert.Equal(worst * delivered, answer.GetProperty("objective").GetDouble(), 1e-6 * worst * delivered);
    }

    [Fact]
    public async Task Plan_Exact_CertifiesThatNoMethodIsBetter()
    {
        JsonElement exact = await SolveAsync(Case, "exact");
        Assert.InRange(exact.GetProperty("relativeGap").GetDouble(), 0, 1e-6);
        double bound = exact.GetProperty("upperBound").GetDouble();
        Assert.True(bound >= exact.GetProperty("objective").GetDouble());
        foreach (string method in (string[])["golden-section", "max-sensing", "max-comm", "uniform"])
        {
            Assert.True((await SolveAsync(Case, method)).GetProperty("objective").GetDouble() <= bound, method);
        }
    }

    [Fact]
    public async Task Plan_JsonTwinOfAYamlCase_HasTheSameAnswer()
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["case.json"], Twin().ToJsonString());
        JsonObject yaml = JsonObject.Create(await SolveAsync(Case, "exact"))!, json = JsonObject.Create(await SolveAsync(scratch["case.json"], "exact"))!;
        yaml.Remove("solveSeconds");
        json.Remove("solveSeconds");
        Assert.Equal(yaml.ToJsonString(), json.ToJsonString());
    }

    [Fact]
    public async Task Plan_WithoutOptions_PrintsTheDefaultMethodsTable()
    {
        IsacResult result = await IsacProcess.RunAsync("plan", Case);
        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Contains("exact", result.Output, StringComparison.Ordinal);
        Assert.Equal(5, result.Output.Split('\n').Count(l => l.StartsWith("device-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("exact")]
    [InlineData("golden-section")]
    [InlineData("max-sensing")]
    [InlineData("max-comm")]
    [InlineData("uniform")]
    public async Task Plan_InfeasibleCase_EndsWithThreeAndReasons(string method)
    {
        using var scratch = new ScratchFolder();
        JsonObject twin = Twin();
        twin["devices"]![2]!["energyBudgetJoules"] = 1e-6;
        await File.WriteAllTextAsync(scratch["case.json"], twin.ToJsonString());
        IsacResult result = await IsacProcess.RunAsync("plan", scratch["case.json"], "--method", method, "--output", "json");
        Assert.Equal(ExitCodes.Infeasible, result.ExitCode);
        JsonElement answer = JsonDocument.Parse(result.Output).RootElement;
        Assert.False(answer.GetProperty("feasible").GetBoolean());
        Assert.Contains(answer.GetProperty("reasons").EnumerateArray(), r => r.GetString()!.Contains("device-3", StringComparison.Ordinal));
    }

    public static TheoryData<string, string, Action<JsonObject>> Wrong => new()
    {
        { "missing key", "pathLossExponent: the key is missing", c => c.Remove("pathLossExponent") },
        { "misspelt key", "rounds: the key is missing; did you mean it by raunds?", c => { c["raunds"] = 5; c.Remove("rounds"); } },
        { "unknown key", "modelBytes: unknown key; did you mean modelBits?", c => c["modelBytes"] = 5 },
        { "text for a number", "modelBits: found \"many\"", c => c["modelBits"] = "many" },
        { "negative distance", "devices[1].targetDistanceMeters: found -3; it must be between 1E-40 and 1E+30", c => c["devices"]![1]!["targetDistanceMeters"] = -3 },
        { "minimum above maximum", "sensingPowerWatts: found a list of 2: [2,1]", c => c["sensingPowerWatts"] = new JsonArray(2, 1) },
        { "three limits", "sensingPowerWatts: found a list of 3", c => c["sensingPowerWatts"] = new JsonArray(1, 2, 3) },
        { "no devices", "devices: found a list of 0", c => c["devices"] = new JsonArray() },
        { "device that is none", "devices[0]: found 5; it must be an object", c => c["devices"] = new JsonArray(5) },
        { "unknown device key", "devices[4].gain: unknown key", c => c["devices"]![4]!["gain"] = 1 },
        { "too many snapshots in an integer", "maxSnapshots: found 1E+20", c => c["maxSnapshots"] = 1e20 },
        { "no rounds", "rounds: found 0", c => c["rounds"] = 0 },
        { "not a family", "found no keys, which fit no planner", c => c.Clear() },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Plan_InvalidCase_NamesKeyValueAndRemedy(string name, string expected, Action<JsonObject> spoil)
    {
        using var scratch = new ScratchFolder();
        JsonObject twin = Twin();
        spoil(twin);
        string file = scratch[$"{name.Replace(' ', '-')}.json"];
        await File.WriteAllTextAsync(file, twin.ToJsonString());
        Complaint.AssertOneLine(await IsacProcess.RunAsync("plan", file, "--output", "json"), ExitCodes.InvalidInput, file, expected);
    }

    /// <summary>Each value is allowed; the one over the other to the power of twenty is not a number any more.</summary>
    [Fact]
    public async Task Plan_ValuesTooFarApart_SaysThatNoFigureIsFinite()
    {
        using var scratch = new ScratchFolder();
        JsonObject twin = Twin();
        twin["pathLossExponent"] = 20;
        foreach (JsonNode? device in twin["devices"]!.AsArray())
        {
            device!["targetDistanceMeters"] = 1e-40;
            device["serverDistanceMeters"] = 1e-40;
        }

        await File.WriteAllTextAsync(scratch["far.json"], twin.ToJsonString());
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("plan", scratch["far.json"], "--output", "json"), ExitCodes.InvalidInput, "far.json: exact finds no plan that double precision holds", "magnitude");
    }

    [Theory]
    [InlineData("closed-loop.yaml")]
    [InlineData("iscc-air.yaml")]
    [InlineData("vfl-beamforming-air.yaml")]
    public async Task Plan_Scenario_SaysThatItIsForRun(string name)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "scenarios", name);
        Complaint.AssertOneLine(await IsacProcess.RunAsync("plan", file), ExitCodes.InvalidInput, $"this is a scenario, not a case of a planner; run it with: isac run --scenario {file}");
    }

    /// <summary>A disk without room: one line, no request to report it.</summary>
    [Fact]
    public async Task Plan_OutputThatCannotBeWritten_IsNamed()
    {
        using Process shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "\"$0\" plan \"$1\" > /dev/full", Path.Combine(AppContext.BaseDirectory, "isac"), Case]) { RedirectStandardError = true })!;
        string error = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal("isac: standard output cannot be written: No space left on device", error.TrimEnd());
        Assert.Equal(ExitCodes.InternalError, shell.ExitCode);
    }

    [Fact]
    public async Task Plan_UnknownMethod_ListsThemAll() =>
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("plan", Case, "--method", "foo"), ExitCodes.InvalidInput, "--method: found foo", "exact, golden-section, max-sensing, max-comm, uniform");

    private static async Task<JsonElement> SolveAsync(string file, string method)
    {
        IsacResult result = await IsacProcess.RunAsync("plan", file, "--method", method, "--output", "json");
        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static JsonObject Twin() => JsonNode.Parse(Documents.DocumentFile.ReadJson(Case))!.AsObject();
}
