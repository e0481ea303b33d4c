using System.Text.Json.Nodes;
using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Planning.Tests.IsacFl;

public sealed class CaseReaderTests
{
    private const string Valid = """
        {
          "rounds": 100, "sensingDurationSeconds": 20, "roundDeadlineSeconds": 0.3, "pathLossExponent": 4, "sensingNoiseWatts": 0.01,
          "uplinkNoiseWatts": 0.0006, "modelBits": 270000, "sensingPowerWatts": [0.1, 2], "uplinkPowerWatts": [0.01, 2], "maxSnapshots": 500,
          "devices": [
            { "id": "a", "snapshotSeconds": 1e-4, "targetDistanceMeters": 20, "serverDistanceMeters": 25, "antennaGainDbi": 10,
              "sensingFadingMean": 1, "uplinkFadingMean": 2, "energyBudgetJoules": 50, "energyPerSampleJoules": 1e-4, "bandwidthHz": 1e6,
              "trainingSeconds": 0.1 },
            { "id": "b", "snapshotSeconds": 2e-4, "targetDistanceMeters": 22, "serverDistanceMeters": 30, "antennaGainDbi": -3,
              "sensingFadingMean": 1, "uplinkFadingMean": 1, "energyBudgetJoules": 60, "energyPerSampleJoules": 0, "bandwidthHz": 2e6,
              "trainingSeconds": 0 }
          ]
        }
        """;

    public static TheoryData<string, string> WrongValues()
    {
        var data = new TheoryData<string, string>
        {
            { "rounds", "0" }, { "rounds", "1.5" }, { "rounds", "\"100\"" }, { "sensingDurationSeconds", "0" }, { "sensingDurationSeconds", "-20" },
            { "roundDeadlineSeconds", "0" }, { "pathLossExponent", "-1" }, { "sensingNoiseWatts", "0" }, { "uplinkNoiseWatts", "-1e-9" },
            { "modelBits", "0" }, { "modelBits", "1e999" }, { "sensingPowerWatts", "[2, 0.1]" }, { "sensingPowerWatts", "[0.1]" },
            { "sensingPowerWatts", "[-0.1, 2]" }, { "sensingPowerWatts", "2" }, { "sensingPowerWatts", "[0, 0]" },
            { "uplinkPowerWatts", "[1, 2, 3]" }, { "uplinkPowerWatts", "[0.5, \"2\"]" }, { "maxSnapshots", "0" }, { "maxSnapshots", "1000001" },
            { "pathLossExponent", "21" }, { "sensingPowerWatts", "[0, 1e31]" }, { "maxSnapshots", "null" },
            { "devices", "[]" }, { "devices", "{}" }, { "surprise", "1" },
            { "devices[1].id", "\"a\"" }, { "devices[1].id", "\"\"" }, { "devices[1].surprise", "1" },
            { "devices[1].trainingSeconds", "0.3" }, { "devices[1].trainingSeconds", "-0.1" }, { "devices[1].antennaGainDbi", "\"NaN\"" },
            { "devices[1].energyPerSampleJoules", "-1" },
        };
        foreach (string key in new[]
        {
            "snapshotSeconds", "targetDistanceMeters", "serverDistanceMeters", "sensingFadingMean", "uplinkFadingMean", "energyBudgetJoules", "bandwidthHz",
        })
        {
            data.Add($"devices[1].{key}", "0");
            data.Add($"devices[1].{key}", "-1");
            data.Add($"devices[1].{key}", "\"NaN\"");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void Read_WrongValue_IsRefusedByName(string path, string value)
    {
        JsonNode root = JsonNode.Parse(Valid)!;
        JsonObject target = path.StartsWith("devices[1].", StringComparison.Ordinal) ? root["devices"]![1]!.AsObject() : root.AsObject();
        string key = path[(path.LastIndexOf('.') + 1)..];
        target.Remove(key);
        string body = target.ToJsonString();
        string text = root.ToJsonString().Replace(body, $"{{\"{key}\": {value}, {body[1..]}", StringComparison.Ordinal);

        var exception = Assert.Throws<ConfigurationException>(() => IsacFlCase.Read(ConfigurationObject.Parse(text, "case.json")));

        // The key itself or an element of it, such as sensingPowerWatts[0].
        Assert.StartsWith(path, exception.Key, StringComparison.Ordinal);
        Assert.Contains("case.json", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EachKeyMissing_IsRefusedByName()
    {
        int keys = 0;
        foreach (string key in JsonNode.Parse(Valid)!.AsObject().Select(p => p.Key).Concat(
            JsonNode.Parse(Valid)!["devices"]![1]!.AsObject().Select(p => "devices[1]." + p.Key)))
        {
            JsonNode root = JsonNode.Parse(Valid)!;
            _ = key.StartsWith("devices[1].", StringComparison.Ordinal)
                ? root["devices"]![1]!.AsObject().Remove(key[11..])
                : root.AsObject().Remove(key);

            var exception = Assert.Throws<ConfigurationException>(
                () => IsacFlCase.Read(ConfigurationObject.Parse(root.ToJsonString(), "case.json")));

            Assert.Equal(key, exception.Key);
            keys++;
        }

        Assert.Equal(22, keys);
    }

    [Fact]
    public void Read_ValidCase_HasEveryValueInItsPlace()
    {
        IsacFlCase c = IsacFlCase.Read(ConfigurationObject.Parse(Valid, "case.json"));

        Assert.Equal(
            c with { Devices = [] },
            new IsacFlCase(100, 20, 0.3, 4, 0.01, 0.0006, 270000, new PowerRange(0.1, 2), new PowerRange(0.01, 2), 500, []) with { Devices = (c with { Devices = [] }).Devices });
        Assert.Equal(
            [
                new IsacFlDevice("a", 1e-4, 20, 25, 10, 1, 2, 50, 1e-4, 1e6, 0.1),
                new IsacFlDevice("b", 2e-4, 22, 30, -3, 1, 1, 60, 0, 2e6, 0),
            ],
            c.Devices);
    }

    [Fact]
    public void Detect_KeysOfNoFamily_NamesTheKeysAndTheFamilies()
    {
        var document = ConfigurationObject.Parse("""{ "carrier": 1 }""", "case.json");

        var exception = Assert.Throws<ConfigurationException>(() => new PlannerCatalog(TimeProvider.System).Detect(document));

        Assert.Contains("carrier", exception.Message, StringComparison.Ordinal);
        Assert.Contains("isac-fl", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detect_CaseWithAMisspeltKey_StillFindsTheFamilyAndTheReaderNamesTheKey()
    {
        var document = ConfigurationObject.Parse(Valid.Replace("\"modelBits\"", "\"modelBit\"", StringComparison.Ordinal), "case.json");

        IPlanner planner = new PlannerCatalog(TimeProvider.System).Detect(document);

        var exception = Assert.Throws<ConfigurationException>(() => planner.Solve(document, "exact", CancellationToken.None));
        Assert.Equal("modelBits", exception.Key);
    }
}
