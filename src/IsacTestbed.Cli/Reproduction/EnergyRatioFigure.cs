using IsacTestbed.Cli.Plots;
using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>Fig. 9: accuracy, mean upload success and least sensing SNR over the share of energy that goes into communication.</summary>
internal static class EnergyRatioFigure
{
    private static readonly int[] Percentages = [10, 20, 30, 40, 50, 60, 70, 80, 90];

    /// <summary>Learns at each share, IID and Non-IID.</summary>
    public static FigureResult Create(
        ReproductionRequest request, Learner learn, CancellationToken cancellationToken)
    {
        IsacFlCase problem = PaperCase.Read();
        IReadOnlyList<DevicePlan> proposed = Strategies.Plan(problem, IsacFlMethods.Exact, cancellationToken);
        IReadOnlyList<DevicePlan>[] plans = [.. Percentages.Select(p => PaperCase.SplitEnergy(problem, proposed, p / 100.0))];
        double[] success = [.. plans.Select(p => p.Average(d => d.UploadSuccess))];
        double[] snrDb = [.. plans.Select(p => 10 * Math.Log10(p.Min(d => d.SensingSnr)))];
        IReadOnlyList<LearningCurve> curves = learn(
        [
            .. plans.Select((plan, i) => LearningTask.For($"IID at {Percentages[i]} %", plan, nonIid: false)),
            .. plans.Select((plan, i) => LearningTask.For($"Non-IID at {Percentages[i]} %", plan, nonIid: true)),
        ]);
        double[] iid = [.. curves.Take(plans.Length).Select(c => c.Accuracy)], nonIid = [.. curves.Skip(plans.Length).Select(c => c.Accuracy)];
        var table = new ResultTable(
            "Ours over the communication energy ratio",
            ["ratio", "accuracy IID", "accuracy Non-IID", "q_avg", "gamma_min / dB"],
            [
                .. Percentages.Select((p, i) => (IReadOnlyList<ResultCell>)
                [
                    new ResultCell($"{p} %", p / 100.0), ResultCell.Percent(iid[i]), ResultCell.Percent(nonIid[i]), ResultCell.Of(success[i], "F3"), ResultCell.Of(snrDb[i], "F1"),
                ]),
            ]);
        string crossing = snrDb.Any(s => s < 0) ? $"at {Percentages[Array.FindIndex(snrDb, s => s < 0)]} %" : "nowhere";
        var comparison = new ResultTable(
            "Paper beside ours",
            ["statement", "paper", "ours"],
            [
                ["accuracy IID from 10 to 40 %", "rises", Change(iid, 0, 3)],
                ["accuracy Non-IID from 10 to 40 %", "rises, by more", Change(nonIid, 0, 3)],
                ["q_avg from 10 to 40 %", "rises rapidly", FormattableString.Invariant($"{success[0]:F2} to {success[3]:F2}")],
                ["best ratio IID", "about 40 %", Best(iid)],
                ["best ratio Non-IID", "about 40 %", Best(nonIid)],
                ["accuracy IID from the best ratio to 90 %", "declines", Change(iid, Array.IndexOf(iid, iid.Max()), 8)],
                ["accuracy Non-IID from the best ratio to 90 %", "declines", Change(nonIid, Array.IndexOf(nonIid, nonIid.Max()), 8)],
                ["gamma_min drops below 0 dB", "at high ratios", crossing],
            ]);
        return new FigureResult(
            9,
            "Accuracy over the communication energy ratio",
            LearningNotes.Setting(request),
            [comparison, table],
            [
                "The ratio is the share of E_k - E_G kappa D that goes into communication. Snapshots, and so D, are those of the proposed plan: the paper does not say what it holds fixed; 2 W stays the most for either, and the minimum sensing power (open in the paper) is waived, or the sweep would end where the paper's goes below 0 dB.",
                "Below about 12 % the sensing power is at its maximum, so some energy is left unspent there; likewise for the uplink above about 70 %.",
                .. LearningNotes.Common(request, nonIid: true),
            ],
            Chart(request, iid, nonIid, success, snrDb));
    }

    private static SvgFigure Chart(ReproductionRequest request, double[] iid, double[] nonIid, double[] success, double[] snrDb)
    {
        var ratio = new Axis("communication energy ratio / %", 0, 100);
        LineSeries Line(string name, double[] values, double scale) => new(name, [.. Percentages.Select((p, i) => ((double)p, scale * values[i]))]);
        return new SvgFigure(
            $"isac-fl, Fig. 9: trade-off over the energy split ({LearningNotes.DatasetName(request)})",
            [
                new LinePanel("Test accuracy", ratio, new Axis("accuracy / %", Maximum: 100), [Line("accuracy, IID", iid, 100), Line("accuracy, Non-IID", nonIid, 100)]),
                new LinePanel("Mean upload success", ratio, new Axis("probability", Maximum: 1), [Line("q_avg", success, 1)]),
                new LinePanel("Least sensing SNR", ratio, new Axis("SNR / dB"), [Line("gamma_min", snrDb, 1)]),
            ])
        {
            Columns = 3,
            PanelWidth = 410,
            PanelHeight = 380,
        };
    }

    private static ResultCell Change(double[] values, int from, int to) => FormattableString.Invariant($"{100 * values[from]:F1} to {100 * values[to]:F1} %");

    private static ResultCell Best(double[] values) => $"{Percentages[Array.IndexOf(values, values.Max())]} %";
}
