using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Radio;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>Time, loss and scripted faults of streams in lock-step, without a wire.</summary>
public sealed class AirStreamsTests : IDisposable
{
    private const int Credit = 1000;
    private readonly EmulatedAir _air = new(Scenes.Link);
    private readonly AirStreams _streams;
    private readonly List<TransmitReport> _reports = [];
    private readonly StepTimeline _amplitude = new(1);

    public AirStreamsTests() => _streams = new AirStreams(_air);

    public void Dispose() => _streams.Dispose();

    [Fact]
    public void Time_InLockStep_StandsStillWithoutAReader()
    {
        RxStream stream = Receiver(1);
        Assert.Equal(ReceiveGrantKind.None, stream.Grant(100, 1, out _).Kind);
        Assert.Equal(0, _streams.Now);
    }

    [Fact]
    public void Time_InLockStep_KeepsWithinTheCreditOfTheSlowestReader()
    {
        RxStream fast = Receiver(0), slow = Receiver(1);
        fast.Activate(0, null);
        slow.Activate(0, null);
        Assert.Equal(Credit, Drain(fast));
        Assert.Equal(Credit, Drain(slow));
        fast.Acknowledge(Credit);
        Assert.Equal(0, Drain(fast));
        slow.Acknowledge(300);
        Assert.Equal(300, Drain(fast));
        Assert.InRange(_streams.Now, Credit + 300, Credit + 300 + FractionalDelay.Taps);
    }

    [Fact]
    public void Reception_AskedForInThePast_IsLate()
    {
        RxStream stream = Receiver(1);
        stream.Activate(0, 500);
        Assert.Equal(500, Drain(stream));
        stream.Activate(499, null);
        Assert.Equal(new ReceiveGrant(ReceiveGrantKind.Late, 499, 0, true), stream.Grant(100, 1, out _));
        Assert.False(stream.IsActive);
        stream.Activate(500, 10);
        Assert.Equal(10, Drain(stream));
    }

    [Fact]
    public async Task ScriptedOverflow_LosesExactlyItsInterval()
    {
        await _air.Radios[1].InjectAsync(new InjectedFault(InjectedFaultKind.Overflow, 200, 50), CancellationToken.None);
        RxStream stream = Receiver(1);
        stream.Activate(0, null);
        Assert.Equal(new ReceiveGrant(ReceiveGrantKind.Samples, 0, 200, false), Take(stream));
        Assert.Equal(new ReceiveGrant(ReceiveGrantKind.Overflow, 200, 0, false), stream.Grant(1000, 1, out _));
        Assert.Equal(250, Take(stream).FirstTick);
    }

    [Fact]
    public async Task ScriptedOverflow_LongerThanTheCredit_DoesNotStopTime()
    {
        await _air.Radios[1].InjectAsync(new InjectedFault(InjectedFaultKind.Overflow, 200, 50 * Credit), CancellationToken.None);
        RxStream stream = Receiver(1);
        stream.Activate(0, null);
        Assert.Equal(200, Drain(stream));
        Assert.Equal(Credit - 200, Drain(stream));
        stream.Acknowledge(200);
        Assert.Equal(200, Drain(stream));
    }

    [Fact]
    public async Task DeadRadio_DeliversNothingFromItsTickOn()
    {
        await _air.Radios[1].InjectAsync(new InjectedFault(InjectedFaultKind.Dead, 321, 1), CancellationToken.None);
        RxStream stream = Receiver(1);
        stream.Activate(0, null);
        Assert.Equal(321, Drain(stream));
    }

