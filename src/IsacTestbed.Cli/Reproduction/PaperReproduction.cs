namespace IsacTestbed.Cli.Reproduction;

/// <summary>Computes a figure; progress goes to the writer.</summary>
internal delegate Task<FigureResult> FigureComputation(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken);

/// <summary>A paper whose figures can be computed.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Figures">Numbers of the figures that come out.</param>
/// <param name="CreateAsync">Computes one of them.</param>
internal sealed record PaperReproduction(string Name, IReadOnlyList<int> Figures, FigureComputation CreateAsync)
{
    /// <summary>Those of <see cref="Figures"/> that train on a stored data set.</summary>
    public IReadOnlyList<int> LearningFigures { get; init; } = [];

    /// <summary>A paper whose figures are computed without waiting for anything.</summary>
    public PaperReproduction(string name, IReadOnlyList<int> figures, Func<ReproductionOptions, TextWriter, CancellationToken, FigureResult> create)
        : this(name, figures, (options, progress, cancellation) => Task.FromResult(create(options, progress, cancellation)))
    {
    }
}
