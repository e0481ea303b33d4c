using System.Globalization;
using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>Fig. 10: accuracy over the number of devices.</summary>
internal static class DeviceCountFigure
{
    private static readonly int[] QuickCounts = [3, 9, 15];
    private static readonly int[] FullCounts = [3, 5, 7, 9, 12, 15];

    private static readonly Dictionary<string, string> Paper = new()
    {
        [Strategies.Proposed] = "the best at every K, grows",
        ["MaxSensing"] = "grows fastest",
        ["MaxComm"] = "grows moderately",
        ["Uniform"] = "grows",
    };

    /// <summary>Learns with every strategy and number of devices.</summary>
    public static FigureResult Create(
        ReproductionRequest request, Learner learn, CancellationToken cancellationToken)
    {
        IsacFlCase shipped = PaperCase.Read();
        int[] counts = request.Setup.Name == "quick" ? QuickCounts : FullCounts;
        LearningTask[] tasks =
        [
            .. counts.SelectMany(count => Strategies.Learned.Select(s =>
                LearningTask.For($"{s.Name}, K = {count}", Strategies.Plan(PaperCase.WithDevices(shipped, count), s.Method, cancellationToken), nonIid: false))),
        ];
        IReadOnlyList<LearningCurve> curves = learn(tasks);
        double Accuracy(int count, int strategy) => curves[(count * Strategies.Learned.Count) + strategy].Accuracy;
        var table = new ResultTable(
            "Paper beside ours: test accuracy at the end",
            ["strategy", "paper", .. counts.Select(c => $"K = {c}"), "gain"],
            [
                .. Strategies.Learned.Select((s, i) => (IReadOnlyList<ResultCell>)
                [
                    s.Name, Paper[s.Name], .. counts.Select((_, c) => ResultCell.Percent(Accuracy(c, i))),
                    ResultCell.Percent(Accuracy(counts.Length - 1, i) - Accuracy(0, i)),
                ]),
            ]);
        int won = Enumerable.Range(0, counts.Length).Count(c => Enumerable.Range(1, Strategies.Learned.Count - 1).All(s => Accuracy(c, 0) > Accuracy(c, s)));
        string fastest = Strategies.Learned[Enumerable.Range(0, Strategies.Learned.Count).MaxBy(s => Accuracy(counts.Length - 1, s) - Accuracy(0, s))].Name;
        return new FigureResult(
            10,
            "Accuracy over the number of devices",
            LearningNotes.Setting(request),
            [table],
            [
                string.Create(CultureInfo.InvariantCulture, $"The proposed strategy is best at {won} of {counts.Length} values of K; {fastest} gains most from K = {counts[0]} to {counts[^1]}."),
                "Devices are spread over the distances of the case: along its list of five, distances are interpolated, so K = 5 is the case itself. Each has its own 1 MHz and its own budget, as in the case. The paper does not say whether this figure is IID; it is taken as IID here.",
                .. LearningNotes.Common(request, nonIid: false),
            ],
            new SvgFigure(
                $"isac-fl, Fig. 10: accuracy over the number of devices ({LearningNotes.DatasetName(request)}, IID)",
                [
                    new LinePanel(
                        "Test accuracy",
                        new Axis("devices K", 2, 16),
                        new Axis("accuracy / %"),
                        [.. Strategies.Learned.Select((s, i) => new LineSeries(s.Name, [.. counts.Select((count, c) => ((double)count, 100 * Accuracy(c, i)))]))]),
                ])
            {
                PanelWidth = 760,
                PanelHeight = 440,
            });
    }
}
