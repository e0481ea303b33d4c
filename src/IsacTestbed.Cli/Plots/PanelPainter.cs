namespace IsacTestbed.Cli.Plots;

/// <summary>Draws one panel into its rectangle of a canvas.</summary>
internal sealed class PanelPainter
{
    private const double LabelSize = 14;
    private const double TickSize = 13;
    private const double MostMarkers = 12;
    private const double LabelRoom = 26;
    private const double TickRoom = 9;
    private const double LeastLeft = 74;
    private const string Ink = "#444444";
    private const string Grid = "#E2E2E2";

    private readonly SvgCanvas _canvas;
    private readonly IReadOnlyDictionary<string, SeriesStyle> _styles;
    private readonly ChartPanel _panel;
    private readonly AxisScale _vertical;
    private readonly double _outerLeft;
    private readonly double _outerBottom;
    private readonly double _left;
    private readonly double _top;
    private readonly double _right;
    private readonly double _bottom;

    /// <summary>A painter of one panel into one rectangle.</summary>
    public PanelPainter(
        SvgCanvas canvas, double left, double top, double width, double height, IReadOnlyDictionary<string, SeriesStyle> styles, ChartPanel panel)
    {
        _canvas = canvas;
        _styles = styles;
        _panel = panel;
        _outerLeft = left;
        _outerBottom = top + height;
        _top = top + 32;
        _right = left + width - 18;
        _bottom = top + height - 56;
        _vertical = AxisScale.For(panel.Vertical, panel.Heights, Math.Max(2, (int)((_bottom - _top) / 42)));

        // Long numbers at the ticks move the panel to the right, not over the axis' label.
        double widest = _vertical.Ticks.Max(tick => SvgCanvas.TextWidth(_vertical.Label(tick), TickSize));
        _left = left + Math.Max(LeastLeft, LabelRoom + widest + TickRoom);
    }

    /// <summary>Draws the panel.</summary>
    public void Paint()
    {
        _canvas.Text((_left + _right) / 2, _top - 12, _panel.Title, LabelSize + 1, TextAnchor.Middle, bold: true);
        PaintVertical();
        switch (_panel)
        {
            case LinePanel lines:
                PaintLines(lines);
                break;
            case BarPanel bars:
                PaintBars(bars);
                break;
            default:
                throw new InvalidOperationException($"Unknown panel {_panel.GetType().Name}.");
        }

        _canvas.Line(_left, _top, _left, _bottom, Ink, 1.2);
        _canvas.Line(_left, _bottom, _right, _bottom, Ink, 1.2);
    }

    private void PaintLines(LinePanel panel)
    {
        AxisScale horizontal = AxisScale.For(panel.Horizontal, panel.Series.SelectMany(s => s.Points.Select(p => p.X)), (int)((_right - _left) / 75));
        foreach (double tick in horizontal.Ticks)
        {
            double x = _left + (horizontal.Fraction(tick) * (_right - _left));
            _canvas.Line(x, _top, x, _bottom, Grid, 1);
            _canvas.Line(x, _bottom, x, _bottom + 5, Ink, 1.2);
            _canvas.Text(x, _bottom + 20, horizontal.Label(tick), TickSize, TextAnchor.Middle);
        }

        HorizontalLabel(panel.Horizontal.Label);
        foreach (LineSeries series in panel.Series.OrderBy(s => s.ReferenceTo is null ? 0 : 1))
        {
            SeriesStyle style = _styles[series.ReferenceTo ?? series.Name];
            (double X, double Y)[] points =
            [
                .. series.Points.Select(p => (_left + (horizontal.Fraction(p.X) * (_right - _left)), _bottom - (_vertical.Fraction(p.Y) * (_bottom - _top)))),
            ];
            if (series.ReferenceTo is null)
            {
                Join(points, style);
            }

            int stride = Math.Max(1, (int)Math.Ceiling(points.Length / MostMarkers));
            for (int i = points.Length - 1; i >= 0; i--)
            {
                // Of a point without neighbours no line tells: it always has its mark.
                if (IsDrawn(i) && ((points.Length - 1 - i) % stride == 0 || !(IsDrawn(i - 1) || IsDrawn(i + 1))))
                {
                    bool hollow = series.ReferenceTo is not null;
                    _canvas.Marker(points[i].X, points[i].Y, hollow ? 6 : 4.5, style.Marker, style.Colour, hollow);
                }
            }

            bool IsDrawn(int i) => i >= 0 && i < points.Length && double.IsFinite(points[i].Y);
        }
    }

    private void Join((double X, double Y)[] points, SeriesStyle style)
    {
        for (int start = 0; start < points.Length;)
        {
            (double X, double Y)[] piece = [.. points.Skip(start).TakeWhile(p => double.IsFinite(p.Y))];
            if (piece.Length > 1)
            {
                _canvas.Polyline(piece, style.Colour, 2, style.Dashes);
            }

            start += piece.Length + 1;
        }
    }

    private void PaintBars(BarPanel panel)
    {
        double group = (_right - _left) / panel.Categories.Count, bar = group * 0.8 / panel.Series.Count;
        double zero = _bottom - (Math.Clamp(_vertical.Fraction(0), 0, 1) * (_bottom - _top));
        for (int c = 0; c < panel.Categories.Count; c++)
        {
            double groupLeft = _left + ((c + 0.1) * group);
            for (int s = 0; s < panel.Series.Count; s++)
            {
                double value = panel.Series[s].Values[c];
                if (double.IsFinite(value))
                {
                    double end = _bottom - (Math.Clamp(_vertical.Fraction(value), 0, 1) * (_bottom - _top));
                    _canvas.Rectangle(groupLeft + (s * bar) + 1, Math.Min(zero, end), bar - 2, Math.Abs(end - zero), _styles[panel.Series[s].Name].Colour);
                }
            }

            _canvas.Text(groupLeft + (group * 0.4), _bottom + 20, panel.Categories[c], TickSize, TextAnchor.Middle);
        }

        _canvas.Line(_left, zero, _right, zero, Ink, 1);
        HorizontalLabel(panel.HorizontalLabel);
    }

    private void PaintVertical()
    {
        foreach (double tick in _vertical.Ticks)
        {
            double y = _bottom - (_vertical.Fraction(tick) * (_bottom - _top));
            _canvas.Line(_left, y, _right, y, Grid, 1);
            _canvas.Line(_left - 5, y, _left, y, Ink, 1.2);
            _canvas.Text(_left - TickRoom, y + 4.5, _vertical.Label(tick), TickSize, TextAnchor.End);
        }

        _canvas.Text(_outerLeft + 16, (_top + _bottom) / 2, _panel.Vertical.Label, LabelSize, TextAnchor.Middle, upwards: true);
    }

    private void HorizontalLabel(string label) => _canvas.Text((_left + _right) / 2, _outerBottom - 14, label, LabelSize, TextAnchor.Middle);
}
