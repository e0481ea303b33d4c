using System.Text.Json;
using IsacTestbed.Cli;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>Plans of vfl-beamforming, executed by real processes: closed forms, and networks that were trained a moment ago.</summary>
public sealed class VflBeamformingRunTests
{
    [Fact]
    public async Task Run_WmmseAndTrainedNetworks_MeasureWhatThePlansPredict()
    {
        using var scratch = new ScratchFolder();
        IsacResult trained = await IsacProcess.RunAsync(
            "train", "vfl", "--cells", "2", "--users", "2", "--targets", "2", "--antennas", "4", "--samples", "200", "--epochs", "1", "--out", scratch["vfl.model"]);
        Assert.True(trained.ExitCode == ExitCodes.Success, trained.Error);
        string scenario = scratch.Changed(
            ScratchFolder.VflBeamformingScenario, ("family: vfl-beamforming\n", $"family: vfl-beamforming\nvflModel: {scratch["vfl.model"]}\n"));

        IsacResult run = await IsacProcess.RunAsync(
            "run", "--plain", "--scenario", scenario, "--out", scratch["run"], "--method", "wmmse", "--method", "vfl");

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        Assert.Contains("Predicted against measured", run.Output, StringComparison.Ordinal);
        foreach (string method in (string[])["wmmse", "vfl"])
        {
            Comparison[] all =
            [
                .. File.ReadLines(Path.Combine(scratch["run"], method, "comparisons.jsonl")).Select(l => JsonSerializer.Deserialize(l, RecordJson.Default.Comparison)!),
            ];
            Assert.All(all, c => Assert.Equal((Verdict.Valid, string.Empty), (c.Verdict, c.Reason)));
            Comparison[] sinrs = [.. all.Where(c => c.Quantity == "communication SINR (6)")];
            Assert.Equal(8, sinrs.Length);

            // Three half widths are six standard errors: a coincidence in a million rounds at most.
            Assert.All(sinrs, c => Assert.InRange(c.Measured!.Value, c.Predicted - (3 * (c.Upper!.Value - c.Lower!.Value) / 2), c.Predicted + (3 * (c.Upper.Value - c.Lower.Value) / 2)));
            Assert.Equal(2, all.Count(c => c.Quantity == "weighted rate (10)"));
        }
    }
}
