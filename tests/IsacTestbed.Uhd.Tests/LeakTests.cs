using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.Soapy.Tests;
using Xunit.Abstractions;

namespace IsacTestbed.Uhd.Tests;

/// <summary>
/// What the binding costs over time: no native memory that grows, no allocation per read and write. Run alone: they measure.
/// </summary>
[Collection(Alone.Name)]
public sealed class LeakTests(ITestOutputHelper output)
{
    private const StreamDirection Receive = StreamDirection.Receive;

    [UhdFact]
    public async Task Calls_OverAndOver_LeaveNativeMemoryFlat()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var usrp = Usrp.Open(UhdChain.Options(served).Arguments);
        long growth = LeastGrowth(40, 16, () =>
        {
            usrp.BoardFact(0, "serial");
            usrp.BoardFact(0, "no such fact");
            usrp.BoardName(0);
            usrp.ClockSources(0);
            usrp.BoardSensor("temperature", 0);
            usrp.SubdevSpec(Receive, 0);
            usrp.FrontendSerial(Receive, 0);
            usrp.Frequencies(Receive, 0);
            usrp.GainRanges(Receive, string.Empty, 0);
            usrp.GainElements(Receive, 0);
            usrp.Antennas(Receive, 0);
            usrp.Tune(Receive, ServedAir.CarrierHz, string.Empty, 0);
            usrp.TimeNow(0);
        });

        // A handle or a text lost by one of the calls would be at least 32 bytes per round in every batch.
        Assert.InRange(growth, 0, 16);
    }

    [UhdFact]
    public async Task Streams_OpenedOverAndOver_LeaveNativeMemoryFlat()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        device.SetSampleRate(ServedAir.RateHz);
        long growth = LeastGrowth(10, 1024, () =>
        {
            using IReceiveStream receive = device.OpenReceiveStream();
            using ITransmitStream transmit = device.OpenTransmitStream();
            using var buffer = new StreamBuffer(transmit.Format, 2, 16);
            receive.Activate();
            transmit.Activate();
            transmit.Write(buffer, 0, 16, device.ReadTick() + 100_000, endOfBurst: true, 100_000);
            transmit.Deactivate();
            receive.Deactivate();
        });
        Assert.InRange(growth, 0, 1024);
    }

    [UhdFact]
    public async Task Devices_OpenedOverAndOver_LeaveNativeMemoryFlat()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        long growth = LeastGrowth(5, 1024, () => Usrp.Open(UhdChain.Options(served).Arguments).Dispose());
        Assert.InRange(growth, 0, 1024);
    }

    [UhdFact]
    public async Task ReadAndWrite_OverAndOver_AllocateNothing()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        device.SetSampleRate(ServedAir.RateHz);
        using IReceiveStream receive = device.OpenReceiveStream();
        using ITransmitStream transmit = device.OpenTransmitStream();
        using var heard = new StreamBuffer(receive.Format, 3, receive.MaxSamples);
        using var sent = new StreamBuffer(transmit.Format, 2, transmit.MaxSamples);
        receive.Activate();
        transmit.Activate();
        // Long enough that events of the first bursts have come too: what is made once is made by then.
        Round(2000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round(2000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Round(int count)
        {
            for (int i = 0; i < count; i++)
            {
                ReceiveResult result = receive.Read(heard, 1_000_000);
                if (i % 100 == 0 && result.FirstTick is { } tick)
                {
                    transmit.Write(sent, 0, 10, tick + 50_000, endOfBurst: true, 100_000);
                    transmit.ReadEvent(0);
                }
            }
        }
    }

    /// <summary>
    /// Growth of the native heap per round: the least of many batches, since the runtime takes memory too, for code that it compiles
    /// meanwhile, but not in every batch, where a leak grows in each.
    /// </summary>
    /// <param name="rounds">Rounds of a batch.</param>
    /// <param name="enough">Growth per round from which on no further batch is needed.</param>
    /// <param name="round">What is done in each.</param>
    private long LeastGrowth(int rounds, long enough, Action round)
    {
        const int MostBatches = 40;
        long least = long.MaxValue;
        for (int batch = 0; batch < MostBatches && least > enough; batch++)
        {
            long before = NativeHeap.BytesInUse;
            for (int i = 0; i < rounds; i++)
            {
                round();
            }

            long growth = (NativeHeap.BytesInUse - before) / rounds;
            output.WriteLine($"batch {batch}: {growth} bytes per round");

            // The first fills caches; what it frees is none of the later ones' business.
            least = batch == 0 ? least : Math.Min(least, Math.Abs(growth));
        }

        return least;
    }
}

/// <summary>Tests that measure: they run one at a time, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