    [Fact]
    public async Task ScriptedLateCommand_HitsTheNextBurstOnly()
    {
        await _air.Radios[0].InjectAsync(new InjectedFault(InjectedFaultKind.LateCommand, 0, 1), CancellationToken.None);
        TxStream stream = Transmitter();
        Assert.False(Send(stream, 5000, 100, ends: true));
        Assert.True(Send(stream, 6000, 100, ends: true));
        Assert.Equal([new TransmitReport(TransmitReportKind.Late, 5000)], _reports);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ScriptedUnderflow_CutsTheBurstAtItsTick(bool isComplete)
    {
        await _air.Radios[0].InjectAsync(new InjectedFault(InjectedFaultKind.Underflow, 150, 1), CancellationToken.None);
        TxStream transmitter = Transmitter();
        Send(transmitter, 100, 400, isComplete);
        float[] heard = Hear(1000);
        Assert.Equal([new TransmitReport(TransmitReportKind.Underflow, 150)], _reports);

        // At full scale behind the link the burst stands 34 dB over the noise: 0.25 against a power of 1e-4.
        int delay = Scenes.DelaySamples;
        Assert.All(heard[(100 + delay)..(150 + delay)], power => Assert.InRange(power, 0.1, 0.5));
        Assert.All(heard[(150 + delay)..], power => Assert.InRange(power, 0, 0.01));
    }

    [Fact]
    public void Burst_ThatRunsDry_IsTimedOutAndItsRestDropped()
    {
        TxStream transmitter = Transmitter();
        Send(transmitter, 100, 200, ends: false);
        Hear(1000);
        Assert.Equal([new TransmitReport(TransmitReportKind.Underflow, 300)], _reports);
        lock (_streams.Sync)
        {
            // The rest of a timed burst would leave at the wrong time.
            Assert.False(transmitter.Begin(null));
            transmitter.EndBurst();
            Assert.True(transmitter.Begin(null));
        }
    }

    [Fact]
    public void Burst_BeforeTheTimeThatWasHeard_IsLate()
    {
        TxStream transmitter = Transmitter();
        Hear(1000);
        Assert.False(Send(transmitter, 999, 10, ends: true));
        Assert.True(Send(transmitter, _streams.Now, 10, ends: true));
        Assert.Equal([new TransmitReport(TransmitReportKind.Late, 999)], _reports);
    }

    [Fact]
    public void Room_IsTheBuffer_AndComesBackWithTime()
    {
        TxStream transmitter = Transmitter(buffer: 1000);
        Send(transmitter, 100, 600, ends: true);
        Send(transmitter, 5000, 300, ends: true);
        lock (_streams.Sync)
        {
            Assert.True(transmitter.HasRoom(100));
            Assert.False(transmitter.HasRoom(101));
        }

        Hear(400);
        lock (_streams.Sync)
        {
            // 300 of the first burst have left, and what the horizon lies ahead.
            Assert.True(transmitter.HasRoom(400));
            Assert.False(transmitter.HasRoom(401 + FractionalDelay.Taps));
        }
    }

    [Fact]
    public void Gain_SetOnTheWay_CountsFromOneTickOnWhateverTheBlocks()
    {
        _amplitude.Set(333, 2);
        float[] whole = Hear(1000, 1000);
        var again = new AirStreams(_air);
        var stream = new RxStream(again, _air.Radios[1], new StepTimeline(1), 1, () => { }) { CreditTicks = long.MaxValue / 2 };
        again.Add(stream);
        stream.Activate(0, 1000);
        float[] plain = Power(stream, 64);
        again.Dispose();
        Assert.Equal(plain[..333], whole[..333]);
        for (int i = 333; i < 1000; i++)
        {
            Assert.Equal(4 * plain[i], whole[i], 1e-6f * whole[i]);
        }
    }

    [Fact]
    public void SetTime_CutsWhatIsOnItsWay_AndMovesTheReaders()
    {
        TxStream transmitter = Transmitter();
        Send(transmitter, 5000, 100, ends: true);
        RxStream stream = Receiver(1);
        stream.Activate(0, null);
        Drain(stream);
        _streams.SetTime("a", 100_000);
        Assert.Equal(100_000, Take(stream).FirstTick);
        Assert.Empty(_air.Bursts.All);
    }

    private RxStream Receiver(int node)
    {
        var stream = new RxStream(_streams, _air.Radios[node], _amplitude, 1, () => { }) { CreditTicks = Credit };
        _streams.Add(stream);
        return stream;
    }

    private TxStream Transmitter(long buffer = long.MaxValue)
    {
        var stream = new TxStream(_streams, _air.Radios[0], 0, [0], buffer, () => { }, _reports.Add);
        _streams.Add(stream);
        return stream;
    }

    private bool Send(TxStream stream, long tick, int count, bool ends)
    {
        lock (_streams.Sync)
        {
            bool isWanted = stream.Begin(tick);
            if (isWanted)
            {
                Assert.Equal(count, stream.Reserve(count));
                stream.Segment(0).ReservedReal(count).Fill(1);
                stream.Segment(0).ReservedImaginary(count).Clear();
                stream.Publish(count);
            }

            if (ends)
            {
                stream.EndBurst();
            }

            return isWanted;
        }
    }

    /// <summary>The power of what node b hears from the beginning.</summary>
    private float[] Hear(int count, int block = 128)
    {
        RxStream stream = Receiver(1);
        stream.CreditTicks = long.MaxValue / 2;
        stream.Activate(0, count);
        float[] power = Power(stream, block);
        _streams.Remove(stream);
        return power;
    }

    private static float[] Power(RxStream stream, int block)
    {
        var power = new List<float>();
        while (stream.IsActive)
        {
            ReceiveGrant grant = stream.Grant(block, 1, out int epoch);
            using CaptureBlock samples = stream.Render(grant);
            for (int i = 0; i < grant.Count; i++)
            {
                power.Add((samples.Real(0)[i] * samples.Real(0)[i]) + (samples.Imaginary(0)[i] * samples.Imaginary(0)[i]));
            }

            stream.Commit(grant, epoch);
        }

        return [.. power];
    }

    private static ReceiveGrant Take(RxStream stream)
    {
        ReceiveGrant grant = stream.Grant(1000, 1, out int epoch);
        return grant.Kind != ReceiveGrantKind.Samples || stream.Commit(grant, epoch) ? grant : default;
    }

    private static int Drain(RxStream stream)
    {
        int total = 0;
        while (Take(stream) is { Kind: ReceiveGrantKind.Samples } grant)
        {
            total += grant.Count;
        }

        return total;
    }
}
