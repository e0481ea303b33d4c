using System.Text.Json;
using System.Text.Json.Nodes;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Planning.Tests.Iscc;

public sealed class CaseReaderTests
{
    [Fact]
    public void Catalog_CaseWithoutFamily_IsRecognised()
    {
        ConfigurationObject document = Parse(Valid());
        Assert.Equal("iscc", new PlannerCatalog(TimeProvider.System).Detect(document).Family);
    }

    [Fact]
    public void Solve_ValidCase_HasEveryKeyOfTheContract()
    {
        PlannerAnswer answer = new IsccPlanner(TimeProvider.System).Solve(Parse(Valid()), IsccMethods.Refined, CancellationToken.None);
        Assert.True(answer.Feasible, string.Join("; ", answer.Reasons));
        using var json = JsonDocument.Parse(answer.Json);
        string[] keys =
        [
            "planner", "method", "feasible", "objective", "energyCost", "lowerBound", "relativeGap", "offloading", "dataBeams", "sensingBeams", "apCombiners",
            "ueCombiners", "ueCyclesPerSecond", "apCyclesPerSecond", "users", "iterations", "solveSeconds",
        ];
        Assert.Equal(keys, json.RootElement.EnumerateObject().Select(p => p.Name));
        JsonElement beam = json.RootElement.GetProperty("dataBeams");
        Assert.Equal((1, 2, 2), (beam.GetArrayLength(), beam[0].GetArrayLength(), beam[0][0].GetArrayLength()));
    }

    public static TheoryData<string, Action<JsonObject>> Wrong => new()
    {
        { "unknown key", c => c["extra"] = 1 },
        { "taskBits: found a list of 0", c => c["taskBits"] = new JsonArray() },
        { "latencySeconds: found a list of 2; it must have one entry per user, 1", c => c["latencySeconds"] = new JsonArray(1, 2) },
        { "ueCapacitance[0]: found -1", c => c["ueCapacitance"] = new JsonArray(-1) },
        { "energyCostRatio[0]: found 0", c => c["energyCostRatio"] = new JsonArray(0) },
        { "maxPowerWatts: found \"NaN\"", c => c["maxPowerWatts"] = "NaN" },
        { "bandwidthHz: the key is missing", c => c.Remove("bandwidthHz") },
        { "channels: found a list of 0", c => c["channels"] = new JsonArray() },
        { "channels[0]: found a list of 0", c => c["channels"] = new JsonArray(new JsonArray()) },
        { "channels[0][1]: found a list of 1", c => c["channels"]![0]![1] = new JsonArray(new JsonArray(1, 0)) },
        { "channels[0][0][1]: found a list of 3", c => c["channels"]![0]![0]![1] = new JsonArray(1, 0, 0) },
        { "channels[0][0][0][1]: found \"x\"", c => c["channels"]![0]![0]![0]![1] = "x" },
        { "sensingChannels: found 1 columns; they must be as many as those of channels, 2", c => c["sensingChannels"] = new JsonArray(new JsonArray(new JsonArray(new JsonArray(1, 0)))) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_WrongCase_NamesKeyAndRemedy(string expected, Action<JsonObject> spoil)
    {
        JsonObject document = Valid();
        spoil(document);
        ConfigurationException exception = Assert.Throws<ConfigurationException>(() => IsccCase.Read(Parse(document)));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private static ConfigurationObject Parse(JsonObject document) => ConfigurationObject.Parse(document.ToJsonString(), "case.json");

    private static JsonObject Valid() => JsonNode.Parse(
        """
        {
          "bandwidthHz": 2e7, "maxPowerWatts": 1, "apNoiseWatts": 0.01, "sensingNoiseWatts": 0.01, "sensingSinrThresholdDb": 0,
          "taskBits": [1e6], "latencySeconds": [0.5], "cyclesPerBit": [1000], "ueCyclesPerSecond": [1e9], "ueCapacitance": [1e-28],
          "apCapacitance": [1e-28], "energyCostRatio": [0.1], "apCyclesPerSecond": 1e10,
          "channels": [[[[1, 0], [0, 1]], [[0.5, 0], [0, -1]]]],
          "sensingChannels": [[[[1, 0], [1, 0]]]]
        }
        """)!.AsObject();
}
