using System.Text.RegularExpressions;
using IsacTestbed.Core;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed partial class ShippedCaseTests
{
    [Fact]
    public void ShippedCase_IsTheFirstDrawnScenarioAndSolvable()
    {
        OtaFeelCase shipped = OtaFeelCase.Read(Read("ota-feel-paper.yaml"));
        OtaFeelCase drawn = PaperScenario.Create(1, new PaperScenario.Settings()).Case;

        // The file holds six decimals of channels and weights, and six digits of the rest.
        Assert.Equal((15, 4, 16, 2, 16), (shipped.Devices, shipped.DeviceAntennas, shipped.ServerAntennas, shipped.Tasks, shipped.PulseLength));
        Assert.Equal(drawn.SensingErrorLimit, shipped.SensingErrorLimit, 1e-5 * drawn.SensingErrorLimit);
        Assert.Equal(drawn.SensingErrorConstant, shipped.SensingErrorConstant, 1e-5 * drawn.SensingErrorConstant);
        Assert.Equal((drawn.PowerWatts, drawn.NoiseVariance, drawn.Tolerance, drawn.MaxIterations), (shipped.PowerWatts, shipped.NoiseVariance, shipped.Tolerance, shipped.MaxIterations));
        for (int k = 0; k < 15; k++)
        {
            Assert.Equal(drawn.SensingNoise[k], shipped.SensingNoise[k], 1e-5 * drawn.SensingNoise[k]);
            Assert.All(drawn.Weights[k].Zip(shipped.Weights[k]), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
            for (int n = 0; n < 16; n++)
            {
                for (int m = 0; m < 4; m++)
                {
                    Assert.True((drawn.Channels[k][n, m] - shipped.Channels[k][n, m]).Magnitude < 1e-6);
                }
            }
        }

        new PlanChecker(shipped, new OtaFeelPlanner(TimeProvider.System).Solve(shipped, OtaFeelMethods.Descent).ToJson()).Check();
    }

    [Fact]
    public void ShippedFrontCase_IsTheOtherOneWithWeightsThatFall()
    {
        OtaFeelCase paper = OtaFeelCase.Read(Read("ota-feel-paper.yaml")), front = OtaFeelCase.Read(Read("ota-feel-front.yaml"));

        Assert.Equal(paper.Channels.SelectMany(h => h.Re.Concat(h.Im)), front.Channels.SelectMany(h => h.Re.Concat(h.Im)));
        Assert.All(front.Weights.Select((row, k) => (row, k)), pair => Assert.All(pair.row, w => Assert.Equal(Math.Pow(0.7, pair.k), w, 1e-5 * w)));
        Assert.Equal(paper.SensingNoise, front.SensingNoise);
        OtaFeelCase same = front with { Weights = paper.Weights, Channels = paper.Channels, SensingNoise = paper.SensingNoise };
        Assert.Equal(paper, same);
    }

    [Theory]
    [InlineData("ota-feel-paper.yaml")]
    [InlineData("ota-feel-front.yaml")]
    public void ShippedCase_BelongsToThisFamily(string name) =>
        Assert.Equal("ota-feel", new PlannerCatalog(TimeProvider.System).Detect(Read(name)).Family);

    // The YAML subset of the file: top-level keys whose values are JSON, over several indented lines.
    private static ConfigurationObject Read(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "IsacTestbed.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        Assert.NotNull(folder);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "scenarios", name));
        string body = string.Join("\n", lines.Select(line => Comment().Replace(line, string.Empty)));
        return ConfigurationObject.Parse($"{{{Key().Replace(body, ",\"$1\":").TrimStart('\n', ',')}}}", name);
    }

    [GeneratedRegex("(^|\\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("^([A-Za-z]+):", RegexOptions.Multiline)]
    private static partial Regex Key();
}
