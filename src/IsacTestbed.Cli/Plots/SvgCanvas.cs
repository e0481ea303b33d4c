using System.Globalization;
using System.Text;

namespace IsacTestbed.Cli.Plots;

/// <summary>Where the text of a label ends up relative to its position.</summary>
internal enum TextAnchor
{
    /// <summary>Starts there.</summary>
    Start,

    /// <summary>Centred there.</summary>
    Middle,

    /// <summary>Ends there.</summary>
    End,
}

/// <summary>Writes SVG 1.1 elements; the same calls give the same bytes.</summary>
internal sealed class SvgCanvas
{
    private const string Font = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
    private readonly StringBuilder _text = new();

    /// <summary>Starts a white picture.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="title">Title for readers that show none of the picture.</param>
    public SvgCanvas(double width, double height, string title)
    {
        _text.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" role=\"img\" width=\"").Append(Number(width)).Append("\" height=\"")
            .Append(Number(height)).Append("\" viewBox=\"0 0 ").Append(Number(width)).Append(' ').Append(Number(height)).Append("\" font-family=\"")
            .Append(Font).Append("\">\n<title>").Append(Escape(title)).Append("</title>\n");
        Rectangle(0, 0, width, height, "#FFFFFF");
    }

    /// <summary>Estimated width of a text in this font, in pixels: no font is at hand to measure it.</summary>
    public static double TextWidth(string text, double size) => size * text.Sum(c => c is 'M' or 'W' or 'm' or 'w' ? 0.95 : 0.6);

    /// <summary>A filled rectangle.</summary>
    public void Rectangle(double x, double y, double width, double height, string fill) =>
        Element($"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" fill=\"{fill}\"/>");

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string stroke, double width, string dashes = "") =>
        Element($"<line x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\" stroke=\"{stroke}\" stroke-width=\"{Number(width)}\"{Dash(dashes)}/>");

    /// <summary>Joined points.</summary>
    public void Polyline(IEnumerable<(double X, double Y)> points, string stroke, double width, string dashes = "") =>
        Element($"<polyline points=\"{Points(points)}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{Number(width)}\" stroke-linejoin=\"round\"{Dash(dashes)}/>");

    /// <summary>A marker: circle, square, triangle, diamond or inverted triangle.</summary>
    public void Marker(double x, double y, double radius, int shape, string colour, bool hollow)
    {
        string paint = hollow ? $"fill=\"#FFFFFF\" stroke=\"{colour}\" stroke-width=\"2\"" : $"fill=\"{colour}\" stroke=\"#FFFFFF\" stroke-width=\"0.8\"";
        if (shape == 0)
        {
            Element($"<circle cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\" {paint}/>");
            return;
        }

        double r = radius * 1.15;
        (double X, double Y)[] corners = shape switch
        {
            1 => [(-radius, -radius), (radius, -radius), (radius, radius), (-radius, radius)],
            2 => [(0, -r), (r, r * 0.85), (-r, r * 0.85)],
            3 => [(0, -r * 1.1), (r * 1.1, 0), (0, r * 1.1), (-r * 1.1, 0)],
            _ => [(0, r), (r, -r * 0.85), (-r, -r * 0.85)],
        };
        Element($"<polygon points=\"{Points(corners.Select(c => (x + c.X, y + c.Y)))}\" {paint}/>");
    }

    /// <summary>One line of text; its position is the baseline.</summary>
    public void Text(double x, double y, string text, double size, TextAnchor anchor = TextAnchor.Start, bool bold = false, bool upwards = false)
    {
        string weight = bold ? " font-weight=\"bold\"" : string.Empty;
        string turn = upwards ? $" transform=\"rotate(-90 {Number(x)} {Number(y)})\"" : string.Empty;
        string align = anchor switch { TextAnchor.Middle => "middle", TextAnchor.End => "end", _ => "start" };
        Element($"<text x=\"{Number(x)}\" y=\"{Number(y)}\" font-size=\"{Number(size)}\" text-anchor=\"{align}\" fill=\"#222222\"{weight}{turn}>{Escape(text)}</text>");
    }

    /// <summary>The whole document.</summary>
    public string Finish() => _text + "</svg>\n";

    private static string Points(IEnumerable<(double X, double Y)> points) => string.Join(' ', points.Select(p => $"{Number(p.X)},{Number(p.Y)}"));

    private static string Dash(string dashes) => dashes.Length == 0 ? string.Empty : $" stroke-dasharray=\"{dashes}\"";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private void Element(string element) => _text.Append(element).Append('\n');

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                < ' ' or '\uFFFE' or '\uFFFF' => escaped.Append(' '),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
