using System.Globalization;
using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Cli.Reproduction.Iscc;

/// <summary>Fig. 8: offloaded share of ten unequal users with two processors at the access point.</summary>
internal static class HeterogeneityFigure
{
    // At 0.2 s the least shares need more than 20 GHz; from about 0.23 s on 20 GHz bind no more.
    private const double Latency = 0.22;
    private static readonly double[] Capacities = [20e9, 50e9];

    /// <summary>Solves and lays out.</summary>
    public static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        int draws = options.Budget == "quick" ? 2 : 20;
        Scheme[] schemes = [.. Scheme.All.Where(s => s.Method is IsccMethods.Refined or IsccMethods.ScaAdmm)];
        Sample[][] samples = Sweep.Run([.. Capacities.Select(Scene)], schemes, draws, options.Seed, progress, cancellationToken);
        (string Name, IReadOnlyList<double> Shares)[] curves =
        [
            .. from capacity in Enumerable.Range(0, Capacities.Length)
               from scheme in Enumerable.Range(0, schemes.Length)
               select (FormattableString.Invariant($"{schemes[scheme].Name}, C^ap = {Capacities[capacity] / 1e9:F0} GHz"), samples[capacity][scheme].PerUser),
        ];
        var table = new ResultTable(
            "Offloaded share",
            ["user", "beta", "C^u / GHz", .. curves.Select(c => c.Name)],
            [
                .. Enumerable.Range(0, 10).Select(k => (IReadOnlyList<ResultCell>)
                [
                    (k + 1).ToString(CultureInfo.InvariantCulture), ResultCell.Of(Ratio(k), "F2"), ResultCell.Of(Clock(k) / 1e9, "F2"), .. curves.Select(c => ResultCell.Of(c.Shares[k], "F3")),
                ]),
            ]);
        var comparison = new ResultTable(
            "Paper beside ours",
            ["statement", "paper", "ours"],
            [
                ["the share falls with the index", "yes, both capacities", string.Join("; ", curves.Select(c => $"{c.Name}: {(c.Shares.Zip(c.Shares.Skip(1)).All(p => p.Second <= p.First + 0.005) ? "yes" : "no")}"))],
                ["50 GHz gives the larger shares", "at every user", FormattableString.Invariant($"refined: at {curves[0].Shares.Zip(curves[2].Shares).Count(p => p.Second >= p.First - 1e-3)} of 10 users, by up to {curves[0].Shares.Zip(curves[2].Shares).Max(p => p.Second - p.First):F3}")],
            ]);
        return new FigureResult(
            8,
            "offloaded share of ten unequal users",
            FormattableString.Invariant($"beta_k from 0.1 to 5.0, C_k^u from 1 to 5 GHz, latency {Latency} s, {draws} draws from seed {options.Seed}"),
            [comparison, table],
            [
                "The paper gives no latency for this figure. At 0.22 s 20 GHz bind: at 0.2 s the least shares already need more, from about 0.23 s on both capacities give the same plan. Where 20 GHz bind at all, the users with cheap local cycles give way.",
                "The first users' shares are the least that their processors allow, 1 - C^u tau / (varpi Q); they cannot depend on the capacity.",
            ],
            new SvgFigure(
                "iscc, Fig. 8: offloaded share of ten unequal users",
                [new LinePanel("Offloaded share", new Axis("user", 1, 10), new Axis("share", 0, 1), [.. curves.Select(c => new LineSeries(c.Name, [.. c.Shares.Select((s, k) => (k + 1.0, s))]))])])
            { PanelHeight = 420 });
    }

    private static IsccScene Scene(double capacity) =>
        new() { Users = 10, LatencySeconds = Latency, ApCyclesPerSecond = capacity, EnergyCostRatio = Ratio, UeCyclesPerSecond = Clock };

    private static double Ratio(int user) => 0.1 + (4.9 * user / 9);

    private static double Clock(int user) => (1 + (4.0 * user / 9)) * 1e9;
}
