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
