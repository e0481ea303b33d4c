using System.Globalization;
using System.Xml.Linq;
using IsacTestbed.Cli.Plots;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Tests.Reproduction;

public sealed class SvgFigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void ToSvg_HostileText_IsWellFormedAndKeepsTheText()
    {
        const string hostile = "a < b & \"c\" > 'd' ]]> \u0001";
        XElement root = XDocument.Parse(Lines(hostile, [(0, 1), (1, 2)]).ToSvg()).Root!;

        string[] texts = [.. root.Elements(Svg + "text").Select(t => t.Value)];
        Assert.Equal(4, texts.Count(t => t == hostile.Replace('\u0001', ' '))); // title of figure and panel, axis and legend
    }

    [Fact]
    public void ToSvg_SameFigure_GivesSameBytes() =>
        Assert.Equal(Lines("a", [(0, 1), (1, 2)]).ToSvg(), Lines("a", [(0, 1), (1, 2)]).ToSvg());

    [Fact]
    public void ToSvg_PointWithoutValue_InterruptsTheLine()
    {
        XElement root = XDocument.Parse(Lines("a", [(0, 1), (1, 2), (2, double.NaN), (3, 1), (4, 2)]).ToSvg()).Root!;

        Assert.Equal([2, 2], root.Elements(Svg + "polyline").Select(p => p.Attribute("points")!.Value.Split(' ').Length));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(61)]
    public void ToSvg_PointsWithoutNeighbours_AllHaveTheirMarks(int count)
    {
        (double, double)[] scattered = [.. Enumerable.Range(0, count).SelectMany(i => ((double, double)[])[(i, i % 7), (i, double.NaN)])];
        XElement root = XDocument.Parse(Lines("a", scattered).ToSvg()).Root!;

        Assert.Equal(count, root.Elements(Svg + "circle").Count() - 1); // the last is the legend's key
        Assert.Empty(root.Elements(Svg + "polyline"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4e5)]
    [InlineData(2e9)]
    public void ToSvg_LongNumbersAtTheTicks_LeaveTheLabelOfTheAxisItsPlace(double most)
    {
        XElement root = XDocument.Parse(Lines("a", [(0, 0), (1, most)]).ToSvg()).Root!;

        XElement label = Assert.Single(root.Elements(Svg + "text"), t => t.Value == "y");
        double right = Number(label, "x") + (0.3 * Number(label, "font-size"));
        XElement[] ticks = [.. root.Elements(Svg + "text").Where(t => t.Attribute("text-anchor")!.Value == "end")];
        Assert.NotEmpty(ticks);
        Assert.All(ticks, t => Assert.True(Number(t, "x") - SvgCanvas.TextWidth(t.Value, Number(t, "font-size")) > right));
    }

    [Fact]
    public void ToSvg_Bars_HaveLengthsInProportionAndSignsFromZero()
    {
        var panel = new BarPanel("t", "x", ["p", "q", "r"], new Axis("y"), [new BarSeries("s", [10, -5, double.NaN])]);
        XElement root = XDocument.Parse(new SvgFigure("f", [panel]).ToSvg()).Root!;

        string colour = SeriesStyle.At(0).Colour;
        XElement[] bars = [.. root.Elements(Svg + "rect").Where(r => r.Attribute("fill")!.Value == colour).SkipLast(1)]; // the last is the legend's key
        Assert.Equal(2, bars.Length);
        Assert.Equal(2, Number(bars[0], "height") / Number(bars[1], "height"), 0.01);
        Assert.Equal(Number(bars[0], "y") + Number(bars[0], "height"), Number(bars[1], "y"), 0.02); // both stand on zero
    }

    [Fact]
    public void ToSvg_Figure_KeepsEveryTextInsideThePicture()
    {
        string[] names = [.. Enumerable.Range(0, 7).Select(i => $"a strategy with a long name {i}")];
        var panel = new LinePanel("Panel", new Axis("x"), new Axis("y"), [.. names.Select((n, i) => new LineSeries(n, [(0, i), (1000, 2 * i)]))]);
        XElement root = XDocument.Parse(new SvgFigure("Figure", [panel, panel]) { Columns = 2, PanelWidth = 450 }.ToSvg()).Root!;

        foreach (XElement text in root.Elements(Svg + "text"))
        {
            Assert.InRange(Number(text, "x"), 0, Number(root, "width"));
            Assert.InRange(Number(text, "y"), 0, Number(root, "height"));
        }

        Assert.All(names, name => Assert.Single(root.Elements(Svg + "text"), t => t.Value == name));
    }

    [Fact]
    public void AxisScale_AnyRange_CoversItWithDistinctTicksOneTwoOrFiveApart()
    {
        var random = new CounterRandom(1, RandomPurpose.Test);
        for (ulong i = 0; i < 500; i++)
        {
            double low = (random.UniformAt(3 * i) - 0.5) * Math.Pow(10, random.IntegerAt((3 * i) + 1, 9) - 4);
            double high = low + Math.Pow(10, (6 * random.UniformAt((3 * i) + 2)) - 4) * Math.Max(1e-3, Math.Abs(low));
            AxisScale scale = AxisScale.For(new Axis("x"), [low, high], 6);

            double step = scale.Ticks[1] - scale.Ticks[0];
            double digit = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-6));
            Assert.Contains((int)Math.Round(digit), new[] { 1, 2, 5 });
            Assert.True(scale.Minimum <= low + (1e-9 * step) && scale.Maximum >= high - (1e-9 * step));
            Assert.InRange(scale.Ticks.Count, 2, 10);
            Assert.Equal(scale.Ticks.Count, scale.Ticks.Select(scale.Label).Distinct().Count());
        }
    }

    [Fact]
    public void AxisScale_AllValuesEqualOrNone_StillHasAnExtent()
    {
        Assert.True(AxisScale.For(new Axis("x"), [3, 3], 5) is { } equal && equal.Maximum > equal.Minimum);
        Assert.True(AxisScale.For(new Axis("x"), [double.NaN], 5) is { } none && none.Maximum > none.Minimum);
    }

    private static SvgFigure Lines(string text, (double X, double Y)[] points) =>
        new(text, [new LinePanel(text, new Axis(text), new Axis("y"), [new LineSeries(text, points)])]);

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
