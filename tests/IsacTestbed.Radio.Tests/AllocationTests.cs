using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>In steady state neither reading nor writing allocates: counted on the threads that do it, by the drivers they call.</summary>
public sealed class AllocationTests
{
    private const int WarmUp = 200;
    private const int Calls = 5000;

    [Fact]
    public async Task Pump_PerRead_AllocatesNothing()
    {
        var stream = new CountingStream();
        var ring = new SampleRing(2, 1 << 16);
        ring.Reset(0);
        var pump = new ReceivePump(stream, ring, StreamClock.RealTime, TimeProvider.System, TimeSpan.FromMinutes(1), () => { });
        pump.Start("pump");
        long bytes = await stream.Measured.Task.WaitAsync(TimeSpan.FromMinutes(1));
        pump.Stop();
        await pump.Ended;
        pump.Dispose();
        Assert.Equal(0, bytes);
    }

    [Fact]
    public async Task Writer_PerWrite_AllocatesNothing()
    {
        var stream = new CountingStream();
        TxBurst[] bursts = [new TxBurst(1, 0, "pulse", 10_000, Run.PulseSamples + 100, 1, [1, 0.5])];
        var ledger = new TransmitLedger(bursts, acknowledges: true);
        var timing = new TransmitTiming(() => 0, _ => TimeSpan.Zero, long.MaxValue / 2, long.MaxValue, null);
        var writer = new TransmitWriter(stream, [new BurstSignal(bursts[0], [Run.Pulse])], ledger, timing, TimeProvider.System, () => { });
        writer.Start("writer");
        long bytes = await stream.Measured.Task.WaitAsync(TimeSpan.FromMinutes(1));
        writer.Stop();
        await writer.Ended;
        writer.Dispose();
        Assert.Equal(0, bytes);
    }

    /// <summary>Counts what its caller's thread has allocated between two of its calls.</summary>
    private sealed class CountingStream : IReceiveStream, ITransmitStream
    {
        private int _calls;
        private long _before;
        private long _tick;

        public TaskCompletionSource<long> Measured { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SampleFormat Format => SampleFormat.ComplexFloat32;

        public float FullScale => 1;

        public float ClipLevel => 1;

        public int MaxSamples => 512;

        public void Activate()
        {
        }

        public void Deactivate()
        {
        }

        public ReceiveResult Read(StreamBuffer buffer, int timeLimitMicroseconds)
        {
            Count();
            _tick += MaxSamples;
            return new ReceiveResult(ReceiveStatus.Samples, MaxSamples, _tick - MaxSamples);
        }

        public TransmitResult Write(StreamBuffer buffer, int offset, int count, long? startTick, bool endOfBurst, int timeLimitMicroseconds)
        {
            Count();
            return new TransmitResult(TransmitStatus.Accepted, count);
        }

        public TransmitEvent ReadEvent(int timeLimitMicroseconds) => default;

        public void Dispose()
        {
        }

        private void Count()
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            _calls++;
            if (_calls == WarmUp)
            {
                _before = bytes;
            }
            else if (_calls == WarmUp + Calls)
            {
                Measured.SetResult(bytes - _before);
            }
        }
    }
}
