using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Ether;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests;

public sealed class PythonInteropTests
{
    private const double SampleRateHz = 5e6;
    private const double CarrierHz = 3.5e9;
    private const double DelaySamples = 123.37;

    [PythonFact]
    public async Task HealthAndReflection_PythonClient_WorkAsTheirSpecificationsSay()
    {
        await using RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("a"));

        string output = await RunAsync(Script("standard_services.py"), sidecar.EndPoint.ToString());

        Assert.StartsWith("OK", output, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task WholeExperiment_PythonClientGeneratedFromTheProtos_MeasuresTheEchosDelay()
    {
        await using var air = new EmulatedAir(OneTarget());
        await using RadioSidecar sidecar = await Bench.StartAsync(air.Radios[0]);
        DirectoryInfo generated = Directory.CreateTempSubdirectory("isac-protos-");
        try
        {
            string protos = Path.Combine(Bench.Root(), "protos");
            string[] files = [.. Directory.EnumerateFiles(Path.Combine(protos, "isac"), "*.proto", SearchOption.AllDirectories)];
            await RunAsync(
                "-m", ["grpc_tools.protoc", $"-I{protos}", $"--python_out={generated.FullName}", $"--grpc_python_out={generated.FullName}", .. files]);

            string output = await RunAsync(
                Script("echo_delay.py"),
                sidecar.EndPoint.ToString(),
                generated.FullName,
                "radar",
                SampleRateHz.ToString("R", CultureInfo.InvariantCulture),
                CarrierHz.ToString("R", CultureInfo.InvariantCulture),
                DelaySamples.ToString("R", CultureInfo.InvariantCulture));

            Assert.StartsWith("OK delay", output, StringComparison.Ordinal);
        }
        finally
        {
            generated.Delete(recursive: true);
        }
    }

    // Gain and noise give the matched filter an SNR of 512 x 1e-6 x 3/8 / 1e-9, over 50 dB: delay errors far below 0.05 sample.
    private static AirScene OneTarget() => new()
    {
        Seed = 3,
        SampleRateHz = SampleRateHz,
        CarrierFrequencyHz = CarrierHz,
        Nodes = [new AirNode { Id = "radar", Position = default, NoisePowerWatts = 1e-9 }],
        Targets = [new AirTarget.Moving { Id = "t", Position = new Position(DelaySamples / SampleRateHz * AirScene.SpeedOfLight / 2, 0) }],
        Echoes = [new Echo { Transmitter = "radar", Target = "t", Receiver = "radar", Gain = new EchoGain.Explicit(1e-6) }],
    };

    private static string Script(string name) => Path.Combine(Bench.Root(), "tests", "IsacTestbed.Sidecar.Tests", "python", name);

    private static async Task<string> RunAsync(string first, params string[] rest)
    {
        var start = new ProcessStartInfo(PythonFactAttribute.Interpreter) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(first);
        foreach (string argument in rest)
        {
            start.ArgumentList.Add(argument);
        }

        // Nothing is left in the repository.
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{first} failed:\n{await error}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
