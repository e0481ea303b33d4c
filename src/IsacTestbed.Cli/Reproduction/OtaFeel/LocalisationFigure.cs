using IsacTestbed.Cli.Plots;
using IsacTestbed.Core;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Fig. 4: mean squared error of the location over the rounds, and the error of the estimators over the noise.</summary>
internal static class LocalisationFigure
{
    private const int Rounds = 40;
    private static readonly double[] Bounds = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

    /// <summary>Runs trials.</summary>
    public static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        int trials = options.Budget == "quick" ? 40 : 200;
        var settings = new PaperScenario.Settings();
        var scenario = PaperScenario.Create(options.Seed, settings);
        OtaFeelCase alone = scenario.Case with { Weights = [.. scenario.Case.Weights.Select(row => new[] { row[0] })] };
        var planner = new OtaFeelPlanner(TimeProvider.System);
        OtaFeelPlan joint = planner.Solve(scenario.Case, OtaFeelMethods.Refined, cancellationToken).Plan!;
        OtaFeelPlan single = planner.Solve(alone, OtaFeelMethods.Refined, cancellationToken).Plan!;
        OtaFeelPlan common = SplitFrame.Create(scenario.Case, 0, cancellationToken).Aggregation;
        double noise = scenario.Case.SensingNoise[0];
        double bound = Bound(scenario, joint, noise);
        (string Name, Func<uint, SumAggregation> Links, double Stride)[] setups =
        [
            ("Setup I: perfect links", _ => FederatedLocalisation.PerfectLinks, 0.5),
            ("Setup II: over the air, I = 1", trial => new ModelledAir(alone, single, Air(options.Seed, trial, 1)).Sum, 0.1),
            ("Setup III: over the air, I = 2", trial => new ModelledAir(scenario.Case, joint, Air(options.Seed, trial, 2)).Sum, 0.1),
            ("Setup III, common pulse", trial => new ModelledAir(scenario.Case, common, Air(options.Seed, trial, 3)).Sum, 0.1),
        ];
        var errors = new double[setups.Length, Rounds + 1];
        double shot = 0;
        for (uint trial = 0; trial < trials; trial++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DeviceStatistics[] statistics = Draw(scenario, joint, noise, options.Seed, trial);
            LocalisationLoss[] losses = [.. statistics.Select(s => new LocalisationLoss(scenario.Scene, s))];
            shot += TargetEstimator.SingleShot(scenario.Scene, statistics, scenario.Region).SquaredDistanceTo(scenario.Target) / trials;
            for (int s = 0; s < setups.Length; s++)
            {
                IReadOnlyList<Location> path = new FederatedLocalisation(losses, scenario.Region, setups[s].Links(trial), setups[s].Stride).Run(Rounds);
                for (int r = 0; r <= Rounds; r++)
                {
                    errors[s, r] += path[r].SquaredDistanceTo(scenario.Target) / trials;
                }
            }

            progress.WriteLine($"trial {trial + 1} of {trials}");
        }

