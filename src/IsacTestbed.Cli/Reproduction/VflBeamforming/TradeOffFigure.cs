using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Cli.Reproduction.VflBeamforming;

/// <summary>Fig. 5: communication rate against radar information rate over rho, for several numbers of antennas, at 30 dB.</summary>
internal static class TradeOffFigure
{
    private static readonly int[] Antennas = [12, 16, 20];
    private static readonly double[] Rhos = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    // The ends between which time is shared.
    private const double SensingEnd = 0.01;
    private const double CommunicationEnd = 0.99;

    /// <summary>Trains one set of networks per number of antennas, for all weights at once, and plans.</summary>
    public static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        var networks = new FigureNetworks(options.Budget == "quick", options.Seed, progress);
        int draws = networks.Draws / (networks.Quick ? 3 : 5);
        var planner = new VflBeamformingPlanner(TimeProvider.System);
        BeamPolicy[] policies = FigureNetworks.SideBySide(
            cancellationToken,
            [
                .. Antennas.Select(antennas => (Func<BeamPolicy>)(() =>
                    networks.Ours(VflBeamformingMethods.Vfl, 0, 1, 20, new MultiCellScene { Antennas = antennas }, cancellationToken))),
            ]);
        Front[] fronts =
        [
            .. Antennas.Select((antennas, index) =>
            {
                var scene = new MultiCellScene { Antennas = antennas };
                BeamPolicy policy = policies[index];
                Front front = Front.Of(antennas, [SensingEnd, .. Rhos, CommunicationEnd], rho =>
                {
                    VflBeamformingCase[] cases = [.. Enumerable.Range(0, draws).Select(i => (scene with { Rho = rho }).Draw(options.Seed + (ulong)i))];
                    return (
                        Mean(cases.Select(c => planner.Run(c, VflBeamformingMethods.Vfl, policy).Plan)),
                        Mean(cases.Select(c => planner.Solve(c, VflBeamformingMethods.Gradient, cancellationToken).Plan)));
                });
                progress.WriteLine($"planned {antennas} antennas");
                return front;
            }),
        ];
        string Both(Func<Front, string> value) => string.Join("; ", fronts.Select(f => $"N_T = {f.Antennas}: {value(f)}"));
        static string Percent(double share) => FormattableString.Invariant($"{100 * share:+0;-0;0} %");
        return new FigureResult(
            5,
            "communication rate against radar information rate at 30 dB",
            FormattableString.Invariant($"M = 3, K = J = 2; {draws} drawn cases per point, none of them seen in training; {options.Budget} budget, seed {options.Seed}"),
            [
                new ResultTable(
                    "Paper beside ours",
                    ["statement", "paper", "ours"],
                    [
                        ["VFL over time sharing at N_T = 12, communication rate at the same radar rate", "up to +58 %", Percent(fronts[0].LargestGain(p => p.Learned))],
                        ["the same at N_T = 20", "up to +63 %", Percent(fronts[^1].LargestGain(p => p.Learned))],
                        ["the same of the best found", "", Both(f => Percent(f.LargestGain(p => p.Best)))],
                        ["the front expands with the antennas", "yes", Both(f => FormattableString.Invariant($"R_c at rho = 0.99 {f.Points[^1].Learned.Communication:F1}, R_s at rho = 0.01 {f.Points[0].Learned.Sensing:F1}"))],
                        ["VFL reaches of the best objective found", "", Both(f => FormattableString.Invariant($"{100 * f.Points.Min(p => p.Share):F1} to {100 * f.Points.Max(p => p.Share):F1} %"))],
                    ]),
                new ResultTable(
                    "Means over the draws in bit/s/Hz",
                    ["N_T", "rho", "VFL R_c", "VFL R_s", "gradient R_c", "gradient R_s"],
                    [
                        .. fronts.SelectMany(f => f.Points.Select(p => (IReadOnlyList<ResultCell>)
                        [
                            ResultCell.Of(f.Antennas, "F0"), ResultCell.Of(p.Rho, "G2"), ResultCell.Of(p.Learned.Communication, "F2"), ResultCell.Of(p.Learned.Sensing, "F2"),
                            ResultCell.Of(p.Best.Communication, "F2"), ResultCell.Of(p.Best.Sensing, "F2"),
                        ])),
                    ]),
            ],
            [
                "Time sharing: a share of the time with the beams of rho = 0.99, the rest with those of rho = 0.01, each of the same scheme; the paper does not say which two points it takes.",
                "Here one set of networks per number of antennas serves every rho, which is one of their inputs; the paper trains one for each.",
                networks.Remark,
                VflBeamformingFigures.OpenFigures,
            ],
            new SvgFigure(
                "vfl-beamforming, Fig. 5: trade-off at 30 dB",
                [
                    new LinePanel(
                        "Over rho",
                        new Axis("radar information rate / bit/s/Hz"),
                        new Axis("communication rate / bit/s/Hz"),
                        [
                            .. fronts.Select(f => Line($"VFL, N_T = {f.Antennas}", f, p => p.Learned)),
                            .. fronts.Select(f => Line($"gradient, N_T = {f.Antennas}", f, p => p.Best)),
                            .. fronts.Select(f => new LineSeries($"time sharing, N_T = {f.Antennas}", [Ends(f.Points[0].Learned), Ends(f.Points[^1].Learned)])),
                        ]),
                ])
            { PanelHeight = 480 });

        static LineSeries Line(string name, Front front, Func<FrontPoint, RatePair> pair) => new(name, [.. front.Points.Select(p => Ends(pair(p)))]);
        static (double X, double Y) Ends(RatePair pair) => (pair.Sensing, pair.Communication);
    }

    private static RatePair Mean(IEnumerable<VflBeamformingPlan> plans)
    {
        VflBeamformingPlan[] all = [.. plans];
        return new RatePair(all.Average(p => p.CommunicationRate), all.Average(p => p.SensingRate));
    }
}
