namespace IsacTestbed.Sidecar.Limits;

/// <summary>How long a radio transmitted within the last period. Not thread safe.</summary>
/// <remarks>
/// A run counts in full from its start until a period after its end, whenever within it the bursts really went out: the sum is never below the
/// true time on the air of any window of one period.
/// </remarks>
internal sealed class AirtimeLedger(TimeProvider time, TimeSpan period)
{
    private readonly Queue<(long EndedAt, double Seconds)> _ended = new();
    private double _running;

    /// <summary>Seconds on the air that count now.</summary>
    public double Seconds
    {
        get
        {
            while (_ended.TryPeek(out (long EndedAt, double Seconds) oldest) && time.GetElapsedTime(oldest.EndedAt) > period)
            {
                _ended.Dequeue();
            }

            return _running + _ended.Sum(e => e.Seconds);
        }
    }

    /// <summary>A run begins that may transmit so long.</summary>
    public void Begin(double seconds) => _running += seconds;

    /// <summary>The run is over.</summary>
    public void End()
    {
        if (_running > 0 && period > TimeSpan.Zero)
        {
            _ended.Enqueue((time.GetTimestamp(), _running));
        }

        _running = 0;
    }
}
