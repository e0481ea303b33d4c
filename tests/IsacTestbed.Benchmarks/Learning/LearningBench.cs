using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Federated;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Benchmarks.Learning;

/// <summary>One round of federated averaging of the isac-fl perceptron (784-256-256-10), beside PyTorch doing the same on as many threads.</summary>
public static class LearningBench
{
    private const int Threads = 2;
    private const int Devices = 5;
    private const int Steps = 5;
    private const int Batch = 256;
    private const int WarmUps = 5;
    private const int Repetitions = 40;

    /// <summary>Runs both in turn and writes the best times and their ratio.</summary>
    /// <param name="output">Receives the report.</param>
    public static void Run(TextWriter output)
    {
        var shape = FeatureShape.Vector(784);
        NetworkArchitecture architecture = NetworkArchitecture.Perceptron(shape, [256, 256], 10);
        var settings = new LocalTrainingSettings(new SgdSettings(0.01f), Batch, Steps);
        using var training = new LocalTraining(architecture, settings, 1, Threads);
        FederatedServer server = FederatedServer.Start(architecture, 1);
        DeviceData[] devices = [.. Enumerable.Range(0, Devices).Select(k => new DeviceData(k, Samples(shape, (uint)k)))];

        using Process? peer = StartPeer(out string peerName);
        double ours = double.PositiveInfinity, theirs = double.PositiveInfinity, codec = double.PositiveInfinity;
        for (int i = -WarmUps; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<LocalResult> results = training.Train(server.Round, server.Weights.Span, devices);
            server.CompleteRound([.. results.Select(result => result.Update)]);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;

            start = Stopwatch.GetTimestamp();
            byte[] message = UpdateCodec.Encode(results[0].Update, server.Weights.Span, UpdateEncoding.Quantised, 1);
            UpdateCodec.Decode(message, server.Weights.Span);
            double encoded = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double peerElapsed = peer is null ? double.NaN : AskPeer(peer);
            if (i >= 0)
            {
                (ours, theirs, codec) = (Math.Min(ours, elapsed), Math.Min(theirs, peerElapsed), Math.Min(codec, encoded));
            }
        }

        double operations = 2.0 * Devices * Steps * Batch * ((2 * 784 * 256) + (3 * 256 * 256) + (3 * 256 * 10));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"FedAvg round, 784-256-256-10, {Devices} devices x {Steps} steps x batch {Batch}, {Threads} threads: {ours * 1e3:F1} ms, {operations / ours * 1e-9:F0} GFLOP/s"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Quantised update of {architecture.ParameterCount} weights, written and read: {codec * 1e3:F1} ms"));
        if (peer is null)
        {
            output.WriteLine($"No peer: {peerName}");
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{peerName}: {theirs * 1e3:F1} ms; ours reaches {theirs / ours:F2} of its speed"));
        peer.StandardInput.Close();
        peer.WaitForExit();
    }

    private static LabelledSamples Samples(FeatureShape shape, uint device)
    {
        var random = new CounterRandom(1, RandomPurpose.Test, device);
        float[] features = new float[Steps * Batch * shape.Size];
        int[] labels = new int[Steps * Batch];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = (float)random.UniformAt((ulong)i);
        }

        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = random.IntegerAt((ulong)(features.Length + i), 10);
        }

        return new LabelledSamples(shape, 10, features, labels);
    }

    private static Process? StartPeer(out string name)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "IsacTestbed.sln")))
        {
            root = root.Parent;
        }

        string script = Path.Combine(root?.FullName ?? ".", "tests", "IsacTestbed.Benchmarks", "peers", "fedavg_round.py");
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in new[] { script, $"{Threads}", $"{Devices}", $"{Steps}", $"{Batch}" })
        {
            start.ArgumentList.Add(argument);
        }

        // Both slow the peer's linear algebra where they are set for other programs.
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        Process? peer = Process.Start(start);
        name = peer?.StandardOutput.ReadLine() ?? "";
        if (name.Length > 0)
        {
            return peer;
        }

        name = "PyTorch did not start (Debian: python3-torch)";
        peer?.Dispose();
        return null;
    }

    private static double AskPeer(Process peer)
    {
        peer.StandardInput.WriteLine("round");
        peer.StandardInput.Flush();
        return double.Parse(
            peer.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peer ended before its answer."), CultureInfo.InvariantCulture);
    }
}
