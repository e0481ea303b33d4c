using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>Figs. 7 and 8: training loss and test accuracy over the rounds, IID and Non-IID.</summary>
internal static class RoundsFigure
{
    private static readonly Dictionary<string, (double Accuracy, string Text)> PaperIid = new()
    {
        [Strategies.Proposed] = (0.94, "about 94 %, the best"),
        ["MaxSensing"] = (0.87, "around 87 %, larger variance"),
        ["MaxComm"] = (0.79, "around 79 %, the worst"),
        ["Uniform"] = (0.87, "around 87 %"),
    };

    private static readonly Dictionary<string, (double Accuracy, string Text)> PaperNonIid = new()
    {
        [Strategies.Proposed] = (0.87, "about 87 %, the best"),
        ["MaxSensing"] = (double.NaN, "the worst"),
        ["MaxComm"] = (double.NaN, "stable, not the worst"),
        ["Uniform"] = (double.NaN, "close to the proposed"),
    };

    /// <summary>Learns with every strategy.</summary>
    public static FigureResult Create(
        ReproductionRequest request, bool nonIid, Learner learn, CancellationToken cancellationToken)
    {
        IsacFlCase problem = PaperCase.Read();
        LearningTask[] tasks = [.. Strategies.Learned.Select(s => LearningTask.For(s.Name, Strategies.Plan(problem, s.Method, cancellationToken), nonIid))];
        IReadOnlyList<LearningCurve> curves = learn(tasks);
        Dictionary<string, (double Accuracy, string Text)> paper = nonIid ? PaperNonIid : PaperIid;
        string title = $"Loss and accuracy over the rounds, {(nonIid ? "Non-IID" : "IID")}";
        var table = new ResultTable(
            "Paper beside ours: test accuracy at the end",
            ["strategy", "paper", "ours", "deviation over runs", "ripple", "training loss / nat", "images in all", "least SNR / dB", "q_avg"],
            [
                .. tasks.Zip(curves, (t, c) => (IReadOnlyList<ResultCell>)
                [
                    t.Label, paper[t.Label].Text, ResultCell.Percent(c.Accuracy), ResultCell.Percent(c.AccuracyDeviation), ResultCell.Percent(c.Ripple),
                    ResultCell.Of(c.Points[^1].TrainingLoss, "F3"), ResultCell.Of(t.Participants.Sum(p => p.Samples), "F0"),
                    ResultCell.Of(10 * Math.Log10(t.Participants.Min(p => p.SensingSnr)), "F1"), ResultCell.Of(t.Participants.Average(p => p.UploadSuccess), "F2"),
                ]),
            ]);
        SvgFigure chart = LearningNotes.Curves(
            $"isac-fl, Fig. {(nonIid ? 8 : 7)}: {title} ({LearningNotes.DatasetName(request)})",
            [.. tasks.Select(t => t.Label)],
            curves,
            request.Dataset == Core.DataKind.Mnist ? name => paper[name].Accuracy : _ => double.NaN);
        return new FigureResult(
            nonIid ? 8 : 7,
            title,
            LearningNotes.Setting(request),
            [table],
            [.. Notes(nonIid, tasks, curves), .. LearningNotes.Common(request, nonIid)],
            chart);
    }

    private static IEnumerable<string> Notes(bool nonIid, IReadOnlyList<LearningTask> tasks, IReadOnlyList<LearningCurve> curves)
    {
        yield return LearningNotes.Order([.. tasks.Select(t => t.Label)], curves)
            + (nonIid ? " Paper: proposed first, Uniform close to it, MaxSensing last." : " Paper: proposed first, MaxSensing and Uniform alike, MaxComm last.");
        yield return "The number of images, which the paper does not state for this figure, bounds what any strategy can learn; it follows from the case's D.";
        yield return "Ripple is the deviation of the accuracy from evaluation to evaluation in the second half of a run.";
    }
}
