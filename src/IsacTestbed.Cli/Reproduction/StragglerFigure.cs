using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>Fig. 11: accuracy over the rounds, Non-IID, with one straggler of reduced energy budget.</summary>
internal static class StragglerFigure
{
    /// <summary>Budgets of the straggler; the others have the case's. The paper says only "significantly reduced".</summary>
    private static readonly double[] BudgetsJoules = [45, 30];

    private static readonly Dictionary<string, string> Paper = new()
    {
        [Strategies.Proposed] = "the best",
        ["MaxSensing"] = "degrades",
        ["MaxComm"] = "drops to about 50 %",
        ["Uniform"] = "degrades",
    };

    /// <summary>Learns with every strategy without a straggler, and with each of the stragglers.</summary>
    public static FigureResult Create(
        ReproductionRequest request, Learner learn, CancellationToken cancellationToken)
    {
        IsacFlCase shipped = PaperCase.Read();
        var tasks = new List<LearningTask>();
        var absent = new List<string>();
        foreach (double budget in BudgetsJoules.Prepend(shipped.Devices[^1].EnergyBudgetJoules))
        {
            foreach ((string name, string method) in Strategies.Learned)
            {
                (IReadOnlyList<Participant> participants, IReadOnlyList<string> reasons) =
                    Strategies.PlanWhoCan(PaperCase.WithStraggler(shipped, budget), method, cancellationToken);
                tasks.Add(new LearningTask(FormattableString.Invariant($"{name}, {budget} J"), shipped.Devices.Count, participants, NonIid: true));
                absent.AddRange(reasons.Select(reason => FormattableString.Invariant($"{name} at {budget} J: {reason}.")));
            }
        }

        IReadOnlyList<LearningCurve> curves = learn(tasks);
        int strategies = Strategies.Learned.Count;
        var table = new ResultTable(
            "Paper beside ours: test accuracy at the end, by the straggler's energy budget",
            [
                "strategy", "paper", "no straggler", .. BudgetsJoules.Select(b => FormattableString.Invariant($"{b} J")),
                .. BudgetsJoules.Select(b => FormattableString.Invariant($"takes part at {b} J")),
            ],
            [
                .. Strategies.Learned.Select((s, i) => (IReadOnlyList<ResultCell>)
                [
                    s.Name, Paper[s.Name], .. Enumerable.Range(0, BudgetsJoules.Length + 1).Select(b => ResultCell.Percent(curves[(b * strategies) + i].Accuracy)),
                    .. BudgetsJoules.Select((_, b) => (ResultCell)(tasks[((b + 1) * strategies) + i].Participants.Count == shipped.Devices.Count ? "yes" : "no")),
                ]),
            ]);
        return new FigureResult(
            11,
            "Accuracy with a straggler, Non-IID",
            LearningNotes.Setting(request),
            [table],
            [
                "The straggler is the last device of the case; the paper does not say how far its budget is reduced. Where a strategy demands more than the budget pays, the device has no feasible plan and stays out: its classes are then never learned. That, and not poor data as in the paper, is what makes MaxComm drop here: 32 J of uplink and 12.6 J of least sensing leave 0.4 J of 45 J, and training on the fewest samples (L = 500) takes 4 J.",
                .. absent,
                .. LearningNotes.Common(request, nonIid: true),
            ],
            new SvgFigure(
                $"isac-fl, Fig. 11: accuracy with one straggler ({LearningNotes.DatasetName(request)}, Non-IID)",
                [.. BudgetsJoules.Select((b, i) => Panel(b, (i + 1) * strategies, curves))])
            {
                Columns = 2,
                PanelWidth = 520,
                PanelHeight = 400,
            });
    }

    private static LinePanel Panel(double budget, int first, IReadOnlyList<LearningCurve> curves) =>
        new(
            FormattableString.Invariant($"Straggler with {budget} J"),
            new Axis("round", 0),
            new Axis("accuracy / %", 0, 100),
            [
                .. Strategies.Learned.Select((s, i) => new LineSeries(s.Name, [.. curves[first + i].Points.Select(p => ((double)p.Round, 100 * p.TestAccuracy))])),
            ]);
}
