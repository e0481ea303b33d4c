using System.Text.Json;
using System.Xml.Linq;
using IsacTestbed.Cli.Reproduction;

namespace IsacTestbed.Cli.Tests.Reproduction;

public sealed class AllocationFigureTests
{
    private static readonly FigureResult Figure = AllocationFigure.Create(default);

    [Theory]
    [InlineData("Proposed (exact)")]
    [InlineData("Proposed (golden-section)")]
    public void Proposed_EveryDevice_IsInThePapersBands(string strategy)
    {
        Assert.Equal(5, Column(strategy, "D").Length);
        Assert.All(Column(strategy, "sensing SNR / dB"), snr => Assert.InRange(snr, 5.3, 5.7)); // "approximately 5.5 dB"
        Assert.All(Column(strategy, "q"), q => Assert.InRange(q, 0.68, 0.86));
    }

    [Fact]
    public void MaxComm_EveryDevice_IsNearThePapersValuesWithTheHighestSuccess()
    {
        double[] success = Column("MaxComm", "q");
        Assert.All(Column("MaxComm", "sensing SNR / dB"), snr => Assert.InRange(snr, -1, 1)); // "close to 0 dB"
        Assert.Equal(0.95, success.Average(), 0.01); // "approximately 95 %"
        foreach (string other in (string[])["Proposed (exact)", "MaxSensing", "Uniform"])
        {
            Assert.All(success.Zip(Column(other, "q")), pair => Assert.True(pair.First > pair.Second));
        }
    }

    [Fact]
    public void MaxSensing_EveryDevice_HasTheLeastSuccessAndMoreSamplesThanTheProposed()
    {
        foreach (string other in (string[])["Proposed (exact)", "MaxComm", "Uniform"])
        {
            Assert.All(Column("MaxSensing", "q").Zip(Column(other, "q")), pair => Assert.True(pair.First < pair.Second));
        }

        Assert.All(Column("MaxSensing", "D").Zip(Column("Proposed (exact)", "D")), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void Documents_OfTheFigure_AreWellFormedAndComplete()
    {
        Assert.Equal("svg", XDocument.Parse(Figure.Chart.ToSvg()).Root!.Name.LocalName);
        using JsonDocument json = JsonDocument.Parse(ResultDocuments.ToJson(Figure, "isac-fl", ["fig-5.svg"]));
        Assert.Equal(5, json.RootElement.GetProperty("figure").GetInt32());
        Assert.Equal(25, json.RootElement.GetProperty("tables")[1].GetProperty("rows").GetArrayLength());

        string[] rows = [.. ResultDocuments.ToMarkdown(Figure, "fig-5.svg").Split('\n').Where(l => l.StartsWith('|'))];
        Assert.Equal(7 + 27, rows.Length);
        Assert.All(rows, row => Assert.Equal(9, row.Count(c => c == '|'))); // eight columns in either table
    }

    private static double[] Column(string strategy, string column)
    {
        ResultTable table = Figure.Tables[1];
        int index = Enumerable.Range(0, table.Columns.Count).Single(i => table.Columns[i] == column);
        return [.. table.Rows.Where(row => row[0].Text == strategy).Select(row => row[index].Value!.Value)];
    }
}
