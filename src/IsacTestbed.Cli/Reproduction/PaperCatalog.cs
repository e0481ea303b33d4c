using IsacTestbed.Cli.Reproduction.Iscc;
using IsacTestbed.Cli.Reproduction.OtaFeel;
using IsacTestbed.Cli.Reproduction.VflBeamforming;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>All papers whose figures can be computed; a further one is one more entry.</summary>
internal static class PaperCatalog
{
    /// <summary>The papers.</summary>
    public static IReadOnlyList<PaperReproduction> Papers { get; } =
    [
        new("isac-fl", [5, 7, 8, 9, 10, 11], (options, progress, cancellation) => FigureCatalog.Create(
            new ReproductionRequest(options.Figure, LearningSetup.For(options.Budget, options.Figure), options.Dataset, options.DataFolder, options.Seed),
            progress,
            cancellation)) { LearningFigures = [7, 8, 9, 10, 11] },
        new("iscc", [2, 3, 4, 5, 6, 7, 8, 9], IsccFigures.Create),
        new("ota-feel", [2, 4, 5, 6, 7, 8, 9, 10, 11, 12], OtaFeelFigures.CreateAsync) { LearningFigures = [2] },
        new("vfl-beamforming", [3, 4, 5], VflBeamformingFigures.Create),
    ];
}
