using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Cli.Reproduction.VflBeamforming;

/// <summary>Mean rates of schemes over the SNR.</summary>
/// <param name="Schemes">The curves.</param>
/// <param name="Rates">[SNR][scheme] in bit/s/Hz.</param>
/// <param name="SolveSeconds">[scheme], median over the cases of the highest SNR.</param>
internal sealed record SnrSweep(IReadOnlyList<BeamScheme> Schemes, double[][] Rates, double[] SolveSeconds)
{
    /// <summary>The paper's range; its step is not given.</summary>
    public static readonly double[] SnrDb = [0, 5, 10, 15, 20, 25, 30];

    /// <summary>Plans the same drawn cases with every scheme.</summary>
    /// <param name="schemes">The curves.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    /// <param name="rate">Which rate of a plan is shown.</param>
    /// <param name="draws">Cases per SNR.</param>
    /// <param name="seed">Seed of the first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static SnrSweep Run(
        IReadOnlyList<BeamScheme> schemes, double rho, Func<VflBeamformingPlan, double> rate, int draws, ulong seed, CancellationToken cancellationToken)
    {
        var planner = new VflBeamformingPlanner(TimeProvider.System);
        double[] medians = new double[schemes.Count];
        double[][] rates =
        [
            .. SnrDb.Select(snr =>
            {
                double[] means = new double[schemes.Count];
                List<double>[] seconds = [.. schemes.Select(_ => new List<double>())];
                for (ulong i = 0; i < (ulong)draws; i++)
                {
                    VflBeamformingCase problem = new MultiCellScene { SnrDb = snr, Rho = rho }.Draw(seed + i);
                    for (int s = 0; s < schemes.Count; s++)
                    {
                        VflBeamformingAnswer answer = schemes[s].Solve(planner, problem, cancellationToken);
                        means[s] += rate(answer.Plan) / draws;
                        seconds[s].Add(answer.SolveTime.TotalSeconds);
                    }
                }

                for (int s = 0; s < schemes.Count; s++)
                {
                    medians[s] = seconds[s].Order().ElementAt(draws / 2);
                }

                return means;
            }),
        ];
        return new SnrSweep(schemes, rates, medians);
    }

    /// <summary>The mean rate of a scheme at an SNR.</summary>
    public double At(double snrDb, string name) => Rates[Array.IndexOf(SnrDb, snrDb)][Schemes.ToList().FindIndex(s => s.Name == name)];

    /// <summary>Median time of a plan at the highest SNR, as text.</summary>
    public string Time(string name) => FormattableString.Invariant($"{1e3 * SolveSeconds[Schemes.ToList().FindIndex(s => s.Name == name)]:G3} ms");

    /// <summary>The largest gain of one scheme over another over the range, and where.</summary>
    public string LargestGain(string name, string over)
    {
        double snr = SnrDb.MaxBy(s => At(s, name) / At(s, over));
        return FormattableString.Invariant($"{VflBeamformingFigures.Gain(At(snr, name), At(snr, over))} at {snr:F0} dB");
    }

    /// <summary>All rates as a table.</summary>
    public ResultTable Table(string title) => new(
        title,
        ["SNR / dB", .. Schemes.Select(s => s.Name)],
        [.. SnrDb.Select((snr, i) => (IReadOnlyList<ResultCell>)[ResultCell.Of(snr, "F0"), .. Rates[i].Select(r => ResultCell.Of(r, "F2"))])]);

    /// <summary>All rates as lines.</summary>
    public SvgFigure Chart(string title, string rate) => new(
        title,
        [
            new LinePanel(
                rate,
                new Axis("SNR / dB", 0, 30),
                new Axis($"{rate} / bit/s/Hz", 0),
                [.. Schemes.Select((scheme, s) => new LineSeries(scheme.Name, [.. SnrDb.Select((snr, i) => (snr, Rates[i][s]))]))]),
        ])
    { PanelHeight = 440 };
}
