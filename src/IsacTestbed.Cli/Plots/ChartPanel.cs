namespace IsacTestbed.Cli.Plots;

/// <summary>One coordinate system of a figure.</summary>
/// <param name="Title">Shown above it.</param>
/// <param name="Vertical">The vertical axis.</param>
internal abstract record ChartPanel(string Title, Axis Vertical)
{
    /// <summary>What must fit on the vertical axis; values that are not finite do not count.</summary>
    public abstract IEnumerable<double> Heights { get; }
}

/// <summary>Lines over a common horizontal axis.</summary>
/// <param name="Title">Shown above it.</param>
/// <param name="Horizontal">The horizontal axis.</param>
/// <param name="Vertical">The vertical axis.</param>
/// <param name="Series">The lines.</param>
internal sealed record LinePanel(string Title, Axis Horizontal, Axis Vertical, IReadOnlyList<LineSeries> Series) : ChartPanel(Title, Vertical)
{
    /// <inheritdoc/>
    public override IEnumerable<double> Heights => Series.SelectMany(s => s.Points.Select(p => p.Y));
}

/// <summary>One line; a point whose value is not finite interrupts it.</summary>
/// <param name="Name">Shown in the legend; lines of the same name look the same in every panel of a figure.</param>
/// <param name="Points">The points, in the order in which they are joined.</param>
internal sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Single hollow marks in the colour of this other series, for values to compare it with; null for a line.</summary>
    public string? ReferenceTo { get; init; }
}

/// <summary>Bars in groups, one group per category and one bar per series in it.</summary>
/// <param name="Title">Shown above it.</param>
/// <param name="HorizontalLabel">What the categories are.</param>
/// <param name="Categories">Names of the groups.</param>
/// <param name="Vertical">The vertical axis; bars start at zero, or at its nearer end.</param>
/// <param name="Series">The bars.</param>
internal sealed record BarPanel(
    string Title, string HorizontalLabel, IReadOnlyList<string> Categories, Axis Vertical, IReadOnlyList<BarSeries> Series) : ChartPanel(Title, Vertical)
{
    /// <inheritdoc/>
    public override IEnumerable<double> Heights => Series.SelectMany(s => s.Values).Append(0);
}

/// <summary>One bar in each group.</summary>
/// <param name="Name">Shown in the legend.</param>
/// <param name="Values">One per category; NaN leaves the place empty.</param>
internal sealed record BarSeries(string Name, IReadOnlyList<double> Values);
