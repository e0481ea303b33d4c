using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Figs. 8 and 9: Pareto fronts of aggregation against sensing error, over pulse lengths and over server antennas.</summary>
internal static class FrontFigure
{
    private static readonly int[] Lengths = [16, 32, 64];
    private static readonly int[] Antennas = [8, 16, 32];

    /// <summary>Fig. 8, with the trade-off of split frames beside the paper's design.</summary>
    public static FigureResult OverPulseLengths(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        var scenario = PaperScenario.Create(options.Seed, new PaperScenario.Settings());
        OtaFeelCase problem = Unequal(scenario.Case);
        (string Name, ParetoFront Front)[] fronts = [.. Lengths.Select(t => Front($"T = {t}", problem with { PulseLength = t }, options, progress, cancellationToken))];
        OtaFeelCase longest = problem with { PulseLength = 64 };
        longest = longest with { SensingErrorLimit = longest.CrbLowerBound(0.3 * longest.Devices * longest.PowerWatts) };
        SplitFrame[] frames = [.. Enumerable.Range(0, 5).Select(blocks => SplitFrame.Create(longest, blocks, cancellationToken))];
        double[] bounds = [.. frames.Select(f => f.Information(scenario.Scene, scenario.Target).CramerRaoBound())];
        (double Mse, double Bound)[] paper =
        [
            .. fronts[^1].Front.Points.Select(p => (p.Plan.Mse, SplitFrame.WhiteSymbols(longest, p.Plan, scenario.Scene, scenario.Target).CramerRaoBound())),
        ];
        FigureResult result = Layout(8, "T", scenario, fronts, "MSE falls a little with T: no, it does not depend on T at all; a longer pulse helps the sensing alone");
        var split = new ResultTable(
            "Split frames of T = 64 beside the paper's design (white symbols, other devices' echoes counted as noise)",
            ["design", "fresh symbols per frame", "MSE per symbol", "location bound / m^2"],
            [
                .. frames.Select((f, i) => (IReadOnlyList<ResultCell>)
                [
                    FormattableString.Invariant($"split, {f.SensingBlocks} sensing blocks"), ResultCell.Of(f.Aggregation.Pulses.Length, "F0"), ResultCell.Of(f.Aggregation.Mse, "G3"), ResultCell.Of(bounds[i], "G3"),
                ]),
                .. paper.Select((p, i) => (IReadOnlyList<ResultCell>)
                [
                    FormattableString.Invariant($"orthogonal pulses, limit {i + 1} of {paper.Length}"), ResultCell.Of(64, "F0"), ResultCell.Of(p.Mse, "G3"), ResultCell.Of(p.Bound, "G3"),
                ]),
            ]);
        var panel = new LinePanel(
            "Split frames and the paper's design, T = 64",
            new Axis("log10 of the location bound / m^2"),
            new Axis("log10 of the MSE per symbol"),
            [
                new LineSeries("split frame", [.. frames.Select((f, i) => (OtaFeelFigures.Log(bounds[i]), OtaFeelFigures.Log(f.Aggregation.Mse)))]),
                new LineSeries("orthogonal pulses", [.. paper.Select(p => (OtaFeelFigures.Log(p.Bound), OtaFeelFigures.Log(p.Mse)))]),
            ]);
        return result with
        {
            Tables = [.. result.Tables, split],
            Notes =
            [
                .. result.Notes,
                "A split frame spends blocks of K intervals on known, repeated symbols under orthogonal pulses, which separate the echoes exactly, and aggregates under one common pulse in the rest: fewer fresh symbols, each with a far smaller error.",
            ],
            Chart = result.Chart with { Panels = [.. result.Chart.Panels, panel] },
        };
    }

    /// <summary>Fig. 9.</summary>
    public static FigureResult OverAntennas(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        var scenario = PaperScenario.Create(options.Seed, new PaperScenario.Settings());
        (string Name, ParetoFront Front)[] fronts =
        [
            .. Antennas.Select(n => Front(
                $"N = {n}", Unequal(PaperScenario.Create(options.Seed, new PaperScenario.Settings { ServerAntennas = n }).Case), options, progress, cancellationToken)),
        ];
        return Layout(9, "N", scenario, fronts, "MSE falls with N: yes");
    }

    // Weights that fall by device, so that the power of most devices only disturbs.
    private static OtaFeelCase Unequal(OtaFeelCase problem) =>
        problem with { Weights = [.. Enumerable.Range(0, problem.Devices).Select(k => new[] { Math.Pow(0.7, k), Math.Pow(0.7, k) })] };

    private static (string Name, ParetoFront Front) Front(
        string name, OtaFeelCase problem, ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        int points = options.Budget == "quick" ? 6 : 15;
        progress.WriteLine(name);
        IReadOnlyList<double> limits = ParetoFront.BindingLimits(problem, points, OtaFeelMethods.Refined, cancellationToken);
        return (name, ParetoFront.Compute(problem, limits, OtaFeelMethods.Refined, null, cancellationToken));
    }

    // Trace of the inverse of (22), without interference.
    private static double CramerRaoBound(PaperScenario scenario, OtaFeelPlan plan) =>
        FisherInformation.Of(scenario.Scene, scenario.Target, plan.Precoders, plan.Pulses.Length, scenario.Case.SensingNoise).CramerRaoBound();

    private static FigureResult Layout(int number, string variable, PaperScenario scenario, (string Name, ParetoFront Front)[] fronts, string verdict) => new(
        number,
        $"Pareto front for different {variable}",
        FormattableString.Invariant($"K = {scenario.Case.Devices}, M = 4, I = 2, unequal weights (0.7^k for device k, both tasks), refined at every limit"),
        [
            new ResultTable(
                "Paper beside ours",
                ["statement", "paper", "ours"],
                [
                    ["a lower sensing error costs aggregation error", "yes", string.Join("; ", fronts.Select(f => FormattableString.Invariant($"{f.Name}: MSE {f.Front.Points[0].Plan.Mse:G4} at the tightest, {f.Front.Points[^1].Plan.Mse:G4} at the loosest limit")))],
                    [$"effect of {variable}", "aggregation error falls, sensing error improves marginally", verdict],
                ]),
            new ResultTable(
                "Points",
                ["curve", "epsilon_0", "MSE", "lower bound of the MSE", "CRB_L", "bound (22) / m^2"],
                [
                    .. fronts.SelectMany(f => f.Front.Points.Select(p => (IReadOnlyList<ResultCell>)
                    [
                        f.Name, ResultCell.Of(p.Limit, "G3"), ResultCell.Of(p.Plan.Mse, "G4"), ResultCell.Of(p.LowerBound ?? double.NaN, "G4"), ResultCell.Of(p.Plan.CrbLowerBound, "G3"), ResultCell.Of(CramerRaoBound(scenario, p.Plan), "G3"),
                    ])),
                ]),
        ],
        [
            OtaFeelFigures.OpenFigures,
            "With equal weights full power is best for both errors and the front is one point. Unequal weights and more streams than antennas are needed for a trade-off.",
        ],
        new SvgFigure(
            $"ota-feel, Fig. {number}: Pareto front for different {variable}",
            [
                new LinePanel(
                    "Aggregation error against CRB_L",
                    new Axis("log10 of CRB_L"),
                    new Axis("MSE (7)"),
                    [.. fronts.Select(f => new LineSeries(f.Name, [.. f.Front.Points.Select(p => (OtaFeelFigures.Log(p.Plan.CrbLowerBound), p.Plan.Mse))]))]),
            ])
        { PanelHeight = 380 });
}
