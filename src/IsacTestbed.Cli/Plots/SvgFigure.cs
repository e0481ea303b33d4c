namespace IsacTestbed.Cli.Plots;

/// <summary>A figure: panels in a grid under one title, above one legend.</summary>
/// <param name="Title">Shown at the top.</param>
/// <param name="Panels">At least one.</param>
internal sealed record SvgFigure(string Title, IReadOnlyList<ChartPanel> Panels)
{
    private const double Margin = 14;
    private const double TitleHeight = 40;
    private const double TitleSize = 18;
    private const double LegendSize = 14;
    private const double LegendRow = 24;
    private const double LegendKey = 38;

    /// <summary>Panels in a row.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>Width of a panel with its labels, in pixels.</summary>
    public double PanelWidth { get; init; } = 900;

    /// <summary>Height of a panel with its labels, in pixels.</summary>
    public double PanelHeight { get; init; } = 290;

    /// <summary>The figure as an SVG document; the same figure gives the same bytes.</summary>
    /// <exception cref="ArgumentException">There is no panel.</exception>
    public string ToSvg()
    {
        if (Panels.Count == 0)
        {
            throw new ArgumentException("A figure has at least one panel.");
        }

        int columns = Math.Min(Columns, Panels.Count);
        int rows = (Panels.Count + columns - 1) / columns;
        double width = (2 * Margin) + (columns * PanelWidth);
        Dictionary<string, SeriesStyle> styles = Styles();
        string[] references = [.. Panels.OfType<LinePanel>().SelectMany(p => p.Series).Where(s => s.ReferenceTo is not null).Select(s => s.Name).Distinct()];
        List<List<string>> legend = LegendRows([.. styles.Keys, .. references], width - (2 * Margin));
        double legendTop = TitleHeight + (rows * PanelHeight);
        double height = legendTop + (legend.Count * LegendRow) + Margin;

        var canvas = new SvgCanvas(width, height, Title);
        canvas.Text(width / 2, 27, Title, TitleSize, TextAnchor.Middle, bold: true);
        for (int i = 0; i < Panels.Count; i++)
        {
            double left = Margin + (i % columns * PanelWidth), top = TitleHeight + (i / columns * PanelHeight);
            new PanelPainter(canvas, left, top, PanelWidth, PanelHeight, styles, Panels[i]).Paint();
        }

        bool bars = Panels.All(p => p is BarPanel);
        for (int row = 0; row < legend.Count; row++)
        {
            double x = (width - legend[row].Sum(EntryWidth)) / 2, y = legendTop + (row * LegendRow) + 14;
            foreach (string name in legend[row])
            {
                Key(canvas, x, y, styles.TryGetValue(name, out SeriesStyle style) ? style : null, bars);
                canvas.Text(x + LegendKey, y + 5, name, LegendSize);
                x += EntryWidth(name);
            }
        }

        return canvas.Finish();
    }

    private static void Key(SvgCanvas canvas, double x, double y, SeriesStyle? style, bool bars)
    {
        if (style is not { } found)
        {
            canvas.Marker(x + 15, y, 5.5, 0, "#555555", hollow: true);
        }
        else if (bars)
        {
            canvas.Rectangle(x + 8, y - 7, 22, 14, found.Colour);
        }
        else
        {
            canvas.Line(x, y, x + 30, y, found.Colour, 2, found.Dashes);
            canvas.Marker(x + 15, y, 4.5, found.Marker, found.Colour, hollow: false);
        }
    }

    private static double EntryWidth(string name) => LegendKey + SvgCanvas.TextWidth(name, LegendSize) + 22;

    private static List<List<string>> LegendRows(IReadOnlyList<string> names, double width)
    {
        List<List<string>> rows = [[]];
        foreach (string name in names)
        {
            if (rows[^1].Count > 0 && rows[^1].Sum(EntryWidth) + EntryWidth(name) > width)
            {
                rows.Add([]);
            }

            rows[^1].Add(name);
        }

        return rows;
    }

    private Dictionary<string, SeriesStyle> Styles()
    {
        var styles = new Dictionary<string, SeriesStyle>(StringComparer.Ordinal);
        IEnumerable<string> names = Panels.SelectMany(panel => panel switch
        {
            LinePanel lines => lines.Series.Where(s => s.ReferenceTo is null).Select(s => s.Name),
            BarPanel bars => bars.Series.Select(s => s.Name),
            _ => throw new InvalidOperationException($"Unknown panel {panel.GetType().Name}."),
        });
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            styles.Add(name, SeriesStyle.At(styles.Count));
        }

        return styles;
    }
}
