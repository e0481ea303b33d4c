using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Sidecar;

namespace IsacTestbed.Benchmarks.Rpc;

/// <summary>Speed of a capture stream over gRPC on loopback, from a radio's blocks to blocks in the controller, and what it allocates.</summary>
public static class StreamBench
{
    // CF32: 256 KiB a message.
    private const int BlockSamples = 32_768;
    private const int MessagesPerTrial = 4_000;
    private const int Trials = 7;

    /// <summary>Runs and prints.</summary>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        RunAsync(output).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(TextWriter output)
    {
        var radio = new SteadyRadio(BlockSamples);
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync([radio]);
        await using SidecarClient client = await SidecarClient.ConnectAsync(sidecar.Address);
        await using SidecarSession session = await client.OpenSessionAsync();
        await ReceiveAsync(session, radio, MessagesPerTrial / 4);

        double best = 0;
        double allocated = double.PositiveInfinity;
        for (int trial = 0; trial < Trials; trial++)
        {
            long bytes = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            await ReceiveAsync(session, radio, MessagesPerTrial);
            double rate = (double)MessagesPerTrial * BlockSamples / Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Max(best, rate);
            allocated = Math.Min(allocated, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)MessagesPerTrial);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  trial {trial + 1}: {rate / 1e6:0.0} MS/s"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"gRPC capture stream, CF32, 256 KiB a message, server and client in one process, {Environment.ProcessorCount} cores: "
            + $"{best / 1e6:0.0} MS/s ({best * 8 / 1e6:0} MB/s), {allocated:0} bytes allocated per message on both sides, best of {Trials}"));
    }

    /// <summary>Receives so many messages and sums their power; throws when a sample was lost or changed on the way.</summary>
    private static async Task ReceiveAsync(SidecarSession session, SteadyRadio radio, int messages)
    {
        var schedule = new BurstSchedule("steady", [], [new RxWindow(1, 0, messages * BlockSamples)]);
        double energy = 0;
        await foreach (RadioOutput output in session.ExecuteAsync([schedule], CancellationToken.None))
        {
            using var block = (CaptureBlock)output;
            energy += SumOfSquares(block.Real(0)) + SumOfSquares(block.Imaginary(0));
        }

        double expected = radio.BlockEnergy * messages;
        if (Math.Abs(energy - expected) > 1e-5 * expected)
        {
            throw new InvalidOperationException($"The received energy is {energy}, that of what was sent {expected}.");
        }
    }

    private static double SumOfSquares(ReadOnlySpan<float> samples)
    {
        // Four sums hide the latency of the additions.
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(samples);
        Vector<float> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            a += vectors[i] * vectors[i];
            b += vectors[i + 1] * vectors[i + 1];
            c += vectors[i + 2] * vectors[i + 2];
            d += vectors[i + 3] * vectors[i + 3];
        }

        double sum = Vector.Sum(a + b + (c + d));
        for (int n = i * Vector<float>.Count; n < samples.Length; n++)
        {
            sum += (double)samples[n] * samples[n];
        }

        return sum;
    }
}
