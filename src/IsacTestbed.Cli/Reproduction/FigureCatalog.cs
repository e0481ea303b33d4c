using IsacTestbed.Control.Learning;
using IsacTestbed.Learning.Data;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>Which figure is made by what.</summary>
internal static class FigureCatalog
{
    /// <summary>Computes a figure.</summary>
    /// <param name="request">Which one, and how.</param>
    /// <param name="progress">Receives a line now and then while a figure learns.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Core.ConfigurationException">The data set is missing or damaged.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FigureResult Create(ReproductionRequest request, TextWriter progress, CancellationToken cancellationToken)
    {
        if (request.Figure == 5)
        {
            return AllocationFigure.Create(cancellationToken);
        }

        (LabelledSamples training, LabelledSamples test) = StoredDataFiles.Read(request.Dataset, request.DataFolder);
        var simulation = new FederatedSimulation(request.Setup, training, test, progress);
        IReadOnlyList<LearningCurve> Learn(IReadOnlyList<LearningTask> tasks) => simulation.Learn(tasks, request.Seed, request.Threads, cancellationToken);
        return request.Figure switch
        {
            7 => RoundsFigure.Create(request, nonIid: false, Learn, cancellationToken),
            8 => RoundsFigure.Create(request, nonIid: true, Learn, cancellationToken),
            9 => EnergyRatioFigure.Create(request, Learn, cancellationToken),
            10 => DeviceCountFigure.Create(request, Learn, cancellationToken),
            11 => StragglerFigure.Create(request, Learn, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Figure, "There is no such figure."),
        };
    }
}
