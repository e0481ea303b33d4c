using IsacTestbed.Core;

namespace IsacTestbed.Lab.Instruments;

/// <summary>
/// Reads the state of every instrument of a bench again and again, so that a lock that is lost and found between two questions of a run is
/// seen. Owns the instruments.
/// </summary>
public sealed class InstrumentMonitor : IInstrumentMonitor, IAsyncDisposable
{
    private readonly IReadOnlyList<IInstrument> _instruments;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sweep = new(1, 1);
    private readonly List<InstrumentReading> _readings = [];
    private readonly Task _watching;

    /// <summary>Begins to watch.</summary>
    /// <param name="instruments">The instruments.</param>
    /// <param name="period">Time from one reading of all of them to the next.</param>
    /// <param name="time">Time.</param>
    public InstrumentMonitor(IReadOnlyList<IInstrument> instruments, TimeSpan period, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(instruments);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        _instruments = instruments;
        _time = time;
        _watching = WatchAsync(period);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<InstrumentReading>> ReadAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(cancellationToken).ConfigureAwait(false);
        lock (_readings)
        {
            InstrumentReading[] readings = [.. _readings];
            _readings.Clear();
            return readings;
        }
    }

    /// <summary>Stops watching and closes the instruments.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (IInstrument instrument in _instruments)
        {
            await instrument.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
        _sweep.Dispose();
    }

    private async Task WatchAsync(TimeSpan period)
    {
        using var timer = new PeriodicTimer(period, _time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            await SweepAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    // Instruments are asked at the same time, since each has a line of its own; and recorded in their order.
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await _sweep.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            InstrumentReading[] readings = await Task.WhenAll(_instruments.Select(i => ReadOneAsync(i, cancellationToken))).ConfigureAwait(false);
            lock (_readings)
            {
                KeepWhatMatters(readings);
            }
        }
        finally
        {
            _sweep.Release();
        }
    }

    // Nobody may ask for hours: of readings that differ in nothing but their values, the first and the last are enough.
    private void KeepWhatMatters(InstrumentReading[] sweep)
    {
        foreach (InstrumentReading reading in sweep)
        {
            int last = _readings.FindLastIndex(r => r.Instrument == reading.Instrument);
            int before = last <= 0 ? -1 : _readings.FindLastIndex(last - 1, r => r.Instrument == reading.Instrument);
            if (before >= 0 && IsLike(_readings[before], reading) && IsLike(_readings[last], reading))
            {
                _readings.RemoveAt(last);
            }

            _readings.Add(reading);
        }
    }

    private static bool IsLike(InstrumentReading a, InstrumentReading b) => a.Trustworthy == b.Trustworthy;

    private async Task<InstrumentReading> ReadOneAsync(IInstrument instrument, CancellationToken cancellationToken)
    {
        try
        {
            return await instrument.ReadStateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InstrumentException exception)
        {
            return new InstrumentReading(instrument.Id, _time.GetUtcNow(), false, exception.Message, []);
        }
    }
}