        LocalisationTrials[] curve =
        [
            .. Bounds.Select(wanted => LocalisationTrials.Run(
                scenario.Scene, scenario.Target, joint.Precoders, scenario.Case.PulseLength, noise * wanted / bound, scenario.Region, trials, options.Seed, Rounds, cancellationToken)),
        ];
        LineSeries Path(int s) => new(setups[s].Name, [.. Enumerable.Range(0, Rounds + 1).Select(r => ((double)r, OtaFeelFigures.Log(errors[s, r])))]);
        LineSeries Flat(string name, double value) => new(name, [(0, OtaFeelFigures.Log(value)), (Rounds, OtaFeelFigures.Log(value))]);
        LineSeries Curve(string name, Func<LocalisationTrials, double> value) =>
            new(name, [.. curve.Select(c => (-OtaFeelFigures.Log(c.CramerRaoBound), OtaFeelFigures.Log(value(c))))]);
        return new FigureResult(
            4,
            "Location error over the rounds",
            FormattableString.Invariant($"K = 15, M = 4, N = 16, T = 16, {trials} trials from seed {options.Seed}; statistics by (14), sums by (3) to (5), no radios"),
            [
                new ResultTable(
                    "Paper beside ours",
                    ["statement", "paper", "ours"],
                    [
                        ["Setup I reaches the joint bound", "yes", FormattableString.Invariant($"{errors[0, Rounds]:G3} m^2 against {bound:G3} m^2")],
                        ["Setups II and III reach it too", "yes, III the slowest", FormattableString.Invariant($"II {errors[1, Rounds]:G3} m^2, III {errors[2, Rounds]:G3} m^2, III with a common pulse {errors[3, Rounds]:G3} m^2")],
                        ["single-shot stays far above", "yes", FormattableString.Invariant($"{shot:G3} m^2")],
                    ]),
                new ResultTable(
                    "Mean squared error over the noise, in square metres",
                    ["bound", "joint", "federated, perfect links", "single-shot", "joint over bound"],
                    [
                        .. curve.Select(c => (IReadOnlyList<ResultCell>)
                        [
                            ResultCell.Of(c.CramerRaoBound, "G3"), ResultCell.Of(c.Joint, "G3"), ResultCell.Of(c.Federated, "G3"), ResultCell.Of(c.SingleShot, "G3"), ResultCell.Of(c.Joint / c.CramerRaoBound, "F2"),
                        ]),
                    ]),
            ],
            [
                OtaFeelFigures.OpenFigures,
                "The bound is the trace of the inverse of (22) with the factor 2 and the real part that (22) lacks. The estimates reach it where it is small and leave it once it nears the size of the region searched, which also limits the error.",
                "One device observes elevation and distance but no azimuth (eq. (9)): its own estimate is undetermined along a curve, and an average of such estimates cannot be right. That, not a lack of samples, is why single-shot fails.",
                "Gradients start from a coarse search, whose losses are summed like gradients, and are scaled by the summed Fisher information; plain gradients from a random start stall far from the target.",
                "The first round of the over-the-air setups chooses the start from noisy sums of losses: where the aggregation error is large it can choose wrongly, which no number of rounds repairs.",
            ],
            new SvgFigure(
                "ota-feel, Fig. 4: location error",
                [
                    new LinePanel(
                        "Over the rounds",
                        new Axis("round", 0, Rounds),
                        new Axis("log10 of the squared error / m^2"),
                        [.. Enumerable.Range(0, setups.Length).Select(Path), Flat("single-shot", shot), Flat("Cramer-Rao bound", bound)]),
                    new LinePanel(
                        "Over the sensing SNR",
                        new Axis("log10 of 1 m^2 over the bound"),
                        new Axis("log10 of the squared error / m^2"),
                        [Curve("joint", c => c.Joint), Curve("federated", c => c.Federated), Curve("single-shot", c => c.SingleShot), Curve("Cramer-Rao bound", c => c.CramerRaoBound)]),
                ]));
    }

    /// <summary>The bound (22) of a plan.</summary>
    public static double Bound(PaperScenario scenario, OtaFeelPlan plan, double noise) => FisherInformation.Of(
        scenario.Scene, scenario.Target, plan.Precoders, scenario.Case.PulseLength, [.. scenario.Scene.Devices.Select(_ => noise)]).CramerRaoBound();

    /// <summary>Draws the statistics of all devices.</summary>
    public static DeviceStatistics[] Draw(PaperScenario scenario, OtaFeelPlan plan, double noise, ulong seed, uint trial) =>
    [
        .. plan.Precoders.Select((c, k) => DeviceStatistics.Draw(
            scenario.Scene, k, scenario.Target, c, scenario.Case.PulseLength, noise, new CounterRandom(seed, RandomPurpose.ReceiverNoise, trial, (uint)k))),
    ];

    private static CounterRandom Air(ulong seed, uint trial, uint setup) => new(seed, RandomPurpose.ReceiverNoise, trial, 1000 + setup);
}
