using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Cli.Reproduction.Iscc;

/// <summary>One of Figs. 2 to 7: success rate, offloaded share and energy cost of all schemes over one parameter.</summary>
/// <param name="Number">Number of the figure.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Axis">The parameter, with its unit.</param>
/// <param name="Values">Its values.</param>
/// <param name="Scene">The scene at a value.</param>
/// <param name="Compare">Statements of the paper beside ours: statement, paper, ours.</param>
/// <param name="Notes">What differs and why.</param>
internal sealed record SweepFigure(
    int Number,
    string Title,
    string Axis,
    IReadOnlyList<double> Values,
    Func<double, IsccScene> Scene,
    Func<SweepResult, IReadOnlyList<(string Statement, string Paper, string Ours)>> Compare,
    IReadOnlyList<string> Notes)
{
    /// <summary>Whether the horizontal axis shows the logarithm of the values.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>Solves and lays out.</summary>
    public FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        int draws = options.Budget == "quick" ? 2 : 20;
        Sample[][] samples = Sweep.Run([.. Values.Select(Scene)], Scheme.All, draws, options.Seed, progress, cancellationToken);
        var result = new SweepResult(Values, samples);
        var comparison = new ResultTable(
            "Paper beside ours",
            ["statement", "paper", "ours"],
            [.. Compare(result).Select(c => (IReadOnlyList<ResultCell>)[c.Statement, c.Paper, c.Ours])]);
        double worst = samples.Select(s => s[0].Gap).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
        return new FigureResult(
            Number,
            Title,
            FormattableString.Invariant($"Table I of the paper where the figure does not say otherwise; {draws} draws per point from seed {options.Seed}; 64 antennas everywhere"),
            [
                comparison,
                Table("Success rate", samples, s => ResultCell.Percent(s.Success)),
                Table("Mean offloaded share", samples, s => ResultCell.Of(s.Offloading, "F3")),
                Table("Energy cost, mean over the feasible draws", samples, s => ResultCell.Of(s.Cost, "G4")),
            ],
            [.. Notes, FormattableString.Invariant($"refined: at most {100 * worst:F2} % above the proven lower bound at every point of this figure.")],
            Chart(samples));
    }


    private ResultTable Table(string title, Sample[][] samples, Func<Sample, ResultCell> cell) => new(
        title,
        [Axis, .. Scheme.All.Select(s => s.Name)],
        [.. samples.Select((row, i) => (IReadOnlyList<ResultCell>)[ResultCell.Of(Values[i], "G4"), .. row.Select(cell)])]);

    private SvgFigure Chart(Sample[][] samples)
    {
        double X(int i) => Logarithmic ? Math.Log10(Values[i]) : Values[i];
        var axis = new Axis(Logarithmic ? $"log10 {Axis}" : Axis);
        LinePanel Panel(string title, Axis vertical, Func<Sample, double> value) => new(
            title, axis, vertical, [.. Scheme.All.Select((scheme, s) => new LineSeries(scheme.Name, [.. samples.Select((row, i) => (X(i), value(row[s])))]))]);
        return new SvgFigure(
            $"iscc, Fig. {Number}: {Title}",
            [
                Panel("Success rate", new Axis("success / %", 0, 100), s => 100 * s.Success),
                Panel("Mean offloaded share", new Axis("share", 0, 1), s => s.Offloading),
                Panel("Energy cost", new Axis("log10 cost"), s => Math.Log10(s.Cost)),
            ])
        { Columns = 3, PanelWidth = 410, PanelHeight = 380 };
    }
}
