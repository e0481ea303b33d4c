using System.Text.Json;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>From training to a plan on the command line.</summary>
public sealed class TrainCommandTests
{
    private static readonly string Case = Path.Combine(AppContext.BaseDirectory, "scenarios", "vfl-beamforming-paper.yaml");

    [Fact]
    public async Task Train_ThenPlan_RunsTheCheckpointOnItsOwnMethodOnly()
    {
        using var scratch = new ScratchFolder();
        string model = scratch["beams.model"];
        IsacResult trained = await IsacProcess.RunAsync("train", "vfl", "--out", model, "--samples", "64", "--epochs", "1", "--output", "json");
        Assert.Equal(0, trained.ExitCode);
        JsonElement summary = JsonDocument.Parse(trained.Output).RootElement;
        Assert.Equal(model, summary.GetProperty("model").GetString());
        JsonElement traffic = summary.GetProperty("trafficBytes");
        Assert.Equal(
            summary.GetProperty("paperCountBytes").GetInt64(), traffic.GetProperty("userChannels").GetInt64() + traffic.GetProperty("beamformers").GetInt64());

        IsacResult plan = await IsacProcess.RunAsync("plan", Case, "--method", "vfl", "--model", model, "--output", "json");
        Assert.Equal((0, string.Empty), (plan.ExitCode, plan.Error));
        JsonElement answer = JsonDocument.Parse(plan.Output).RootElement;
        Assert.Equal("vfl", answer.GetProperty("method").GetString());
        Assert.Equal((3, 12, 2), (answer.GetProperty("beamformers").GetArrayLength(), answer.GetProperty("beamformers")[0].GetArrayLength(), answer.GetProperty("beamformers")[0][0].GetArrayLength()));

        foreach (string[] wrong in (string[][])[["--method", "per-cell-dl", "--model", model], ["--method", "wmmse", "--model", model], ["--method", "vfl"], ["--method", "vfl", "--model", Case]])
        {
            IsacResult refused = await IsacProcess.RunAsync(["plan", Case, .. wrong]);
            Assert.Equal((2, string.Empty), (refused.ExitCode, refused.Output));
            Assert.Contains("--model", refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.TrimEnd().Split('\n'));
        }
    }

    [Theory]
    [InlineData("--rho", "0.9:0.1")]
    [InlineData("--rho", "2")]
    [InlineData("--snr", "warm")]
    [InlineData("--antennas", "0")]
    [InlineData("--samples", "-5")]
    [InlineData("--cells", "100000")]
    [InlineData("--cells", "4000")]
    [InlineData("--antennas", "2147483647")]
    [InlineData("--samples", "2000000000")]
    public async Task Train_SenselessOption_IsRefusedInOneLine(string option, string value)
    {
        using var scratch = new ScratchFolder();
        IsacResult result = await IsacProcess.RunAsync("train", "vfl", "--out", scratch["beams.model"], option, value);
        Assert.Equal((2, string.Empty), (result.ExitCode, result.Output));
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
        Assert.Contains(value, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }
}
