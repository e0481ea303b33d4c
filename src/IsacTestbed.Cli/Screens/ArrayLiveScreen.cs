using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using Spectre.Console;

namespace IsacTestbed.Cli.Screens;

/// <summary>The live display of an array study: a bar of rounds, and what the last round predicted and measured.</summary>
internal sealed class ArrayLiveScreen(LiveDisplayContext context) : IArrayRunObserver
{
    private const int BarWidth = 40;

    private string _method = string.Empty;
    private int _rounds;

    /// <summary>Runs a task under a live display.</summary>
    public static Task<T> RunAsync<T>(Func<IArrayRunObserver, Task<T>> run) =>
        AnsiConsole.Live(new Text("Starting the radios ...")).StartAsync(context => run(new ArrayLiveScreen(context)));

    public void MethodStarted(string method, int rounds, int nextRound)
    {
        (_method, _rounds) = (method, rounds);
        context.UpdateTarget(Bar(nextRound));
    }

    public void RoundCompleted(ArrayRound round)
    {
        if (!round.Planned)
        {
            context.UpdateTarget(new Rows(Bar(round.Round + 1), new Text(ComparisonText.Round(round))));
            return;
        }

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("subject");
        table.AddColumn("quantity");
        foreach (string column in (string[])["predicted", "measured", "95 % interval"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("unit");
        foreach (Comparison c in round.Comparisons)
        {
            table.AddRow(
                Markup.Escape(c.Subject),
                Markup.Escape(c.Quantity),
                ComparisonText.Figure(c.Predicted, c.Unit),
                Markup.Escape(c.Measured is null ? c.Reason : ComparisonText.Figure(c.Measured, c.Unit)),
                ComparisonText.Interval(c.Lower, c.Upper, c.Unit),
                ComparisonText.Unit(c.Unit));
        }

        context.UpdateTarget(new Rows(Bar(round.Round + 1), table));
    }

    public void MethodCompleted(ArrayMethodSummary summary)
    {
    }

    private Text Bar(int done)
    {
        int filled = BarWidth * done / _rounds;
        return new Text($"{_method,-15} [{new string('#', filled)}{new string('.', BarWidth - filled)}] round {done}/{_rounds}");
    }
}
