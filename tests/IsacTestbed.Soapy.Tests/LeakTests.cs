using IsacTestbed.Ether;
using IsacTestbed.Radio;

namespace IsacTestbed.Soapy.Tests;

/// <summary>What the binding costs over time: no native memory that grows, no allocation per read.</summary>
[Collection(RealTime.Name)]
public sealed class LeakTests
{
    private static readonly Dictionary<string, string> NullDevice = new() { ["driver"] = "null", ["type"] = "null" };

    [SoapyFact]
    public async Task Calls_ManyTimes_LeaveNativeMemoryFlat()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = SoapyDevice.Make(served.Arguments());
        Repeat(2000, 40);
        long least = long.MaxValue;
        for (int batch = 0; batch < 6; batch++)
        {
            long before = NativeHeap.BytesInUse;
            Repeat(4000, 40);
            least = Math.Min(least, NativeHeap.BytesInUse - before);
        }

        // The runtime takes memory too, for code that it compiles meanwhile, but not in every batch; a leak grows in each, by 4000 blocks of at
        // least 32 bytes.
        Assert.InRange(least, long.MinValue, 4000 * 16);

        void Repeat(int makes, int rounds)
        {
            for (int i = 0; i < makes; i++)
            {
                using var made = SoapyDevice.Make(NullDevice);
                SoapySdr.Enumerate(NullDevice);
                _ = made.DriverKey + made.HardwareKey + made.HardwareInfo.Count + made.ClockSources.Count + made.Sensors.Count;
            }

            for (int i = 0; i < rounds; i++)
            {
                _ = device.HardwareInfo;
                _ = device.Settings;
                _ = device.ClockSources;
                device.DescribeSensor("temperature");
                device.ReadSensor("temperature");
                device.StreamFormats(StreamDirection.Receive, 0);
                device.FrequencyRanges(StreamDirection.Receive, 0);
                device.ChannelInfo(StreamDirection.Receive, 0);
                device.NativeStreamFormat(StreamDirection.Receive, 0);
                Assert.Throws<StreamingDeviceException>(() => device.ReadSensor("none"));
            }
        }
    }

    [SoapyFact]
    public async Task Radios_OpenedAndClosedManyTimes_LeaveNoThreadAndNoFileBehind()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        await OpenAndCloseAsync(served, 3);
        int files = Directory.GetFiles("/proc/self/fd").Length;
        await OpenAndCloseAsync(served, 15);

        // The server ends its side of a connection when it finds the client gone, a moment later. Fifteen radios had ten sockets each.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Directory.GetFiles("/proc/self/fd").Length > files + 12)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    [SoapyFact]
    public async Task Stream_PerReadAndWrite_AllocatesNothing()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = SoapyStreamingDevice.Open(new SoapyRadioOptions(served.Arguments()));
        device.SetSampleRate(ServedAir.RateHz);
        using IReceiveStream receive = device.OpenReceiveStream();
        using ITransmitStream transmit = device.OpenTransmitStream();
        receive.Activate();
        transmit.Activate();
        using var received = new StreamBuffer(receive.Format, 3, receive.MaxSamples);
        using var sent = new StreamBuffer(transmit.Format, 2, transmit.MaxSamples);
        Exchange(50);
        Assert.Equal(0, Exchange(500));
        receive.Deactivate();
        transmit.Deactivate();

        long Exchange(int rounds)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < rounds; i++)
            {
                receive.Read(received, 100_000);
                transmit.Write(sent, 0, 10, null, endOfBurst: true, 100_000);
                transmit.ReadEvent(0);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static async Task OpenAndCloseAsync(ServedAir served, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await using StreamingRadio radio = await served.OpenAsync();
            await radio.ConfigureAsync(new RadioSettingsRequest(ServedAir.RateHz, ServedAir.CarrierHz, 0, 0), CancellationToken.None);
        }
    }
}

/// <summary>Tests that measure, or whose clock does not wait: they run one at a time, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    public const string Name = "real time";
}
