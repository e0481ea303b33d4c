using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Fig. 10: error over the iterations of the planner for several numbers of server antennas.</summary>
internal static class ConvergenceFigure
{
    private static readonly int[] Antennas = [8, 16, 32];

    /// <summary>Traces the exact and the printed algorithm.</summary>
    public static FigureResult Create(ReproductionOptions options, CancellationToken cancellationToken)
    {
        var planner = new OtaFeelPlanner(TimeProvider.System);
        (int Antennas, IReadOnlyList<double> Exact, IReadOnlyList<double> Fast, IReadOnlyList<double> Printed, double Best)[] runs =
        [
            .. Antennas.Select(n =>
            {
                OtaFeelCase problem = PaperScenario.Create(options.Seed, new PaperScenario.Settings { ServerAntennas = n }).Case with { Tolerance = 1e-9 };
                return (
                    n,
                    OtaFeelPlanner.PlainTrace(problem, cancellationToken),
                    planner.Solve(problem, OtaFeelMethods.Descent, cancellationToken).Trace,
                    planner.Solve(problem, OtaFeelMethods.Literal, cancellationToken).Trace,
                    planner.Solve(problem, OtaFeelMethods.Refined, cancellationToken).Plan!.Mse);
            }),
        ];
        double AtTen(IReadOnlyList<double> trace) => trace[Math.Min(9, trace.Count - 1)];
        return new FigureResult(
            10,
            "Convergence",
            FormattableString.Invariant($"K = 15, M = 4, T = 16, I = 2, one drawn case per N from seed {options.Seed}"),
            [
                new ResultTable(
                    "Paper beside ours",
                    ["statement", "paper", "ours"],
                    [
                        ["converges in", "less than 10 iterations", string.Join("; ", runs.Select(r => FormattableString.Invariant($"N = {r.Antennas}: after 10 iterations {100 * ((AtTen(r.Exact) / r.Best) - 1):F1} % above the best found, {100 * ((AtTen(r.Fast) / r.Best) - 1):F1} % with acceleration")))],
                        ["the error falls rapidly with N", "yes", string.Join("; ", runs.Select(r => FormattableString.Invariant($"N = {r.Antennas}: {r.Best:G3}")))],
                    ]),
                new ResultTable(
                    "MSE (7)",
                    ["N", "plain after 10", "plain after its last", "plain, iterations", "bcd after 10", "bcd at the end", "bcd, iterations", "as printed at the end", "refined"],
                    [
                        .. runs.Select(r => (IReadOnlyList<ResultCell>)
                        [
                            ResultCell.Of(r.Antennas, "F0"), ResultCell.Of(AtTen(r.Exact), "G4"), ResultCell.Of(r.Exact[^1], "G4"), ResultCell.Of(r.Exact.Count, "F0"), ResultCell.Of(AtTen(r.Fast), "G4"), ResultCell.Of(r.Fast[^1], "G4"), ResultCell.Of(r.Fast.Count, "F0"), ResultCell.Of(r.Printed[^1], "G4"), ResultCell.Of(r.Best, "G4"),
                        ]),
                    ]),
            ],
            [
                OtaFeelFigures.OpenFigures,
                "Plain is Algorithm 1 with the precoder problem solved exactly; bcd is the same with Anderson mixing and line steps that are kept only where they lower the error; as printed has the relaxation (35).",
                "The paper plots the average of the two errors, which have different units; here the aggregation error alone, the objective, is shown. CRB_L is a constraint and settles with the first iteration.",
            ],
            new SvgFigure(
                "ota-feel, Fig. 10: convergence",
                [
                    new LinePanel(
                        "Aggregation error over the iterations",
                        new Axis("iteration", 0, 40),
                        new Axis("log10 of the MSE (7)"),
                        [.. runs.Select(r => Line($"plain, N = {r.Antennas}", r.Exact)), .. runs.Select(r => Line($"bcd, N = {r.Antennas}", r.Fast)), .. runs.Select(r => Line($"as printed, N = {r.Antennas}", r.Printed))]),
                ])
            { PanelHeight = 380 });

        static LineSeries Line(string name, IReadOnlyList<double> trace) => new(name, [.. trace.Take(40).Select((mse, i) => (i + 1.0, OtaFeelFigures.Log(mse)))]);
    }
}
