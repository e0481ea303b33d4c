using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>How each burst of a schedule fares: what was written, what the device said, and what follows from it.</summary>
/// <remarks>
/// Drivers say when something went wrong, seldom with which burst. An event is booked on the burst that fits its time, else on the oldest one
/// that is on its way; several bursts are on their way where the device takes them ahead of their time. A burst is transmitted only when its end has passed on the radio's clock and nothing speaks against it. Thread safe.
/// </remarks>
internal sealed class TransmitLedger
{
    private readonly Lock _lock = new();
    private readonly Entry[] _entries;
    private readonly bool _acknowledges;

    /// <summary>Opens the ledger.</summary>
    /// <param name="bursts">The bursts in order of start.</param>
    /// <param name="acknowledges">Whether the device acknowledges each end of burst.</param>
    public TransmitLedger(IReadOnlyList<TxBurst> bursts, bool acknowledges)
    {
        _entries = [.. bursts.Select(b => new Entry(b))];
        _acknowledges = acknowledges;
    }

    /// <summary>The tick of a burst's report: its end, or where it was cut.</summary>
    public long ReportTick(int index)
    {
        lock (_lock)
        {
            return _entries[index].ReportTick;
        }
    }

    /// <summary>Whether a burst's fate is sealed, so that nothing more of it is to be written.</summary>
    public bool IsSettled(int index)
    {
        lock (_lock)
        {
            return _entries[index].Outcome != BurstOutcome.Unspecified;
        }
    }

    /// <summary>Books that the device took the first samples of one more separately timed part of a burst.</summary>
    public void PartStarted(int index)
    {
        lock (_lock)
        {
            _entries[index].PartsStarted++;
        }
    }

    /// <summary>Books that a burst was written to its end.</summary>
    public void Written(int index)
    {
        lock (_lock)
        {
            _entries[index].IsWritten = true;
        }
    }

    /// <summary>Settles a burst that came too late or ran dry; the first verdict stands.</summary>
    /// <param name="index">The burst.</param>
    /// <param name="nothingWasSent">Whether it is late as a whole; else it was cut.</param>
    /// <param name="tick">Where it ended.</param>
    public void Fail(int index, bool nothingWasSent, long tick)
    {
        lock (_lock)
        {
            Fail(_entries[index], nothingWasSent, tick);
        }
    }

    /// <summary>Books what the device told.</summary>
    /// <param name="told">The event.</param>
    /// <param name="now">The radio's time.</param>
    public void Book(TransmitEvent told, long now)
    {
        lock (_lock)
        {
            switch (told.Kind)
            {
                case TransmitEventKind.BurstEnded when Suspect(told.Tick ?? now, isOldest: true) is { } ended
                    && (told.Tick is null || ended.Burst.StartTick < told.Tick):
                    ended.PartsAcknowledged++;
                    break;
                case TransmitEventKind.Late when (Named(told.Tick) ?? Suspect(told.Tick ?? now, isOldest: true)) is { } late:
                    // A later part of a burst that comes too late: something was sent, the rest was not.
                    Fail(late, late.PartsAcknowledged == 0 && late.PartsStarted <= 1, told.Tick ?? now);
                    break;
                case TransmitEventKind.Underflow or TransmitEventKind.Lost when Suspect(told.Tick ?? now, isOldest: _acknowledges) is { } dry:
                    Fail(dry, nothingWasSent: false, told.Tick ?? now);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Cuts everything that has not ended yet.</summary>
    public void Abort(long now)
    {
        lock (_lock)
        {
            foreach (Entry entry in _entries.Where(e => e.Outcome == BurstOutcome.Unspecified))
            {
                if (entry.IsWritten && entry.Burst.EndTick <= now)
                {
                    entry.Settle(BurstOutcome.Transmitted, entry.Burst.EndTick);
                }
                else
                {
                    entry.Settle(BurstOutcome.Aborted, Math.Clamp(now, entry.Burst.StartTick, entry.Burst.EndTick));
                }
            }
        }
    }

    /// <summary>How a burst ended, once that is certain.</summary>
    /// <param name="index">The burst.</param>
    /// <param name="now">The radio's time.</param>
    /// <param name="patience">Ticks behind the burst's end in which bad news may still come; unless the device acknowledges.</param>
    /// <param name="isWaitOver">Whether an acknowledgement is no longer waited for.</param>
    /// <returns>The outcome, or unspecified while it is open.</returns>
    public BurstOutcome Outcome(int index, long now, long patience, bool isWaitOver)
    {
        lock (_lock)
        {
            Entry entry = _entries[index];
            if (entry.Outcome == BurstOutcome.Unspecified && entry.IsWritten && now >= entry.Burst.EndTick)
            {
                bool isCertain = _acknowledges
                    ? entry.PartsAcknowledged >= entry.PartsStarted || isWaitOver
                    : now >= entry.Burst.EndTick + patience;
                if (isCertain)
                {
                    entry.Settle(BurstOutcome.Transmitted, entry.Burst.EndTick);
                }
            }

            return entry.Outcome;
        }
    }

    private static void Fail(Entry entry, bool nothingWasSent, long tick)
    {
        if (entry.Outcome == BurstOutcome.Unspecified)
        {
            entry.Settle(
                nothingWasSent ? BurstOutcome.Late : BurstOutcome.Underflow,
                nothingWasSent ? entry.Burst.StartTick : Math.Clamp(tick, entry.Burst.StartTick, entry.Burst.EndTick));
        }
    }

    /// <summary>
    /// The burst that a device names by the time at which it should have begun; null when the time is another one, as that at which a device noticed.
    /// Under the lock.
    /// </summary>
    private Entry? Named(long? tick) => tick is { } at ? Array.Find(_entries, e => e.IsUnderWay && e.HasPartAt(at)) : null;

    /// <summary>The burst that an event is about: on its way, and begun by then. Under the lock.</summary>
    private Entry? Suspect(long tick, bool isOldest)
    {
        Entry[] underWay = [.. _entries.Where(e => e.IsUnderWay)];
        Entry[] begun = [.. underWay.Where(e => e.Burst.StartTick <= tick)];
        return begun.Length == 0 ? underWay.FirstOrDefault() : isOldest ? begun[0] : begun[^1];
    }

    private sealed class Entry(TxBurst burst)
    {
        public TxBurst Burst { get; } = burst;

        public int PartsStarted { get; set; }

        public int PartsAcknowledged { get; set; }

        public bool IsWritten { get; set; }

        public BurstOutcome Outcome { get; private set; }

        public long ReportTick { get; private set; } = burst.EndTick;

        /// <summary>Whether samples of it have been written whose fate is not known.</summary>
        public bool IsUnderWay =>
            Outcome == BurstOutcome.Unspecified && PartsStarted > 0 && (!IsWritten || PartsAcknowledged < PartsStarted);

        /// <summary>Whether a repetition starts at a tick, give or take the rounding of a time in nanoseconds.</summary>
        public bool HasPartAt(long tick)
        {
            long offset = tick - Burst.StartTick + 1;
            return offset >= 0 && offset < (long)Burst.Repeats * Burst.IntervalTicks && offset % Burst.IntervalTicks <= 2;
        }

        public void Settle(BurstOutcome outcome, long tick)
        {
            Outcome = outcome;
            ReportTick = tick;
        }
    }
}
