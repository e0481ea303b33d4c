using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Ether;

namespace IsacTestbed.Benchmarks.Ether;

/// <summary>Speed of the emulated air against real time, and of the noise generator.</summary>
internal static class EtherBench
{
    private const double Rate = 5e6;
    private const int Devices = 5;
    private const int Channels = 4;
    private const int PulseSamples = 512;
    private const int IntervalSamples = 4096;
    private const int Repeats = 2048;

    /// <summary>Runs and prints.</summary>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        NoiseGenerator(output);
        RealTimeFactor(output).GetAwaiter().GetResult();
    }

    private static void NoiseGenerator(TextWriter output)
    {
        var random = new CounterRandom(1, RandomPurpose.Test);
        float[] real = new float[8192], imaginary = new float[8192];
        double best = 0;

        // Trials shorter than a time slice: on a busy machine the best of them ran undisturbed.
        for (int trial = 0; trial < 1000; trial++)
        {
            long start = Stopwatch.GetTimestamp();
            const int Blocks = 40;
            for (int block = 0; block < Blocks; block++)
            {
                random.FillComplexNormal((ulong)(block * 8192L), 1, real, imaginary);
            }

            best = Math.Max(best, Blocks * 8192.0 / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"noise generator, one thread: {best / 1e9:0.000} GS/s complex ({2 * best / 1e9:0.000} G normals/s), best of 1000"));
    }

    /// <summary>Five devices with four channels, each with an echo of its own, and a receiver with four channels, all listening all the time.</summary>
    private static async Task RealTimeFactor(TextWriter output)
    {
        AirScene scene = MakeScene();
        double best = 0, bestByProcessor = 0;
        const int Samples = Repeats * IntervalSamples;
        for (int trial = 0; trial < 30; trial++)
        {
            await using var air = new EmulatedAir(scene);
            float[] ones = new float[PulseSamples];
            ones.AsSpan().Fill(1);
            var pulse = new Waveform("pulse", ones, new float[PulseSamples]);
            foreach (EmulatedRadio radio in air.Radios)
            {
                await radio.UploadWaveformAsync(pulse, default);
                TxBurst[] bursts = radio.Description.TxChannels == 0
                    ? []
                    : [new TxBurst(0, 0, "pulse", Repeats, IntervalSamples, 1, [.. Enumerable.Repeat(Complex.One, Channels)])];
                await radio.ArmAsync(new BurstSchedule(radio.Description.RadioId, bursts, [new RxWindow(0, 0, Samples)]), default);
            }

            TimeSpan processorStart = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(air.Radios.Select(radio => Task.Run(() => Drain(radio))));
            best = Math.Max(best, Samples / Rate / Stopwatch.GetElapsedTime(start).TotalSeconds);
            double processorSeconds = (Environment.CpuUsage.TotalTime - processorStart).TotalSeconds;
            bestByProcessor = Math.Max(bestByProcessor, Samples / Rate * Environment.ProcessorCount / processorSeconds);
        }

        int channels = scene.Nodes.Count * Channels;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"emulated air, {channels} channels at {Rate / 1e6} MS/s, noise and one echo each, {Environment.ProcessorCount} cores: {best:0.0} x real time ({best * channels * Rate / 1e9:0.000} GS/s), best of 30; by processor time {bestByProcessor:0.0} x (target 4, aim 10)"));
    }

    private static async Task Drain(EmulatedRadio radio)
    {
        await foreach (RadioOutput output in radio.RunAsync(default))
        {
            (output as CaptureBlock)?.Dispose();
        }
    }

    private static AirScene MakeScene()
    {
        AirNode[] nodes =
        [
            .. Enumerable.Range(0, Devices + 1).Select(k => new AirNode
            {
                Id = k < Devices ? $"device-{k}" : "server",
                Position = new Position(100 * k, 0),
                Array = new UniformLinearArray(Channels),
                TxChannels = k < Devices ? Channels : 0,
                NoisePowerWatts = 1e-12,
            }),
        ];
        return new AirScene
        {
            Seed = 1,
            SampleRateHz = Rate,
            CarrierFrequencyHz = 3.5e9,
            Nodes = nodes,
            Targets = [.. Enumerable.Range(0, Devices).Select(k => new AirTarget.Moving { Id = $"target-{k}", Position = new Position(100 * k, 310 + k) })],
            Echoes =
            [
                .. Enumerable.Range(0, Devices).Select(k => new Echo
                {
                    Transmitter = $"device-{k}",
                    Target = $"target-{k}",
                    Receiver = $"device-{k}",
                    Gain = new EchoGain.Explicit(1e-12),
                    Fading = Fading.Exponential(1, IntervalSamples * 64),
                }),
                new Echo { Transmitter = "device-0", Target = "target-0", Receiver = "server", Gain = new EchoGain.Explicit(1e-12) },
            ],
        };
    }
}
