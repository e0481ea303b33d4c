namespace IsacTestbed.Radio;

/// <summary>What a device's clock shows now, without asking the device: an anchor, carried on by the host's own clock.</summary>
/// <remarks>Thread safe. Anchored anew every now and then, so that the two clocks' difference in rate does not add up.</remarks>
internal sealed class DeviceClock
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly double _rateHz;
    private long _tick;
    private long _timestamp;

    /// <summary>Starts at tick zero.</summary>
    public DeviceClock(TimeProvider timeProvider, double rateHz)
    {
        _timeProvider = timeProvider;
        _rateHz = rateHz;
        _timestamp = timeProvider.GetTimestamp();
    }

    /// <summary>The tick now.</summary>
    public long Now
    {
        get
        {
            lock (_lock)
            {
                return _tick + (long)(_timeProvider.GetElapsedTime(_timestamp).TotalSeconds * _rateHz);
            }
        }
    }

    /// <summary>Says that the device's clock showed a tick at a host time.</summary>
    /// <param name="tick">The tick.</param>
    /// <param name="timestamp">The host time, as <see cref="TimeProvider.GetTimestamp"/> gives it, not later than the tick was read.</param>
    public void Anchor(long tick, long timestamp)
    {
        lock (_lock)
        {
            _tick = tick;
            _timestamp = timestamp;
        }
    }

    /// <summary>How long until a tick; not negative.</summary>
    public TimeSpan Until(long tick) => TimeSpan.FromSeconds(Math.Max(0, tick - Now) / _rateHz);
}
