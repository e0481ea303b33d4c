using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Experiments;

/// <summary>How the bursts of a phase ended, and under what conditions.</summary>
/// <param name="Outcomes">Outcome by radio and burst.</param>
/// <param name="Disturbance">Why the bench's instruments say that nothing measured in the phase can be trusted; empty when they do not.</param>
public sealed record PhaseReport(IReadOnlyDictionary<(string RadioId, int BurstId), BurstOutcome> Outcomes, string Disturbance = "")
{
    /// <summary>How a burst ended; null when the radio did not say.</summary>
    public BurstOutcome? OutcomeOf(string radioId, int burstId) => Outcomes.TryGetValue((radioId, burstId), out BurstOutcome outcome) ? outcome : null;

    /// <summary>What a window, the burst that it was to receive, and the bench's instruments make of a measurement on it.</summary>
    /// <param name="flags">Degradations of the window.</param>
    /// <param name="hasGap">Whether samples are missing.</param>
    /// <param name="radioId">The transmitter.</param>
    /// <param name="burstId">Its burst.</param>
    public (Verdict Verdict, string Reason) Judge(CaptureFlags flags, bool hasGap, string radioId, int burstId)
    {
        (Verdict verdict, string reason) = CapturedWindow.Judge(flags, hasGap, OutcomeOf(radioId, burstId));
        return verdict == Verdict.Valid && Disturbance.Length > 0 ? (Verdict.Inconclusive, $"instrument: {Disturbance}") : (verdict, reason);
    }
}

/// <summary>Pushes the schedules of one phase to the radios, lets them run, and hands over each receive window as it completes.</summary>
public sealed class PhaseExecutor(SidecarSession session)
{
    /// <summary>Executes a phase.</summary>
    /// <param name="schedules">One schedule per radio that takes part.</param>
    /// <param name="receive">
    /// Takes each window, of the named radio, when its last block has come; the window is reused afterwards. Windows of one radio come in order.
    /// </param>
    /// <param name="cancellationToken">Mutes the radios and ends the phase.</param>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    public async Task<PhaseReport> ExecuteAsync(
        IReadOnlyList<BurstSchedule> schedules, Action<string, CapturedWindow> receive, CancellationToken cancellationToken)
    {
        var outcomes = new Dictionary<(string, int), BurstOutcome>();
        Dictionary<string, Dictionary<int, RxWindow>> orders = schedules.ToDictionary(s => s.RadioId, s => s.Windows.ToDictionary(w => w.WindowId));
        var windows = new Dictionary<string, CapturedWindow>();
        await foreach (RadioOutput output in session.ExecuteAsync(schedules, cancellationToken).ConfigureAwait(false))
        {
            switch (output)
            {
                case BurstReport report:
                    outcomes[(report.RadioId, report.BurstId)] = report.Outcome;
                    break;
                case CaptureBlock block:
                    using (block)
                    {
                        Take(block, orders[block.RadioId], windows, receive);
                    }

                    break;
            }
        }

        return new PhaseReport(outcomes);
    }

    private static void Take(
        CaptureBlock block, Dictionary<int, RxWindow> orders, Dictionary<string, CapturedWindow> windows, Action<string, CapturedWindow> receive)
    {
        if (!windows.TryGetValue(block.RadioId, out CapturedWindow? window))
        {
            window = new CapturedWindow(block.ChannelCount, orders.Values.Max(w => w.SampleCount));
            windows.Add(block.RadioId, window);
            window.Begin(orders[block.WindowId]);
        }
        else if (window.WindowId != block.WindowId || window.SampleCount == 0)
        {
            window.Begin(orders[block.WindowId]);
        }

        window.Add(block);
        if (block.IsLast)
        {
            receive(block.RadioId, window);
            window.Begin(new RxWindow(-1, 0, 0));
        }
    }
}
