using IsacTestbed.Core;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Profiles;
using IsacTestbed.Lab.Tests.Doubles;

namespace IsacTestbed.Lab.Tests.Instruments;

public sealed class InstrumentMonitorTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Read_WithoutWaiting_HasAFreshReadingOfEach()
    {
        await using var monitor = new InstrumentMonitor([new Probe("a", _time), new Probe("b", _time)], Period, _time);
        Assert.Equal(["a", "b"], (await monitor.ReadAsync(Never)).Select(r => r.Instrument));
        Assert.Equal(["a", "b"], (await monitor.ReadAsync(Never)).Select(r => r.Instrument));
    }

    /// <summary>A lock that is lost and found between two questions is among the readings, however long the time before and after.</summary>
    [Fact]
    public async Task Read_AfterALossInBetween_TellsIt()
    {
        var probe = new Probe("gpsdo", _time);
        await using var monitor = new InstrumentMonitor([probe], Period, _time);
        await monitor.ReadAsync(Never);
        for (int second = 0; second < 100; second++)
        {
            probe.Doubt = second is 40 or 41 ? "lock lost" : string.Empty;
            await probe.AfterAsync(() => _time.Advance(Period));
        }

        IReadOnlyList<InstrumentReading> readings = await monitor.ReadAsync(Never);
        Assert.Contains(readings, r => !r.Trustworthy && r.Reason == "lock lost");
        Assert.True(readings[0].Trustworthy && readings[^1].Trustworthy);
        Assert.InRange(readings.Count, 3, 6);
        Assert.Equal(readings.OrderBy(r => r.TimeUtc), readings);
    }

    [Fact]
    public async Task Read_InstrumentThatFails_IsADoubtAndNoException()
    {
        await using var monitor = new InstrumentMonitor(
            [new Probe("a", _time) { Failure = new InstrumentException(InstrumentFault.Unplugged, "a", "C", string.Empty, "went away") }, new Probe("b", _time)], Period, _time);
        IReadOnlyList<InstrumentReading> readings = await monitor.ReadAsync(Never);
        Assert.Equal([("a", false, "Instrument a: C: went away"), ("b", true, string.Empty)], readings.Select(r => (r.Instrument, r.Trustworthy, r.Reason)));
    }

    [Fact]
    public async Task Dispose_ClosesTheInstruments()
    {
        var probe = new Probe("a", _time);
        await new InstrumentMonitor([probe], Period, _time).DisposeAsync();
        Assert.True(probe.IsDisposed);
    }

    private sealed class Probe(string id, TimeProvider time) : IInstrument
    {
        private TaskCompletionSource _read = new();

        public string Id => id;

        public InstrumentProfile Profile => TestProfiles.Gpsdo;

        public string Doubt { get; set; } = string.Empty;

        public InstrumentException? Failure { get; init; }

        public bool IsDisposed { get; private set; }

        public Task<string> IdentifyAsync(CancellationToken cancellationToken) => Task.FromResult(id);

        public Task<InstrumentReading> ReadStateAsync(CancellationToken cancellationToken)
        {
            var reading = new InstrumentReading(id, time.GetUtcNow(), Doubt.Length == 0, Doubt, []);
            _read.TrySetResult();
            return Failure is null ? Task.FromResult(reading) : Task.FromException<InstrumentReading>(Failure);
        }

        /// <summary>Does something and waits until the instrument has been read after it.</summary>
        public async Task AfterAsync(Action action)
        {
            _read = new TaskCompletionSource();
            action();
            await _read.Task;
        }

        public Task SendDangerousAsync(DangerousCommand command, CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
