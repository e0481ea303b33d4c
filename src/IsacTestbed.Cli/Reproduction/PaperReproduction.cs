namespace IsacTestbed.Cli.Reproduction;

/// <summary>A paper whose figures can be computed.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Figures">Numbers of the figures that come out.</param>
/// <param name="Create">Computes one of them; progress goes to the writer.</param>
internal sealed record PaperReproduction(
    string Name, IReadOnlyList<int> Figures, Func<ReproductionOptions, TextWriter, CancellationToken, FigureResult> Create);
