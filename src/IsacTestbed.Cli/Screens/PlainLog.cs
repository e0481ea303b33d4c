using System.Globalization;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Screens;

/// <summary>One line per round, for logs.</summary>
internal sealed class PlainLog(TextWriter writer) : IRunObserver
{
    public void MethodStarted(string method, int rounds, int nextRound) =>
        writer.WriteLine($"{method}: {RoundText.Start(rounds, nextRound)}");

    public void RoundCompleted(RoundRecord round)
    {
        string snr = string.Join(' ', round.Devices.Select(d => RoundText.Snr(d.MeasuredSensingSnr)));
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{round.Method} round {round.Round + 1}: SNR dB [{snr}], arrived {round.Arrived} of {round.Devices.Count}{RoundText.Dropped(round)}, accuracy {round.Accuracy:P1}"));
    }

    public void MethodCompleted(MethodSummary summary)
    {
        if (!summary.Feasible)
        {
            writer.WriteLine($"{summary.Method}: no feasible plan: {string.Join("; ", summary.Reasons)}");
        }
    }
}

/// <summary>Says nothing: for output that a program reads.</summary>
internal sealed class SilentLog : IRunObserver
{
    public void MethodStarted(string method, int rounds, int nextRound)
    {
    }

    public void RoundCompleted(RoundRecord round)
    {
    }

    public void MethodCompleted(MethodSummary summary)
    {
    }
}

/// <summary>How the figures of a round are written.</summary>
internal static class RoundText
{
    /// <summary>A linear SNR in dB; "none" for an estimate that is not above zero, which has no logarithm, and a dash without one.</summary>
    public static string Snr(double? linear) =>
        linear switch
        {
            null => "-",
            <= 0 => "none",
            { } value => new PowerRatio(value).ToDecibels().Value.ToString("0.0", CultureInfo.InvariantCulture),
        };

    /// <summary>Where a strategy begins, goes on, or has nothing left to do.</summary>
    public static string Start(int rounds, int nextRound) =>
        nextRound == 0 ? $"{rounds} {Noun(rounds)}"
        : nextRound < rounds ? $"going on with round {nextRound + 1} of {rounds}"
        : rounds == 1 ? "its one round is done"
        : $"all {rounds} rounds are done";

    private static string Noun(int rounds) => rounds == 1 ? "round" : "rounds";

    /// <summary>How many measurements were dropped for their verdict; empty when none was.</summary>
    public static string Dropped(RoundRecord round)
    {
        int dropped = round.Devices.Sum(d => d.Frames - d.ValidFrames + (d.UploadVerdict is Verdict.Inconclusive or Verdict.Faulted ? 1 : 0));
        return dropped == 0 ? string.Empty : $", {dropped} measurements dropped";
    }
}
