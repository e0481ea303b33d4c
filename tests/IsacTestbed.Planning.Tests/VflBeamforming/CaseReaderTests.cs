using System.Text.Json.Nodes;
using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

public sealed class CaseReaderTests
{
    private const string Valid = """
        {
          "powerWatts": 2, "userNoiseWatts": 0.5, "sensingNoiseWatts": 0.25, "rho": 0.75,
          "channels": [[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]], [[[[9, 10], [11, 12]]], [[[13, 14], [15, 16]]]]],
          "sensingChannels": [[[[[1, 0], [0, 1]], [[2, 0], [0, 2]]], [[[3, 0], [0, 3]], [[4, 0], [0, 4]]]],
                              [[[[5, 0], [0, 5]], [[6, 0], [0, 6]]], [[[7, 0], [0, 7]], [[8, 0], [0, 8]]]]]
        }
        """;

    [Fact]
    public void Read_ValidCase_HasEveryValueInItsPlace()
    {
        var c = VflBeamformingCase.Read(ConfigurationObject.Parse(Valid, "case.json"));
        Assert.Equal((2.0, 0.5, 0.25, 0.75), (c.PowerWatts, c.UserNoiseWatts, c.SensingNoiseWatts, c.Rho));
        Assert.Equal((2, 1, 2, 2), (c.Cells, c.Users, c.Targets, c.Antennas));

        // From base station 0 to the user of cell 1, antenna 1; from base station 1 towards target 1 of cell 0, antenna 0.
        Assert.Equal(new System.Numerics.Complex(7, 8), c.Channels[0][1][0, 1]);
        Assert.Equal(new System.Numerics.Complex(6, 0), c.SensingChannels[1][0][1, 0]);
    }

    [Theory]
    [InlineData("powerWatts", "0", "powerWatts")]
    [InlineData("powerWatts", "\"1\"", "powerWatts")]
    [InlineData("userNoiseWatts", "-1", "userNoiseWatts")]
    [InlineData("sensingNoiseWatts", "1e999", "sensingNoiseWatts")]
    [InlineData("rho", "1.01", "rho")]
    [InlineData("rho", "-0.1", "rho")]
    [InlineData("rho", "null", "rho")]
    [InlineData("channels", "[]", "channels")]
    [InlineData("channels", "7", "channels")]
    [InlineData("channels", "[[[[[1, 2], [3, 4]]]]]", "sensingChannels")]
    [InlineData("channels", "[[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]], [[[[9, 10], [11, 12]]]]]", "channels[1]")]
    [InlineData("channels", "[[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]], [[[[9, 10], [11, 12]]], [[[13, 14]]]]]", "channels[1][1][0]")]
    [InlineData("channels", "[[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]], [[[[9, 10], [11, 12]]], [[[13, 14], [15, 16, 17]]]]]", "channels[1][1][0][1]")]
    [InlineData("channels", "[[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]], [[[[9, 10], [11, 12]]], [[[13, 14], [15, \"x\"]]]]]", "channels[1][1][0][1][1]")]
    [InlineData("channels", "[[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]], [[[[9, 10], [11, 12]]], [[[13, 14], [15, 16]], [[1, 1], [1, 1]]]]]", "channels[1][1]")]
    [InlineData("channels", "[[[[[1, 2]]], [[[5, 6]]]], [[[[9, 10]]], [[[13, 14]]]]]", "sensingChannels")]
    public void Read_WrongValue_NamesItsPath(string key, string value, string path)
    {
        JsonObject document = JsonNode.Parse(Valid)!.AsObject();
        string text = Valid.Replace("\"" + key + "\": " + document[key]!.ToJsonString(), "\"" + key + "\": " + value, StringComparison.Ordinal);
        if (text == Valid)
        {
            document.Remove(key);
            text = document.ToJsonString()[..^1] + $", \"{key}\": {value}}}";
        }

        ConfigurationException error = Assert.Throws<ConfigurationException>(() => VflBeamformingCase.Read(ConfigurationObject.Parse(text, "case.json")));
        Assert.Contains($"{path}:", error.Message, StringComparison.Ordinal);
        Assert.Contains("case.json", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_UnknownOrMissingKey_IsRefused()
    {
        JsonObject document = JsonNode.Parse(Valid)!.AsObject();
        document["rhoo"] = 1;
        Assert.Contains("rhoo", Assert.Throws<ConfigurationException>(() => VflBeamformingCase.Read(ConfigurationObject.Parse(document.ToJsonString(), "c"))).Message, StringComparison.Ordinal);
        document.Remove("rhoo");
        document.Remove("sensingChannels");
        Assert.Contains("sensingChannels", Assert.Throws<ConfigurationException>(() => VflBeamformingCase.Read(ConfigurationObject.Parse(document.ToJsonString(), "c"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_LearnedMethodWithoutModel_SaysHowToGetOne()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => new VflBeamformingPlanner(TimeProvider.System).Solve(ConfigurationObject.Parse(Valid, "case.json"), "vfl", CancellationToken.None));
        Assert.Contains("--model", error.Message, StringComparison.Ordinal);
        Assert.Contains("isac train", error.Message, StringComparison.Ordinal);
    }
}
