using System.Text.Json;
using System.Xml.Linq;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

public sealed class FrontCommandTests
{
    private static readonly string Scenarios = Path.Combine(AppContext.BaseDirectory, "scenarios");
    private static readonly string Case = Path.Combine(Scenarios, "ota-feel-front.yaml");

    [Fact]
    public async Task Front_OfAShippedCase_WritesPlotAndPoints()
    {
        using var scratch = new ScratchFolder();
        string plot = Path.Combine(scratch["plots"], "front.svg");
        IsacResult result = await IsacProcess.RunAsync("front", Case, "--method", "bcd", "--points", "4", "--out", plot, "--output", "json");

        Assert.Equal(0, result.ExitCode);
        JsonElement[] points = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("points").EnumerateArray()];
        Assert.Equal(4, points.Length);
        Assert.True(points[0].GetProperty("mse").GetDouble() > points[^1].GetProperty("mse").GetDouble());
        Assert.Equal([plot], Directory.EnumerateFiles(Path.GetDirectoryName(plot)!));
        XElement root = XDocument.Load(plot).Root!;
        string line = Assert.Single(root.Elements(root.Name.Namespace + "polyline")).Attribute("points")!.Value;
        Assert.Equal(4, line.Split(' ').Length);
    }

    [Theory]
    [InlineData("iscc-paper.yaml", "iscc", "isac plan")]
    [InlineData("isac-fl-paper.yaml", "isac-fl", "isac plan")]
    [InlineData("ota-feel-front.yaml", "--points", "1", "--points", "1")]
    [InlineData("ota-feel-front.yaml", "--points", "201", "--points", "201")]
    [InlineData("ota-feel-front.yaml", "--out", "''", "--out", "")]
    [InlineData("ota-feel-front.yaml", "--out", ".svg", "--out", "ota-feel-front.yaml")]
    [InlineData("ota-feel-front.yaml", "--out", ".svg", "--out", "/dev/full")]
    [InlineData("ota-feel-front.yaml", "--method", "best", "--method", "best")]
    public async Task Front_SenselessInput_IsRefusedInOneLineBeforeAnythingIsWritten(string file, string named, string remedy, params string[] options)
    {
        using var scratch = new ScratchFolder();
        string[] place = options.Contains("--out") ? [] : ["--out", Path.Combine(scratch["plots"], "front.svg")];
        IsacResult result = await IsacProcess.RunAsync(["front", Path.Combine(Scenarios, file), .. place, .. options]);

        Assert.Equal((2, string.Empty), (result.ExitCode, result.Output));
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(scratch["plots"]));
    }

    [Fact]
    public async Task Front_PlotNamedAsAFolder_IsRefusedBeforeAnythingIsComputed()
    {
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["front.svg"]);
        IsacResult result = await IsacProcess.RunAsync("front", Case, "--out", scratch["front.svg"]);

        Assert.Equal((2, string.Empty), (result.ExitCode, result.Output));
        Assert.Contains("--out", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch["front.svg"]));
    }
}
