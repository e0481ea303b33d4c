using System.Globalization;
using IsacTestbed.Cli.Plots;
using IsacTestbed.Control.Learning;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>What all learning figures say and show alike.</summary>
internal static class LearningNotes
{
    /// <summary>Data, budget and seed in one line.</summary>
    public static string Setting(ReproductionRequest request)
    {
        LearningSetup setup = request.Setup;
        return FormattableString.Invariant(
            $"data {DatasetName(request)}; budget {setup.Name}: {setup.Rounds} rounds, {setup.Runs} {(setup.Runs == 1 ? "run" : "runs averaged")}, {setup.TestSamples} test images; seed {request.Seed}");
    }

    /// <summary>Name of the data set.</summary>
    public static string DatasetName(ReproductionRequest request) => StoredDataFiles.FolderName(request.Dataset);

    /// <summary>The remarks on what the paper leaves open.</summary>
    public static IEnumerable<string> Common(ReproductionRequest request, bool nonIid)
    {
        LearningSetup setup = request.Setup;
        yield return FormattableString.Invariant(
            $"As in the paper: no radios. Each device holds D_k noisy images; an upload succeeds with q_k; (12), (13) average what arrives; {string.Join("-", setup.HiddenWidths)} hidden neurons with LeakyReLU; E_L = {setup.LocalSteps} steps of (5). Chosen, since the paper does not say: plain SGD with rate {setup.LearningRate} on mini-batches of {setup.BatchSize}; slope 0.01.");
        yield return "Noise is white and Gaussian on pixels in 0 .. 1, not clipped, with E||x||^2 / E||n||^2 equal to the planned SNR (Appendix B), drawn once per sample; the test images are clean.";
        if (nonIid)
        {
            yield return FormattableString.Invariant(
                $"Non-IID is not defined in the paper: here the images are sorted by label, cut into shards, and each device draws {setup.ShardsPerDevice}.");
        }

        yield return "Accuracies are means over the last fifth of the rounds, since single rounds fluctuate; the paper gives final values.";
        if (setup.Name != "full")
        {
            yield return "This is not the paper's budget (100 rounds, ten runs): try --budget full before drawing conclusions from differences of a few points.";
        }

        if (request.Dataset != DataKind.Mnist)
        {
            yield return "The paper uses MNIST; its values are not those of this data set.";
        }
    }

    /// <summary>The order in which the strategies come out.</summary>
    public static string Order(IReadOnlyList<string> names, IReadOnlyList<LearningCurve> curves) =>
        "Order here: " + string.Join(
            ", ",
            names.Zip(curves).OrderByDescending(e => e.Second.Accuracy).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.First} {100 * e.Second.Accuracy:F1} %"))) + ".";

    /// <summary>Loss and accuracy over the rounds, side by side.</summary>
    /// <param name="title">Title of the figure.</param>
    /// <param name="names">One per curve.</param>
    /// <param name="curves">The curves.</param>
    /// <param name="paperAccuracy">The paper's final accuracy of a curve, by name; NaN if it gives none.</param>
    public static SvgFigure Curves(string title, IReadOnlyList<string> names, IReadOnlyList<LearningCurve> curves, Func<string, double> paperAccuracy)
    {
        int last = curves[0].Points[^1].Round;
        IEnumerable<LineSeries> references = names.Where(n => double.IsFinite(paperAccuracy(n)))
            .Select(n => new LineSeries("paper, final value", [(last, 100 * paperAccuracy(n))]) { ReferenceTo = n });
        return new SvgFigure(
            title,
            [
                new LinePanel("Training loss", new Axis("round", 0), new Axis("cross entropy / nat", 0), Lines(p => p.TrainingLoss)),
                new LinePanel("Test accuracy", new Axis("round", 0), new Axis("accuracy / %", Maximum: 100), [.. Lines(p => 100 * p.TestAccuracy), .. references]),
            ])
        {
            Columns = 2,
            PanelWidth = 520,
            PanelHeight = 400,
        };

        LineSeries[] Lines(Func<LearningPoint, double> value) =>
            [.. names.Zip(curves, (name, curve) => new LineSeries(name, [.. curve.Points.Select(p => ((double)p.Round, value(p)))]))];
    }
}
