namespace IsacTestbed.Cli.Reproduction;

/// <summary>What the learning figures of isac-fl need beyond its Table II, and how much of it a budget affords.</summary>
/// <remarks>
/// From the paper: E_G = 100 rounds, E_L = 5 local iterations of eq. (5), ten runs, layers of 256 with LeakyReLU, the full test set. Open in the
/// paper and chosen here:
/// <list type="bullet">
/// <item>BatchSize 64 and LearningRate 0.1 of plain SGD: common values, with which no strategy diverges and the training loss settles within the rounds.</item>
/// <item>Classes per device in the Non-IID case: two shards of the images sorted by label for each device (McMahan et al.).</item>
/// <item>The accuracy of a run is the mean over its evaluations in the last fifth of the rounds, since single rounds fluctuate.</item>
/// </list>
/// </remarks>
internal sealed record LearningSetup
{
    /// <summary>Name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>Global rounds to simulate; at most the case's E_G.</summary>
    public required int Rounds { get; init; }

    /// <summary>Runs to average over; run r uses the seed plus r.</summary>
    public required int Runs { get; init; }

    /// <summary>Rounds between evaluations.</summary>
    public required int EvaluationInterval { get; init; }

    /// <summary>Most test images to evaluate with.</summary>
    public required int TestSamples { get; init; }

    /// <summary>E_L: mini-batches per device and round.</summary>
    public int LocalSteps { get; init; } = 5;

    /// <summary>Images per mini-batch.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>eta of eq. (5).</summary>
    public float LearningRate { get; init; } = 0.1f;

    /// <summary>Widths of the hidden layers.</summary>
    public IReadOnlyList<int> HiddenWidths { get; init; } = [256, 256];

    /// <summary>Non-IID: shards of the images sorted by label that each device draws.</summary>
    public int ShardsPerDevice { get; init; } = 2;

    /// <summary>What a budget affords for a figure: quick, under a minute on two idle cores; full, the paper's rounds within about a quarter of
    /// an hour, which leaves the paper's ten runs to all but the two sweeps.</summary>
    /// <param name="name">quick or full.</param>
    /// <param name="figure">Number of the figure: sweeps have more curves to learn.</param>
    public static LearningSetup For(string name, int figure)
    {
        var quick = new LearningSetup { Name = "quick", Rounds = 50, Runs = 1, EvaluationInterval = 2, TestSamples = 2000 };
        var full = new LearningSetup { Name = "full", Rounds = 100, Runs = 10, EvaluationInterval = 2, TestSamples = 10_000 };
        return (name, figure) switch
        {
            ("quick", 7 or 8) => quick with { Runs = 2 },
            ("quick", 9 or 10) => quick with { Rounds = 30 },
            ("quick", _) => quick,
            ("full", 9) => full with { Runs = 5, EvaluationInterval = 5 },
            ("full", 10) => full with { Runs = 3, EvaluationInterval = 5 },
            ("full", _) => full,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A budget is quick or full."),
        };
    }
}
