namespace IsacTestbed.Ether;

/// <summary>The reference clock that all emulated radios share. Thread safe.</summary>
internal sealed class AirClock(AirClockMode mode, TimeProvider timeProvider, double rateHz)
{
    private readonly Lock _lock = new();
    private long _ticks;
    private long _timestamp = timeProvider.GetTimestamp();

    public AirClockMode Mode => mode;

    public TimeProvider TimeProvider => timeProvider;

    public long Now
    {
        get
        {
            lock (_lock)
            {
                return mode == AirClockMode.Virtual ? _ticks : _ticks + (long)(timeProvider.GetElapsedTime(_timestamp).TotalSeconds * rateHz);
            }
        }
    }

    /// <summary>Moves a virtual clock forward to a tick; a paced clock moves by itself.</summary>
    public void Advance(long tick)
    {
        lock (_lock)
        {
            if (mode == AirClockMode.Virtual)
            {
                _ticks = Math.Max(_ticks, tick);
            }
        }
    }

    /// <summary>Sets the time.</summary>
    public void Set(long tick)
    {
        lock (_lock)
        {
            _ticks = tick;
            _timestamp = timeProvider.GetTimestamp();
        }
    }

    /// <summary>Waits until a paced clock has reached a tick; a virtual clock is there at once.</summary>
    public async ValueTask WaitUntilAsync(long tick, CancellationToken cancellationToken)
    {
        while (mode == AirClockMode.Paced && Now < tick)
        {
            // A timer's resolution is a millisecond; a shorter wait would spin.
            double seconds = Math.Max(1e-3, (tick - Now) / rateHz);
            await Task.Delay(TimeSpan.FromSeconds(seconds), timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
