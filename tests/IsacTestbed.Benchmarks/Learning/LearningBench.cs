using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Federated;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Benchmarks.Learning;

/// <summary>One round of federated averaging of the isac-fl perceptron (784-256-256-10), beside PyTorch doing the same on as many
/// threads.</summary>
internal static class LearningBench
{
    private const int Devices = 5;
    private const int Steps = 5;
    private const int Batch = 256;
    private const int WarmUps = 3;
    private const int MostRounds = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs both in turn, on one thread and on two, and writes the best times and their ratios.</summary>
    /// <param name="output">Receives the report.</param>
    /// <remarks>
    /// The time of the processors is given too: on one thread it hardly depends on what else the machine does, where the time by the clock
    /// may never see both programs undisturbed.
    /// </remarks>
    public static void Run(TextWriter output)
    {
        output.WriteLine($"FedAvg round, 784-256-256-10, {Devices} devices x {Steps} steps x batch {Batch}, SGD");
        Run(output, 1);
        Run(output, 2);
    }

    private static void Run(TextWriter output, int threads)
    {
        var shape = FeatureShape.Vector(784);
        NetworkArchitecture architecture = NetworkArchitecture.Perceptron(shape, [256, 256], 10);
        var settings = new LocalTrainingSettings(new SgdSettings(0.01f), Batch, Steps);
        using var training = new LocalTraining(architecture, settings, 1, threads);
        using var self = Process.GetCurrentProcess();
        FederatedServer server = FederatedServer.Start(architecture, 1);
        DeviceData[] devices = [.. Enumerable.Range(0, Devices).Select(k => new DeviceData(k, Samples(shape, (uint)k)))];

        using Process? peer = StartPeer(threads, out string peerName);
        Times ours = Times.Worst, theirs = Times.Worst;
        long begin = Stopwatch.GetTimestamp();
        int rounds = 0;
        for (; rounds < MostRounds && (rounds <= WarmUps || Stopwatch.GetElapsedTime(begin) < Patience); rounds++)
        {
            self.Refresh();
            TimeSpan processors = self.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<LocalResult> results = training.Train(server.Round, server.Weights.Span, devices);
            server.CompleteRound([.. results.Select(result => result.Update)]);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            self.Refresh();
            var mine = new Times(elapsed.TotalSeconds, (self.TotalProcessorTime - processors).TotalSeconds);
            Times answer = peer is null ? Times.Worst : AskPeer(peer);
            if (rounds >= WarmUps)
            {
                (ours, theirs) = (ours.Best(mine), theirs.Best(answer));
            }
        }

        double operations = 2.0 * Devices * Steps * Batch * ((2 * 784 * 256) + (3 * 256 * 256) + (3 * 256 * 10));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {threads} thread(s), best of {rounds - WarmUps}: {ours.Wall * 1e3:F1} ms, {operations / ours.Wall * 1e-9:F0} GFLOP/s, "
            + $"processors {ours.Processors * 1e3:F1} ms"));
        if (peer is null)
        {
            output.WriteLine($"  no peer: {peerName}");
            return;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {peerName}: {theirs.Wall * 1e3:F1} ms, processors {theirs.Processors * 1e3:F1} ms; "
            + $"our speed over its: {theirs.Wall / ours.Wall:F2} by the clock, {theirs.Processors / ours.Processors:F2} by the processors (target 0.7)"));
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

    private static Process? StartPeer(int threads, out string name)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "IsacTestbed.sln")))
        {
            root = root.Parent;
        }

        string script = Path.Combine(root?.FullName ?? ".", "tests", "IsacTestbed.Benchmarks", "peers", "fedavg_round.py");
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in new[] { script, $"{threads}", $"{Devices}", $"{Steps}", $"{Batch}" })
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

    private static Times AskPeer(Process peer)
    {
        peer.StandardInput.WriteLine("round");
        peer.StandardInput.Flush();
        string answer = peer.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peer ended before its answer.");
        double[] seconds = Array.ConvertAll(answer.Split(' '), text => double.Parse(text, CultureInfo.InvariantCulture));
        return new Times(seconds[0], seconds[1]);
    }

    private readonly record struct Times(double Wall, double Processors)
    {
        public static Times Worst => new(double.PositiveInfinity, double.PositiveInfinity);

        public Times Best(Times other) => new(Math.Min(Wall, other.Wall), Math.Min(Processors, other.Processors));
    }
}
