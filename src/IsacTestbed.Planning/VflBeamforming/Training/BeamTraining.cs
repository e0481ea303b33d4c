using IsacTestbed.Core;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>Trains the base stations' networks: III-C of vfl-beamforming, or each cell by itself.</summary>
/// <remarks>One seed gives one result, bit for bit, whatever the number of threads.</remarks>
public static class BeamTraining
{
    private const double LastRate = 0.01;

    /// <summary>Trains from the initial weights.</summary>
    /// <param name="settings">How.</param>
    /// <param name="progress">Called after each pass over the samples; null if nobody listens.</param>
    /// <param name="cancellationToken">Stops it between two steps.</param>
    /// <returns>The networks, and what crossed the network to train them.</returns>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static (BeamPolicy Policy, BackhaulTraffic Traffic) Run(
        BeamTrainingSettings settings, Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        MultiCellScene scene = settings.Scene;
        var shape = new NetworkShape(scene.Cells, scene.Users, scene.Targets, scene.Antennas);
        using var team = new WorkTeam(settings.Threads);
        (StationSamples[] samples, double[] rhos) = Draw(settings, shape, team, cancellationToken);
        BaseStation[] stations = [.. samples.Select((own, m) => new BaseStation(m, own, rhos, settings))];
        try
        {
            var round = new TrainingRound(shape, stations, rhos, settings);
            int[] order = [.. Enumerable.Range(0, settings.Samples)];
            int steps = (settings.Samples + settings.BatchSize - 1) / settings.BatchSize;
            double total = (double)steps * settings.Epochs;
            BeamPolicy Policy() => new(settings, shape, [.. stations.Select(s => s.Policy)]);
            for (int epoch = 0; epoch < settings.Epochs; epoch++)
            {
                Shuffle(order, new CounterRandom(settings.Seed, RandomPurpose.BatchOrder, (uint)epoch));
                double sum = 0;
                for (int step = 0; step < steps; step++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    int first = step * settings.BatchSize;
                    int[] batch = order[first..Math.Min(first + settings.BatchSize, order.Length)];
                    double done = (((double)epoch * steps) + step) / total;
                    sum -= batch.Length * round.Run(team, batch, (float)(LastRate + ((1 - LastRate) * 0.5 * (1 + Math.Cos(Math.PI * done)))));
                }

                progress?.Invoke(new TrainingProgress(epoch + 1, settings.Epochs, sum / settings.Samples, Policy()));
            }

            return (Policy(), round.Traffic((long)settings.Samples * settings.Epochs));
        }
        finally
        {
            foreach (BaseStation station in stations)
            {
                station.Dispose();
            }
        }
    }

    // Every base station collects its own links of the same snapshots.
    private static (StationSamples[] Samples, double[] Rhos) Draw(
        BeamTrainingSettings settings, NetworkShape shape, WorkTeam team, CancellationToken cancellationToken)
    {
        StationSamples[] samples = [.. Enumerable.Range(0, shape.Cells).Select(_ => new StationSamples(shape, settings.Samples))];
        double[] rhos = new double[settings.Samples];
        var random = new CounterRandom(settings.Seed, RandomPurpose.Partition);
        const int chunk = 64;
        team.Run(
            new Parts(part =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                StationLinks[] links = [.. Enumerable.Range(0, shape.Cells).Select(_ => new StationLinks(shape))];
                for (int i = part * chunk; i < Math.Min((part + 1) * chunk, settings.Samples); i++)
                {
                    rhos[i] = RhoScale.Between(settings.Rho.Minimum, settings.Rho.Maximum, random.UniformAt((ulong)(2 * i)));
                    double snr = double.Lerp(settings.SnrDb.Minimum, settings.SnrDb.Maximum, random.UniformAt((ulong)((2 * i) + 1)));
                    settings.Scene.Fill(SampleSeed(settings.Seed, i), Math.Pow(10, snr / 20), links);
                    for (int m = 0; m < shape.Cells; m++)
                    {
                        samples[m].Store(i, links[m]);
                    }
                }
            }),
            (settings.Samples + chunk - 1) / chunk);
        return (samples, rhos);
    }

    // Far from the small seeds of cases that are drawn to test.
    private static ulong SampleSeed(ulong seed, int sample) => new CounterRandom(seed, RandomPurpose.Partition, 1).UInt64At((ulong)sample) | (1UL << 63);

    private static void Shuffle(int[] order, CounterRandom random)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = random.IntegerAt((ulong)i, i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
    }

    private sealed class Parts(Action<int> part) : IPartitionedWork
    {
        public void Execute(int index, int worker) => part(index);
    }
}
