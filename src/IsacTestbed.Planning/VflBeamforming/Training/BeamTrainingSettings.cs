namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>How networks are trained to form beams. The defaults are our small budget; <see cref="Paper"/> is the paper's.</summary>
public sealed record BeamTrainingSettings
{
    /// <summary>vfl or per-cell-dl.</summary>
    public string Method { get; init; } = VflBeamformingMethods.Vfl;

    /// <summary>The wiring of the networks.</summary>
    public BeamDesignKind Design { get; init; } = BeamDesignKind.Priced;

    /// <summary>From where samples are drawn; its rho and SNR are replaced by draws from the ranges.</summary>
    public MultiCellScene Scene { get; init; } = new();

    /// <summary>Weights of the communication rate to train for, drawn per sample, more densely at the ends of [0, 1]; equal ends fix it.</summary>
    public (double Minimum, double Maximum) Rho { get; init; } = (0, 1);

    /// <summary>SNR in dB to train for, drawn evenly per sample; equal ends fix it.</summary>
    public (double Minimum, double Maximum) SnrDb { get; init; } = (0, 30);

    /// <summary>The largest number of cells, users, targets or antennas that a checkpoint holds.</summary>
    public const int LargestSize = BeamCheckpoint.LargestSize;

    /// <summary>The most <see cref="HeldNumbers"/>: two gigabytes of them.</summary>
    public const double MostNumbers = 5e8;

    /// <summary>Channel samples that every base station collects.</summary>
    public int Samples { get; init; } = 6000;

    /// <summary>Passes over the samples.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Samples per step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Widths of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128, 128];

    /// <summary>Learning rate of Adam at the start; it falls as a half cosine to a hundredth.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Weight decay of Adam.</summary>
    public float WeightDecay { get; init; } = 1e-6f;

    /// <summary>
    /// Whether each sample's loss counts relative to its own size. Over ranges of rho and SNR the rates span decades, and the plain loss (17)
    /// would teach little where they are small.
    /// </summary>
    public bool RelativeLoss { get; init; } = true;

    /// <summary>Seed of samples, weights and order.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Most threads; results do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Our networks, wider, with the paper's number of samples.</summary>
    public static BeamTrainingSettings Medium { get; } = new() { Samples = 20_000, Epochs = 20, BatchSize = 128, Hidden = [192, 192] };

    /// <summary>Table I and the text: direct wiring, four hidden layers of 512, 20,000 samples, batches of 128, rate 1e-4. The number of passes is ours.</summary>
    public static BeamTrainingSettings Paper { get; } = new()
    {
        Design = BeamDesignKind.Direct,
        Samples = 20_000,
        Epochs = 60,
        BatchSize = 128,
        Hidden = [512, 512, 512, 512],
        LearningRate = 1e-4f,
        RelativeLoss = false,
    };

    /// <summary>
    /// Numbers of single precision that all base stations together hold: samples, their features, and for every weight of a network its
    /// gradient and the two means of Adam.
    /// </summary>
    /// <remarks>In floating point, since the sizes may be senseless.</remarks>
    public double HeldNumbers
    {
        get
        {
            double served = (double)Scene.Users + Scene.Targets, links = Scene.Cells * served, visible = SeesWholeNetwork ? links : served;
            (double inputs, double outputs) = Design == BeamDesignKind.Direct
                ? (2 * visible * Scene.Antennas, 2.0 * Scene.Users * Scene.Antennas)
                : (visible * (visible + 1) / 2, visible + (2.0 * Scene.Users * Scene.Targets));
            double weights = 0, before = inputs;
            foreach (double width in Hidden.Select(h => (double)h).Append(outputs))
            {
                weights += (before + 1) * width;
                before = width;
            }

            return Scene.Cells * ((Samples * ((2 * links * Scene.Antennas) + inputs)) + (4 * weights));
        }
    }

    /// <summary>Whether a base station's network sees its channels to other cells, as in vertical federated learning.</summary>
    internal bool SeesWholeNetwork => Method == VflBeamformingMethods.Vfl;

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">Names the setting.</exception>
    internal void Validate()
    {
        if (!VflBeamformingMethods.Learned.Contains(Method))
        {
            throw new ArgumentException($"found method {Method}; it must be one of {string.Join(", ", VflBeamformingMethods.Learned)}");
        }

        if (!(Rho.Minimum >= 0 && Rho.Minimum <= Rho.Maximum && Rho.Maximum <= 1))
        {
            throw new ArgumentException($"found rho from {Rho.Minimum} to {Rho.Maximum}; it must rise within [0, 1]");
        }

        if (!(double.IsFinite(SnrDb.Minimum) && SnrDb.Minimum <= SnrDb.Maximum && double.IsFinite(SnrDb.Maximum)))
        {
            throw new ArgumentException($"found an SNR from {SnrDb.Minimum} to {SnrDb.Maximum} dB; it must rise");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        if (Hidden.Count == 0 || Hidden.Any(width => width < 1))
        {
            throw new ArgumentException("there must be at least one hidden layer, and every width must be at least 1");
        }
    }
}
