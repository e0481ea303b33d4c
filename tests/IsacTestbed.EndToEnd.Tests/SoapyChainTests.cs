using System.Text.Json;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>The whole loop on the native path of real radios.</summary>
[Collection(ReferenceRunCollection.Name)]
public sealed class SoapyChainTests(ReferenceRun reference)
{
    private static readonly string[] Radios = ["device-1", "device-2", "server"];

    /// <summary>
    /// Every measurement of every round is what the emulated radios measured without libSoapySDR between. Amplitudes are applied in floats on the way in
    /// and not on the air, which leaves a relative difference of some 1e-6 per sample; a thousand times that is far below any effect of timing or gain.
    /// </summary>
    [SoapyChainFact]
    public async Task Run_OverSoapySdr_MeasuresWhatTheEmulatedRadiosDo()
    {
        using var scratch = new ScratchFolder();
        await using SoapyChain chain = await SoapyChain.StartAsync(ScratchFolder.SmallScenario, Radios);
        IsacResult result = await IsacProcess.RunAsync(
            "run", "--plain", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"], "--method", "exact", "--sidecar", chain.Address);
        Assert.True(result.ExitCode == 0, result.Error);

        JsonElement[] native = Measurements(scratch["run"]), emulated = Measurements(reference.Folder);
        Assert.Equal(emulated.Length, native.Length);
        for (int i = 0; i < native.Length; i++)
        {
            if (native[i].TryGetProperty("sensing", out JsonElement sensing))
            {
                SensingMeasurement own = sensing.Deserialize(RecordJson.Default.SensingMeasurement)!;
                SensingMeasurement other = emulated[i].GetProperty("sensing").Deserialize(RecordJson.Default.SensingMeasurement)!;
                Assert.Equal(other with { SensingSnr = 0 }, own with { SensingSnr = 0 });
                Assert.Equal(other.SensingSnr, own.SensingSnr, 1e-3 * (1 + Math.Abs(other.SensingSnr)));
            }
            else
            {
                UploadMeasurement own = native[i].GetProperty("upload").Deserialize(RecordJson.Default.UploadMeasurement)!;
                UploadMeasurement other = emulated[i].GetProperty("upload").Deserialize(RecordJson.Default.UploadMeasurement)!;
                Assert.Equal(other with { UplinkSnr = 0 }, own with { UplinkSnr = 0 });
                Assert.Equal(other.UplinkSnr, own.UplinkSnr, 1e-3 * (1 + other.UplinkSnr));
            }
        }
    }

    /// <summary>The emulation is killed while the radios are in use: one line, no outage counted, and the run goes on elsewhere to the end.</summary>
    [SoapyChainFact]
    public async Task Run_WhoseRadiosVanish_EndsInOneLineAndResumes()
    {
        using var scratch = new ScratchFolder();
        await using (SoapyChain chain = await SoapyChain.StartAsync(ScratchFolder.SmallScenario, Radios))
        {
            await using IsacProcess run = IsacProcess.Start(
                "run", "--plain", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"], "--method", "exact", "--sidecar", chain.Address);
            await run.WaitForAsync(l => l.StartsWith("exact round 1", StringComparison.Ordinal));
            await chain.Emulation.KillAsync();
            IsacResult result = await run.EndAsync();
            Assert.Equal(4, result.ExitCode);
            Assert.Contains("--resume", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }

        JsonElement[] before = Measurements(scratch["run"]);
        Assert.All(
            before.Where(m => m.TryGetProperty("upload", out _)),
            m => Assert.True(m.GetProperty("upload").Deserialize(RecordJson.Default.UploadMeasurement)!.Verdict == Verdict.Valid));
        IsacResult resumed = await IsacProcess.RunAsync("run", "--plain", "--resume", scratch["run"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(Measurements(reference.Folder).Length, Measurements(scratch["run"]).Length);
    }

    private static JsonElement[] Measurements(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "exact", "measurements.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
}
