namespace IsacTestbed.Lab.Tests.Doubles;

/// <summary>A time that stands still until a test moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _epoch = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private long _ticks;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => _epoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass; timers fire in the order in which they are due.</summary>
    public void Advance(TimeSpan span)
    {
        long end = GetTimestamp() + span.Ticks;
        while (true)
        {
            ManualTimer? next;
            lock (_lock)
            {
                next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
                Interlocked.Exchange(ref _ticks, next is null ? end : Math.Max(_ticks, next.Due));
                next?.Rearm();
            }

            if (next is null)
            {
                return;
            }

            next.Fire();
        }
    }

    /// <summary>Completes when somebody has begun to wait for a span, or for any when none is given.</summary>
    public async Task UntilSomebodyWaitsAsync(TimeSpan? span = null, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_timers.Any(t => span is null || t.Span == span.Value))
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Moves to the end of a span that somebody has begun to wait for.</summary>
    public async Task AdvanceWhenAwaitedAsync(TimeSpan span, CancellationToken cancellationToken = default)
    {
        await UntilSomebodyWaitsAsync(span, cancellationToken);
        AdvanceToEndOf(span);
    }

    /// <summary>Moves to the end of a span for which somebody waits.</summary>
    public void AdvanceToEndOf(TimeSpan span)
    {
        long due;
        lock (_lock)
        {
            due = _timers.Where(t => t.Span == span).Select(t => t.Due).DefaultIfEmpty(_ticks).Min();
        }

        Advance(TimeSpan.FromTicks(due - GetTimestamp()));
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        public long Due { get; private set; }

        public TimeSpan Span { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                (Span, Due, _period) = (dueTime, time._ticks + dueTime.Ticks, period.Ticks);
                time._timers.Add(this);
                time._changed.TrySetResult();
                time._changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return true;
            }
        }

        public void Rearm()
        {
            if (_period > 0)
            {
                Due += _period;
                return;
            }

            time._timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
