using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Federated;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>Federated learning as the paper isac-fl simulates it, without radios: images with noise at the planned sensing SNR, uploads that
/// succeed with the planned probability, eq. (11).</summary>
/// <remarks>
/// Runs and tasks execute in parallel, each on one thread; every number drawn is keyed by seed, device and round, so the results do not
/// depend on the number of threads. Tasks with one seed share initial weights, division of the data and upload draws, so that strategies
/// differ by their plans alone.
/// </remarks>
internal sealed class FederatedSimulation(LearningSetup setup, LabelledSamples training, LabelledSamples test, TextWriter progress)
{
    // Part of the Partition streams in which the order within each device's share is drawn; DataPartition itself uses parts below 2^16 only.
    private const uint ShareOrderPart = 0x80_0000;

    // Evenly spread over the file: MNIST's test images are not in random order, the first of them are harder for these models than the rest.
    private readonly LabelledSamples _test = Spread(test, Math.Min(test.Count, setup.TestSamples));

    /// <summary>Learns every task.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="seed">Seed of the first run.</param>
    /// <param name="threads">Most threads to use.</param>
    /// <param name="cancellationToken">Stops after the rounds under way.</param>
    /// <returns>One curve per task, in their order.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<LearningCurve> Learn(IReadOnlyList<LearningTask> tasks, ulong seed, int threads, CancellationToken cancellationToken)
    {
        var curves = new IReadOnlyList<LearningPoint>[tasks.Count * setup.Runs];
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, curves.Length, options, i =>
        {
            (int run, int task) = Math.DivRem(i, tasks.Count);
            curves[i] = Run(tasks[task], seed + (ulong)run, Report, cancellationToken);
            int finished = Interlocked.Increment(ref done);

            void Report(LearningPoint point) =>
                Log(
                    $"{tasks[task].Label}, run {run + 1} of {setup.Runs}: round {point.Round} of {setup.Rounds}, "
                    + $"accuracy {100 * point.TestAccuracy:F1} % ({Volatile.Read(ref done)} of {curves.Length} runs done)");
        });
        return
        [
            .. tasks.Select((_, task) => LearningCurve.Average([.. Enumerable.Range(0, setup.Runs).Select(run => curves[(run * tasks.Count) + task])])),
        ];
    }

    private List<LearningPoint> Run(LearningTask task, ulong seed, Action<LearningPoint> report, CancellationToken cancellationToken)
    {
        DeviceData[] devices = Collect(task, seed);
        NetworkArchitecture architecture = NetworkArchitecture.Perceptron(training.Shape, [.. setup.HiddenWidths], training.Classes);
        var settings = new LocalTrainingSettings(new SgdSettings(setup.LearningRate), setup.BatchSize, setup.LocalSteps);
        using var local = new LocalTraining(architecture, settings, seed, threads: 1);
        using var network = new Network(architecture);
        FederatedServer server = FederatedServer.Start(architecture, seed);
        var points = new List<LearningPoint>();
        int reports = 0;
        for (int round = 0; round < setup.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<LocalResult> results = local.Train(round, server.Weights.Span, devices);
            server.CompleteRound([.. results.Where((_, i) => Arrives(task.Participants[i], seed, round)).Select(r => r.Update)]);

            int completed = round + 1;
            if (completed % setup.EvaluationInterval == 0 || completed == setup.Rounds)
            {
                var point = new LearningPoint(completed, MeanLoss(results), network.Evaluate(server.Weights.Span, _test).Accuracy);
                points.Add(point);
                if (completed * 2 / setup.Rounds > reports)
                {
                    reports++;
                    report(point);
                }
            }
        }

        return points;
    }

    private static LabelledSamples Spread(LabelledSamples samples, int count) =>
        samples.Subset([.. Enumerable.Range(0, count).Select(i => (int)((long)i * samples.Count / count))]);

    private static bool Arrives(Participant participant, ulong seed, int round) =>
        new CounterRandom(seed, RandomPurpose.UploadDraw, (uint)participant.Device).UniformAt((ulong)round) < participant.UploadSuccess;

    private static double MeanLoss(IReadOnlyList<LocalResult> results)
    {
        LocalResult[] trained = [.. results.Where(r => r.Update.SampleCount > 0)];
        return trained.Sum(r => r.Loss * r.Update.SampleCount) / trained.Sum(r => (double)r.Update.SampleCount);
    }

    /// <summary>D_k noisy images of each participant's share; a share that is too small is sensed again, with new noise.</summary>
    private DeviceData[] Collect(LearningTask task, ulong seed)
    {
        int[][] shares = task.NonIid
            ? DataPartition.ByLabel(training.Labels.Span, training.Classes, task.Fleet, setup.ShardsPerDevice, seed)
            : DataPartition.Iid(training.Count, task.Fleet, seed);
        return
        [
            .. task.Participants.Select(participant =>
            {
                int[] share = shares[participant.Device], order = new int[share.Length];
                new CounterRandom(seed, RandomPurpose.Partition, (uint)participant.Device, ShareOrderPart).Permute(0, order);
                int[] chosen = share.Length == 0 ? [] : [.. Enumerable.Range(0, participant.Samples).Select(i => share[order[i % order.Length]])];
                return new DeviceData(
                    participant.Device, training.Subset(chosen).WithNoise(participant.SensingSnr, seed, (uint)participant.Device));
            }),
        ];
    }

    private void Log(string line)
    {
        lock (progress)
        {
            progress.WriteLine(line);
        }
    }
}
