using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Fig. 6: sensing error over the pulse length for several numbers of devices.</summary>
internal static class PulseLengthFigure
{
    private static readonly int[] Lengths = [16, 32, 64, 128];
    private static readonly int[] Fleets = [5, 10, 15];

    /// <summary>Runs trials at every point.</summary>
    public static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        int trials = options.Budget == "quick" ? 10 : 100;
        var planner = new OtaFeelPlanner(TimeProvider.System);
        double noise = PaperScenario.Create(options.Seed, new PaperScenario.Settings()).Case.SensingNoise[0];
        var points = new List<(int Devices, int Length, LocalisationTrials Trials, double Interfered)>();
        foreach (int devices in Fleets)
        {
            var scenario = PaperScenario.Create(options.Seed, new PaperScenario.Settings { Devices = devices });
            foreach (int length in Lengths)
            {
                OtaFeelCase problem = scenario.Case with { PulseLength = length, SensingNoise = [.. Enumerable.Repeat(noise, devices)] };
                problem = problem with { SensingErrorLimit = problem.CrbLowerBound(0.8 * devices * problem.PowerWatts) };
                OtaFeelPlan plan = planner.Solve(problem, OtaFeelMethods.Descent, cancellationToken).Plan!;
                points.Add((
                    devices,
                    length,
                    LocalisationTrials.Run(scenario.Scene, scenario.Target, plan.Precoders, length, noise, scenario.Region, trials, options.Seed, 40, cancellationToken),
                    SplitFrame.WhiteSymbols(problem, plan, scenario.Scene, scenario.Target).CramerRaoBound()));
                progress.WriteLine($"K = {devices}, T = {length}");
            }
        }

        bool falls = Fleets.All(k => Falls([.. points.Where(p => p.Devices == k).Select(p => p.Trials.CramerRaoBound)]));
        bool fleet = Lengths.All(t => Falls([.. points.Where(p => p.Length == t).Select(p => p.Trials.CramerRaoBound)]));
        return new FigureResult(
            6,
            "Sensing error over the pulse length",
            FormattableString.Invariant($"M = 4, N = 16, I = 2, {trials} trials per point from seed {options.Seed}"),
            [
                new ResultTable(
                    "Paper beside ours",
                    ["statement", "paper", "ours"],
                    [
                        ["the error falls with T", "monotonically", falls ? "yes, as 1/T" : "no"],
                        ["the error falls with K", "yes", fleet ? "yes" : "no"],
                    ]),
                new ResultTable(
                    "Mean squared errors in square metres",
                    ["K", "T", "bound (22)", "federated", "bound with white symbols"],
                    [
                        .. points.Select(p => (IReadOnlyList<ResultCell>)
                        [
                            ResultCell.Of(p.Devices, "F0"), ResultCell.Of(p.Length, "F0"), ResultCell.Of(p.Trials.CramerRaoBound, "G3"), ResultCell.Of(p.Trials.Federated, "G3"), ResultCell.Of(p.Interfered, "G3"),
                        ]),
                    ]),
            ],
            [
                OtaFeelFigures.OpenFigures,
                "The bound with white symbols counts the other devices' echoes as noise: (37e) is not zero for symbols that change from interval to interval, so the orthogonal pulses do not remove them. The paper's curve is the bound without them.",
            ],
            new SvgFigure(
                "ota-feel, Fig. 6: sensing error over the pulse length",
                [
                    new LinePanel(
                        "Squared location error",
                        new Axis("log2 T", 4, 7),
                        new Axis("log10 of the squared error / m^2"),
                        [
                            .. Fleets.Select(k => Line($"federated, K = {k}", k, p => p.Federated)),
                            .. Fleets.Select(k => Line($"bound, K = {k}", k, p => p.CramerRaoBound)),
                        ]),
                ])
            { PanelHeight = 420 });

        LineSeries Line(string name, int devices, Func<LocalisationTrials, double> value) =>
            new(name, [.. points.Where(p => p.Devices == devices).Select(p => (Math.Log2(p.Length), OtaFeelFigures.Log(value(p.Trials))))]);

        static bool Falls(double[] values) => values.Zip(values.Skip(1)).All(pair => pair.Second < pair.First);
    }
}
