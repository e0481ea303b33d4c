using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Cli.Reproduction.VflBeamforming;

/// <summary>Trains the networks of a figure within its budget.</summary>
/// <param name="Quick">Whether the budget is quick.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="Progress">Receives a line per network.</param>
internal sealed record FigureNetworks(bool Quick, ulong Seed, TextWriter Progress)
{
    /// <summary>Drawn cases per point; the paper has 2,000.</summary>
    public int Draws => Quick ? 30 : 500;

    /// <summary>How the networks were trained, for the figure's notes.</summary>
    public string Remark => Quick
        ? "Quick budget: our networks (two hidden layers of 128 that set prices) see 6,000 samples twelve times, the paper's (four hidden layers of 512, channels in, beams out) 4,000 samples six times, far from converged. The full budget gives the paper's networks 20,000 samples sixty times."
        : "Full budget: our networks (two hidden layers of 192 that set prices) see 20,000 samples twenty times, the paper's (four hidden layers of 512, channels in, beams out) 20,000 samples sixty times.";

    /// <summary>Trains side by side: networks have nothing to wait for in each other, as the threads of one training have.</summary>
    public static BeamPolicy[] SideBySide(CancellationToken cancellationToken, params Func<BeamPolicy>[] trainings)
    {
        var policies = new BeamPolicy[trainings.Length];
        Parallel.For(
            0,
            trainings.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            i => policies[i] = trainings[i]());
        return policies;
    }

    /// <summary>Trains the three kinds of networks for one weight of the rates and all SNRs, and gives their curves.</summary>
    public BeamScheme[] Learned(double rho, CancellationToken cancellationToken)
    {
        var scene = new MultiCellScene();
        BeamPolicy[] policies = SideBySide(
            cancellationToken,
            () => Ours(VflBeamformingMethods.Vfl, rho, rho, 0, scene, cancellationToken),
            () => Papers(rho, 0, cancellationToken),
            () => Ours(VflBeamformingMethods.PerCell, rho, rho, 0, scene, cancellationToken));
        return
        [
            new(VflBeamformingFigures.Ours, VflBeamformingMethods.Vfl, policies[0]),
            new(VflBeamformingFigures.Papers, VflBeamformingMethods.Vfl, policies[1]),
            new(VflBeamformingFigures.PerCell, VflBeamformingMethods.PerCell, policies[2]),
        ];
    }

    /// <summary>Our networks, trained over the federation or cell by cell.</summary>
    public BeamPolicy Ours(string method, double leastRho, double mostRho, double leastSnrDb, MultiCellScene scene, CancellationToken cancellationToken) =>
        Train(
            (Quick ? new BeamTrainingSettings() : BeamTrainingSettings.Medium) with { Method = method },
            leastRho,
            mostRho,
            leastSnrDb,
            scene,
            cancellationToken);

    /// <summary>The paper's networks, trained over the federation.</summary>
    public BeamPolicy Papers(double rho, double leastSnrDb, CancellationToken cancellationToken)
    {
        BeamTrainingSettings paper = BeamTrainingSettings.Paper;

        // With few steps the paper's learning rate would leave the networks near their initial weights.
        return Train(
            (Quick ? paper with { Samples = 4000, Epochs = 6, LearningRate = 5e-4f } : paper) with { RelativeLoss = true },
            rho,
            rho,
            leastSnrDb,
            new MultiCellScene(),
            cancellationToken);
    }

    private BeamPolicy Train(
        BeamTrainingSettings settings, double leastRho, double mostRho, double leastSnrDb, MultiCellScene scene, CancellationToken cancellationToken)
    {
        TimeProvider clock = TimeProvider.System;
        long start = clock.GetTimestamp();
        (BeamPolicy policy, _) = BeamTraining.Run(
            settings with { Rho = (leastRho, mostRho), SnrDb = (leastSnrDb, 30), Scene = scene, Seed = Seed },
            cancellationToken: cancellationToken);
        lock (Progress)
        {
            Progress.WriteLine(FormattableString.Invariant(
                $"trained {settings.Method}, {settings.Design}, {scene.Antennas} antennas: {clock.GetElapsedTime(start).TotalSeconds:F0} s"));
        }

        return policy;
    }
}
