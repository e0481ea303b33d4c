namespace IsacTestbed.Radio;

/// <summary>When the reference clock was not locked, as far as asking now and then can tell.</summary>
/// <remarks>
/// Between a good answer and a bad one the lock was lost at some time: the doubt counts against the samples, as far as they are still there. One
/// interval is kept: a lock that comes and goes within a schedule makes it one long one. Thread safe.
/// </remarks>
internal sealed class LockRecord
{
    private readonly Lock _lock = new();
    private long _lastGood;
    private long _from = long.MaxValue;
    private long _to = long.MinValue;

    /// <summary>Starts with no doubt.</summary>
    public LockRecord(long tick) => _lastGood = tick;

    /// <summary>Books an answer.</summary>
    /// <param name="isLocked">Whether the reference was locked.</param>
    /// <param name="tick">The radio's time at the answer.</param>
    public void Book(bool isLocked, long tick)
    {
        lock (_lock)
        {
            if (!isLocked)
            {
                _from = Math.Min(_from, _lastGood);
                _to = long.MaxValue;
            }
            else if (_to == long.MaxValue)
            {
                _to = tick;
            }

            _lastGood = isLocked ? tick : _lastGood;
        }
    }

    /// <summary>Whether the lock was missing at any time of a range.</summary>
    public bool WasMissing(long first, long end)
    {
        lock (_lock)
        {
            return _from < end && first < _to;
        }
    }
}
