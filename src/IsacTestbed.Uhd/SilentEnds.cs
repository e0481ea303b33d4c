using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Tells the end of a burst that had no mark from a burst that ran dry: by the tick. Not thread safe.</summary>
internal sealed class SilentEnds
{
    // Far more than a device holds; a device that says nothing of its bursts must not fill the memory.
    private const int MostKept = 256;

    private readonly Queue<long> _ends = new(MostKept);
    private long _next;

    /// <summary>Forgets all bursts.</summary>
    public void Reset() => _ends.Clear();

    /// <summary>The device took samples.</summary>
    /// <param name="startTick">Tick of the first of them at the start of a burst, else null.</param>
    /// <param name="count">How many.</param>
    /// <param name="isEnd">Whether the burst ends behind them.</param>
    public void Took(long? startTick, int count, bool isEnd)
    {
        _next = (startTick ?? _next) + count;
        if (isEnd)
        {
            if (_ends.Count == MostKept)
            {
                _ends.Dequeue();
            }

            _ends.Enqueue(_next);
        }
    }

    /// <summary>What an event really says: an underflow where a burst was to end is its end.</summary>
    public TransmitEvent Read(TransmitEvent told)
    {
        if (told.Kind is not (TransmitEventKind.Underflow or TransmitEventKind.BurstEnded) || told.Tick is not { } tick)
        {
            return told;
        }

        while (_ends.TryPeek(out long end) && end < tick)
        {
            _ends.Dequeue();
        }

        return _ends.TryPeek(out long expected) && expected == tick ? told with { Kind = TransmitEventKind.BurstEnded } : told;
    }
}
