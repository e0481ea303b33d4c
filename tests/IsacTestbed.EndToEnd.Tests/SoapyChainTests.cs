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

        RunLines native = new(scratch["run"], "exact"), emulated = new(reference.Folder, "exact");
        Assert.Equal(emulated.Sensed.Length, native.Sensed.Length);
        Assert.Equal(emulated.Uploads.Length, native.Uploads.Length);
        foreach (((int round, SensingMeasurement own), (int otherRound, SensingMeasurement other)) in native.Sensed.Zip(emulated.Sensed))
        {
            Assert.Equal((otherRound, other with { SensingSnr = 0 }), (round, own with { SensingSnr = 0 }));
            Assert.Equal(other.SensingSnr, own.SensingSnr, 1e-3 * (1 + Math.Abs(other.SensingSnr)));
        }

        foreach (((int round, UploadMeasurement own), (int otherRound, UploadMeasurement other)) in native.Uploads.Zip(emulated.Uploads))
        {
            Assert.Equal((otherRound, other with { UplinkSnr = 0 }), (round, own with { UplinkSnr = 0 }));
            Assert.Equal(other.UplinkSnr, own.UplinkSnr, 1e-3 * (1 + other.UplinkSnr));
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

        Assert.All(new RunLines(scratch["run"], "exact").Uploads, u => Assert.Equal(Verdict.Valid, u.Upload.Verdict));
        IsacResult resumed = await IsacProcess.RunAsync("run", "--plain", "--resume", scratch["run"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(new RunLines(reference.Folder, "exact").Rounds.Length, new RunLines(scratch["run"], "exact").Rounds.Length);
    }
}
