using System.Text.Json;
using IsacTestbed.Cli;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>Plans of ota-feel, executed by real processes: what is printed, recorded, and found again after a kill.</summary>
public sealed class OtaFeelRunTests
{
    private static readonly string[] Methods = ["bcd", "common-pulse", "split-frame"];

    [Fact]
    public async Task Run_KilledAndResumed_RecordsWhatAWholeRunRecords()
    {
        using var scratch = new ScratchFolder();
        IsacResult whole = await IsacProcess.RunAsync(Arguments(scratch["whole"]));
        Assert.True(whole.ExitCode == ExitCodes.Success, whole.Error);
        Assert.Contains("Predicted against measured", whole.Output, StringComparison.Ordinal);
        await using (IsacProcess process = IsacProcess.Start(Arguments(scratch["cut"])))
        {
            await process.WaitForAsync(l => l.StartsWith("common-pulse round 1", StringComparison.Ordinal));
            await process.KillAsync();
        }

        IsacResult resumed = await IsacProcess.RunAsync("run", "--plain", "--resume", scratch["cut"]);

        Assert.True(resumed.ExitCode == ExitCodes.Success, resumed.Error);
        foreach (string method in Methods)
        {
            string records = Path.Combine(method, "comparisons.jsonl");
            Assert.Equal(File.ReadAllText(Path.Combine(scratch["whole"], records)), File.ReadAllText(Path.Combine(scratch["cut"], records)));
            Comparison[] all =
            [
                .. File.ReadLines(Path.Combine(scratch["whole"], records)).Select(l => JsonSerializer.Deserialize(l, RecordJson.Default.Comparison)!),
            ];
            Assert.All(all, c => Assert.Equal((Verdict.Valid, string.Empty), (c.Verdict, c.Reason)));
            foreach (Comparison sums in all.Where(c => c.Quantity == "(7) and errors of sounding"))
            {
                // Six standard errors of a round's mean; the recorded interval has 1.96 to each side. The cut of the pulse leaves a few per cent.
                double half = 3 * (sums.Upper!.Value - sums.Lower!.Value);
                Assert.InRange(sums.Measured!.Value, sums.Predicted - half, (1.05 * sums.Predicted) + half);
            }

            Assert.Equal(2, all.Count(c => c.Subject == "federated over the air"));
            Assert.Equal(2, all.Count(c => c.Subject == "model"));
        }
    }

    private static string[] Arguments(string folder) => ["run", "--plain", "--scenario", ScratchFolder.OtaFeelScenario, "--out", folder];
}
