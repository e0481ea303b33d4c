using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;

namespace IsacTestbed.Cli.Screens;

/// <summary>One line per round of an array study, predicted/measured, for logs.</summary>
internal sealed class ArrayPlainLog(TextWriter writer) : IArrayRunObserver
{
    public void MethodStarted(string method, int rounds, int nextRound) =>
        writer.WriteLine($"{method}: {RoundText.Start(rounds, nextRound)}");

    public void RoundCompleted(ArrayRound round) => writer.WriteLine(ComparisonText.Round(round));

    public void MethodCompleted(ArrayMethodSummary summary)
    {
    }
}

/// <summary>Says nothing: for output that a program reads.</summary>
internal sealed class ArraySilentLog : IArrayRunObserver
{
    public void MethodStarted(string method, int rounds, int nextRound)
    {
    }

    public void RoundCompleted(ArrayRound round)
    {
    }

    public void MethodCompleted(ArrayMethodSummary summary)
    {
    }
}
