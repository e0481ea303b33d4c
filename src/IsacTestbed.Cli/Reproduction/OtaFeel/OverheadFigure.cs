using IsacTestbed.Cli.Plots;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Fig. 11: real numbers sent for centralised and distributed sensing.</summary>
internal static class OverheadFigure
{
    private const int Samples = 200;
    private const int DistributedLoad = 30;
    private static readonly int[] Antennas = [8, 16, 32, 64];
    private static readonly int[] Fleets = [10, 15];

    /// <summary>Evaluates the formulas of Section IV-D.</summary>
    public static FigureResult Create() => new(
        11,
        "Sensing load over the antennas of a device",
        FormattableString.Invariant($"2 K M s with s = {Samples} against d R / tau"),
        [
            new ResultTable(
                "Real numbers, paper beside ours",
                ["M", "paper, centralised", "2 K M s, K = 10", "2 K M s, K = 15", "paper, distributed"],
                [
                    .. Antennas.Select(m => (IReadOnlyList<ResultCell>)
                    [
                        ResultCell.Of(m, "F0"), m switch { 8 => "32,000", 64 => "244,000", _ => "-" }, ResultCell.Of(Load(10, m), "F0"), ResultCell.Of(Load(15, m), "F0"), ResultCell.Of(DistributedLoad, "F0"),
                    ]),
                ]),
        ],
        [
            "The paper's 32,000 at M = 8 follows from K = 10, not from the K = 15 of its setting, and its 244,000 at M = 64 from neither (K = 10 gives 256,000).",
            "30 is d R / tau for d = 3 and ten times as many rounds as local steps. The joint estimate here needs one coarse search and a scaling on top: one number per grid point and six more, each summed over the air like the gradients.",
        ],
        new SvgFigure(
            "ota-feel, Fig. 11: sensing load",
            [
                new BarPanel(
                    "Centralised sensing",
                    "antennas M",
                    ["8", "16", "32", "64"],
                    new Axis("real numbers", 0),
                    [.. Fleets.Select(k => new BarSeries($"2 K M s, K = {k}", [.. Antennas.Select(m => Load(k, m))]))]),
            ]));

    private static double Load(int devices, int antennas) => 2.0 * devices * antennas * Samples;
}
