using System.Globalization;
using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Fig. 5: estimated and true locations in several scenarios.</summary>
internal static class EstimatesFigure
{
    private const int Scenarios = 8;

    /// <summary>One trial per scenario.</summary>
    public static FigureResult Create(ReproductionOptions options, CancellationToken cancellationToken)
    {
        var planner = new OtaFeelPlanner(TimeProvider.System);
        var rows = new List<(Location Target, Location Federated, Location Shot)>();
        for (ulong i = 0; i < Scenarios; i++)
        {
            var scenario = PaperScenario.Create(options.Seed + i, new PaperScenario.Settings());
            OtaFeelPlan plan = planner.Solve(scenario.Case, OtaFeelMethods.Descent, cancellationToken).Plan!;
            DeviceStatistics[] statistics = LocalisationFigure.Draw(scenario, plan, scenario.Case.SensingNoise[0], options.Seed, (uint)i);
            LocalisationLoss[] losses = [.. statistics.Select(s => new LocalisationLoss(scenario.Scene, s))];
            rows.Add((
                scenario.Target,
                new FederatedLocalisation(losses, scenario.Region, FederatedLocalisation.PerfectLinks).Run(40)[^1],
                TargetEstimator.SingleShot(scenario.Scene, statistics, scenario.Region)));
        }

        double federated = rows.Average(r => Math.Sqrt(r.Federated.SquaredDistanceTo(r.Target))), shot = rows.Average(r => Math.Sqrt(r.Shot.SquaredDistanceTo(r.Target)));
        return new FigureResult(
            5,
            "Estimated and true locations",
            FormattableString.Invariant($"{Scenarios} scenarios from seed {options.Seed}, K = 15, M = 4, N = 16, T = 16, one trial each"),
            [
                new ResultTable(
                    "Paper beside ours",
                    ["statement", "paper", "ours"],
                    [
                        ["estimates match the ground truth closely", "yes", FormattableString.Invariant($"mean distance {federated:G3} m")],
                        ["single-shot deviates much", "yes", FormattableString.Invariant($"mean distance {shot:G3} m")],
                    ]),
                new ResultTable(
                    "Distances from the truth in metres",
                    ["scenario", "target", "federated", "single-shot"],
                    [
                        .. rows.Select((r, i) => (IReadOnlyList<ResultCell>)
                        [
                            (i + 1).ToString(CultureInfo.InvariantCulture),
                            FormattableString.Invariant($"({r.Target.X:F1}, {r.Target.Y:F1}, {r.Target.Z:F1})"),
                            ResultCell.Of(Math.Sqrt(r.Federated.SquaredDistanceTo(r.Target)), "F3"),
                            ResultCell.Of(Math.Sqrt(r.Shot.SquaredDistanceTo(r.Target)), "F3"),
                        ]),
                    ]),
            ],
            [OtaFeelFigures.OpenFigures],
            new SvgFigure(
                "ota-feel, Fig. 5: estimated and true locations",
                [
                    new LinePanel(
                        "Seen from above",
                        new Axis("x / m"),
                        new Axis("y / m"),
                        [Points("single-shot", r => r.Shot), Points("federated", r => r.Federated), Points("target", r => r.Target)]),
                ])
            { PanelHeight = 480 });

        // A value that is not finite between two points leaves single marks.
        LineSeries Points(string name, Func<(Location Target, Location Federated, Location Shot), Location> place) =>
            new(name, [.. rows.SelectMany(r => new[] { (place(r).X, place(r).Y), (place(r).X, double.NaN) })]);
    }
}
