using System.Text.Json.Nodes;
using IsacTestbed.Core;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class CaseReaderTests
{
    private const string Valid = """
        {
          "pulseLength": 4, "powerWatts": 1.5, "noiseVariance": 0.1, "sensingNoise": [0.2, 0.4], "sensingErrorConstant": 3,
          "sensingErrorLimit": 0.7, "weights": [[1, 0.5, 2], [0.25, 0, 1]],
          "channels": [[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]],
          "tolerance": 1e-6, "maxIterations": 50
        }
        """;

    [Fact]
    public void Read_ValidCase_HasEveryValueInItsPlace()
    {
        OtaFeelCase c = OtaFeelCase.Read(ConfigurationObject.Parse(Valid, "case.json"));

        Assert.Equal((4, 1.5, 0.1, 3.0, 0.7, 1e-6, 50), (c.PulseLength, c.PowerWatts, c.NoiseVariance, c.SensingErrorConstant, c.SensingErrorLimit, c.Tolerance, c.MaxIterations));
        Assert.Equal((2, 2, 1, 3), (c.Devices, c.DeviceAntennas, c.ServerAntennas, c.Tasks));
        Assert.Equal([0.2, 0.4], c.SensingNoise);
        Assert.Equal([0.25, 0, 1], c.Weights[1]);
        Assert.Equal(new System.Numerics.Complex(7, 8), c.Channels[1][0, 1]);

        // 1 / (1/0.2 + 1/0.4), and 3 times that over 0.7 times 4.
        Assert.Equal(1 / 7.5, c.CombinedSensingNoise, 1e-15);
        Assert.Equal(3 / 7.5 / 2.8, c.RequiredPowerWatts, 1e-15);
    }

    [Theory]
    [InlineData("pulseLength", "1", "pulseLength")]
    [InlineData("pulseLength", "2.5", "pulseLength")]
    [InlineData("powerWatts", "0", "powerWatts")]
    [InlineData("powerWatts", "-1", "powerWatts")]
    [InlineData("powerWatts", "\"1\"", "powerWatts")]
    [InlineData("noiseVariance", "0", "noiseVariance")]
    [InlineData("noiseVariance", "1e999", "noiseVariance")]
    [InlineData("sensingNoise", "[]", "sensingNoise")]
    [InlineData("sensingNoise", "[0.2, 0]", "sensingNoise[1]")]
    [InlineData("sensingNoise", "[0.2]", "weights")]
    [InlineData("sensingNoise", "0.2", "sensingNoise")]
    [InlineData("sensingErrorConstant", "0", "sensingErrorConstant")]
    [InlineData("sensingErrorLimit", "-2", "sensingErrorLimit")]
    [InlineData("weights", "[[1, 0.5, 2]]", "weights")]
    [InlineData("weights", "[[1, 0.5, 2], [1, 1]]", "weights[1]")]
    [InlineData("weights", "[[1, 0.5, 2], []]", "weights[1]")]
    [InlineData("weights", "[[1, 0.5, 2], [1, null, 3]]", "weights[1][1]")]
    [InlineData("weights", "[[1, 0.5, 2], 7]", "weights[1]")]
    [InlineData("channels", "[[[[1, 2], [3, 4]]]]", "channels")]
    [InlineData("channels", "[[[[1, 2], [3, 4]]], [[[5, 6]]]]", "channels[1][0]")]
    [InlineData("channels", "[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]], [[5, 6], [7, 8]]]]", "channels[1]")]
    [InlineData("channels", "[[[[1, 2], [3]]], [[[5, 6], [7, 8]]]]", "channels[0][0][1]")]
    [InlineData("channels", "[[[[1, 2], [3, \"x\"]]], [[[5, 6], [7, 8]]]]", "channels[0][0][1][1]")]
    [InlineData("channels", "[[], []]", "channels[0]")]
    [InlineData("powerWatts", "1e308", "powerWatts")]
    [InlineData("noiseVariance", "5e-324", "noiseVariance")]
    [InlineData("sensingNoise", "[0.2, 1e31]", "sensingNoise[1]")]
    [InlineData("weights", "[[1, 0.5, 2], [1, 2, -1e16]]", "weights[1][2]")]
    [InlineData("channels", "[[[[1, 2], [3, 4]]], [[[5, 1e300], [7, 8]]]]", "channels[1][0][0][1]")]
    [InlineData("maxIterations", "1000001", "maxIterations")]
    [InlineData("tolerance", "0", "tolerance")]
    [InlineData("maxIterations", "0", "maxIterations")]
    [InlineData("pulseLenght", "3", "pulseLenght")]
    public void Read_WrongValue_NamesTheKey(string key, string value, string named)
    {
        JsonObject root = JsonNode.Parse(Valid)!.AsObject();
        root.Remove(key);
        string text = $"{{\"{key}\": {value}, {root.ToJsonString()[1..]}";

        var exception = Assert.Throws<ConfigurationException>(() => OtaFeelCase.Read(ConfigurationObject.Parse(text, "case.json")));

        Assert.Equal(named, exception.Key);
    }

    /// <summary>A frame has T pulses of each device and T receivers of N I entries: here 2 + 3 per interval, of four millions in all.</summary>
    [Fact]
    public void Read_PulseLength_IsLimitedByWhatTheFrameHolds()
    {
        JsonObject root = JsonNode.Parse(Valid)!.AsObject();
        root["pulseLength"] = 800_000;
        Assert.Equal(800_000, OtaFeelCase.Read(ConfigurationObject.Parse(root.ToJsonString(), "case.json")).PulseLength);

        foreach (int length in (int[])[800_001, 1_000_000_000, int.MaxValue])
        {
            root["pulseLength"] = length;
            var exception = Assert.Throws<ConfigurationException>(() => OtaFeelCase.Read(ConfigurationObject.Parse(root.ToJsonString(), "case.json")));
            Assert.Contains($"pulseLength: found {length}; with 2 pulses and receivers of 3 entries it must be at most 800000", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("weights", "7", "found 7; it must be a list of 2 (one row per device)")]
    [InlineData("weights", "[[1, 0.5], [1]]", "found a list of 1; it must be a list of 2")]
    [InlineData("channels", "[[[[1, 2]]]]", "found a list of 1; it must be a list of 2 (one matrix per device)")]
    public void Read_WrongShape_SaysWhatWasFoundAndOfWhom(string key, string value, string expected)
    {
        JsonObject root = JsonNode.Parse(Valid)!.AsObject();
        root[key] = JsonNode.Parse(value);

        var exception = Assert.Throws<ConfigurationException>(() => OtaFeelCase.Read(ConfigurationObject.Parse(root.ToJsonString(), "case.json")));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EachKeyMissing_IsRefusedByName()
    {
        string[] keys = [.. JsonNode.Parse(Valid)!.AsObject().Select(p => p.Key)];
        Assert.Equal(OtaFeelCase.Keys.Order(), keys.Order());
        foreach (string key in keys)
        {
            JsonObject root = JsonNode.Parse(Valid)!.AsObject();
            root.Remove(key);

            var exception = Assert.Throws<ConfigurationException>(() => OtaFeelCase.Read(ConfigurationObject.Parse(root.ToJsonString(), "case.json")));

            Assert.Equal(key, exception.Key);
        }
    }
}
