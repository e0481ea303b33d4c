using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Sidecar;

namespace IsacTestbed.Benchmarks.Rpc;

/// <summary>
/// Speed of a capture stream over gRPC on loopback between two processes, from a radio's blocks to the power of the blocks in the controller,
/// what it costs each side and what it allocates.
/// </summary>
internal static class StreamBench
{
    /// <summary>The hidden verb of the server's process.</summary>
    public const string ServeVerb = "stream-serve";

    // CF32: 256 KiB a message.
    private const int BlockSamples = 32_768;
    private const int MessagesPerTrial = 4_000;
    private const int Trials = 7;
    private const double TargetRate = 100e6;
    private const int MessageBytes = 8 * BlockSamples;

    /// <summary>Runs and prints.</summary>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        RunAsync(output).GetAwaiter().GetResult();
    }

    /// <summary>Serves a steady radio until the input ends; prints the address, then for each line of input what was used so far.</summary>
    public static async Task ServeAsync(TextReader input, TextWriter output)
    {
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync([new SteadyRadio(BlockSamples)]);
        await output.WriteLineAsync(sidecar.Address.ToString());
        while (await input.ReadLineAsync() is not null)
        {
            await output.WriteLineAsync(StreamServer.Usage.Own().ToLine());
        }
    }

    private static async Task RunAsync(TextWriter output)
    {
        double blockEnergy = new SteadyRadio(BlockSamples).BlockEnergy;
        using StreamServer server = StreamServer.Start(ServeVerb);
        await using SidecarClient client = await SidecarClient.ConnectAsync(server.Address);
        await using SidecarSession session = await client.OpenSessionAsync();
        await ReceiveAsync(session, blockEnergy, MessagesPerTrial / 4);

        double best = 0;
        double leastAllocated = double.PositiveInfinity;
        const double Gigabytes = (double)MessagesPerTrial * BlockSamples * 8 / 1e9;
        for (int trial = 0; trial < Trials; trial++)
        {
            StreamServer.Usage serverBefore = server.Measure(), clientBefore = StreamServer.Usage.Own();
            long start = Stopwatch.GetTimestamp();
            await ReceiveAsync(session, blockEnergy, MessagesPerTrial);
            double rate = (double)MessagesPerTrial * BlockSamples / Stopwatch.GetElapsedTime(start).TotalSeconds;
            StreamServer.Usage sent = server.Measure().Since(serverBefore), received = StreamServer.Usage.Own().Since(clientBefore);
            best = Math.Max(best, rate);
            double allocated = (sent.AllocatedBytes + received.AllocatedBytes) / MessagesPerTrial;
            leastAllocated = Math.Min(leastAllocated, allocated);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  trial {trial + 1}: {rate / 1e6:0.0} MS/s; processor seconds per GB (user + kernel): server "
                + $"{sent.UserSeconds / Gigabytes:0.00} + {sent.KernelSeconds / Gigabytes:0.00}, client "
                + $"{received.UserSeconds / Gigabytes:0.00} + {received.KernelSeconds / Gigabytes:0.00}; bytes allocated per message: server "
                + $"{sent.AllocatedBytes / MessagesPerTrial:0}, client {received.AllocatedBytes / MessagesPerTrial:0}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"gRPC capture stream, CF32, 256 KiB a message, server and client in two processes, {Environment.ProcessorCount} logical processors: "
            + $"{best / 1e6:0.0} MS/s ({best * 8 / 1e6:0} MB/s), best of {Trials}; x {best / TargetRate:0.00} of the target of {TargetRate / 1e6:0} MS/s"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"allocated per message on both sides: {leastAllocated:0} bytes, x {leastAllocated / MessageBytes:0.00} of a message's own array (less than 1: no array of its size is made per message)"));
    }

    /// <summary>Receives so many messages and sums their power; throws when a sample was lost or changed on the way.</summary>
    private static async Task ReceiveAsync(SidecarSession session, double blockEnergy, int messages)
    {
        var schedule = new BurstSchedule("steady", [], [new RxWindow(1, 0, messages * BlockSamples)]);
        double energy = 0;
        await foreach (RadioOutput output in session.ExecuteAsync([schedule], CancellationToken.None))
        {
            using var block = (CaptureBlock)output;
            energy += SumOfSquares(block.Real(0)) + SumOfSquares(block.Imaginary(0));
        }

        double expected = blockEnergy * messages;
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
