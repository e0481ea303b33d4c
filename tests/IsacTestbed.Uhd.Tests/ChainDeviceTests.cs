using System.Diagnostics;
using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.Soapy.Tests;
using Xunit.Abstractions;

namespace IsacTestbed.Uhd.Tests;

/// <summary>An emulated radio as libuhd sees it through the whole chain: description, settings, time, sensors and errors.</summary>
public sealed class ChainDeviceTests(ITestOutputHelper output)
{
    [UhdFact]
    public void Open_OfNoSuchDevice_SaysWhatWasWantedInOneLine()
    {
        var options = new UhdDeviceOptions("type=soapy,driver=null42");
        StreamingDeviceException exception = Assert.Throws<StreamingDeviceException>(() => UhdDevice.Open(options));
        Assert.Equal(RadioFaultCode.NotFound, exception.Code);
        Assert.Contains("\"type=soapy,driver=null42\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains("uhd_find_devices", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [UhdFact]
    public void Find_OfNoSuchDevice_FindsNone() => Assert.Empty(UhdDiscovery.Find("type=soapy,driver=null42"));

    [UhdFact]
    public void LibraryVersion_OfTheLibrary_IsOneThatIsBound() =>
        Assert.StartsWith("4.", UhdDiscovery.LibraryVersion, StringComparison.Ordinal);

    [UhdFact]
    public async Task Description_OfTheChain_HasWhatTheRadioHas()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        StreamingDeviceDescription d = device.Description;
        Assert.Equal(("uhd-soapy", 2, 3, StreamClock.LockStep), (d.Driver, d.TxChannels, d.RxChannels, d.Clock));
        Assert.Equal(new SettingRange(ServedAir.RateHz, ServedAir.RateHz), Assert.Single(d.SampleRatesHz) with { Step = 0 });
        Assert.Contains(d.FrequenciesHz, r => r.Minimum <= ServedAir.CarrierHz && ServedAir.CarrierHz <= r.Maximum);
        Assert.Equal((-120, 30), (d.TxGainsDb.Minimum, d.TxGainsDb.Maximum));
        Assert.Equal(["internal", "external"], d.ClockSources);
        Assert.Equal(["internal", "external"], d.TimeSources);
        Assert.True(d.TransmitBufferSamples >= ServedAir.RateHz);
        Assert.NotEmpty(d.Serial);
        Assert.Equal(d.Serial, d.Hardware["board0.serial"]);
        Assert.StartsWith("4.", d.Hardware["libuhd"], StringComparison.Ordinal);
        Assert.Equal("0:0 1:1 2:2", d.Hardware["board0.rx_subdev_spec"]);
        Assert.Equal("0:0 1:1", d.Hardware["board0.tx_subdev_spec"]);
        Assert.Equal("SoapyRF", d.Hardware["rx2.frontend"]);
    }

    [UhdFact]
    public async Task Settings_OfTheChain_AnswerWhatTheRadioDoes()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        Assert.Equal(ServedAir.RateHz, device.SetSampleRate(2.5e6));
        Assert.Equal(12, device.SetGain(StreamDirection.Receive, 12), 6);
        Assert.Equal(-7, device.SetGainElement(StreamDirection.Transmit, "PGA", -7), 6);
        Assert.Equal(ServedAir.CarrierHz, device.SetFrequency(StreamDirection.Transmit, ServedAir.CarrierHz), 1.0);
        UhdTuning tuning = device.Tune(StreamDirection.Receive, 1, 2.4e9);
        Assert.Equal(2.4e9, tuning.RequestedHz);
        Assert.Equal(ServedAir.CarrierHz, tuning.ClippedRfHz);
        Assert.Equal(ServedAir.CarrierHz, tuning.ActualHz);
        Assert.Equal(ServedAir.RateHz, device.SetBandwidth(StreamDirection.Receive, 5e6));
        device.SelectAntenna(StreamDirection.Receive, "RX");
        device.SelectClockSource("external");
        device.SelectTimeSource("external");
    }

    [UhdFact]
    public async Task Settings_ThatDoNotExist_NameWhatThereIs()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        Check(() => device.SelectAntenna(StreamDirection.Receive, "sideways"), "sideways", "RX");
        Check(() => device.SelectClockSource("mains"), "mains", "internal, external");
        Check(() => device.SelectTimeSource("mains"), "mains", "internal, external");
        Check(() => device.SetGainElement(StreamDirection.Receive, "NOPE", 0), "NOPE", "channel 0");
        Check(() => UhdDevice.Open(UhdChain.Options(served) with { RxChannels = [3] }), "channel 3", "there are 3");
    }

    [UhdFact]
    public async Task Sensors_OfTheChain_AreReadWithTheLock()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        IReadOnlyList<SensorReading> sensors = device.ReadSensors();
        output.WriteLine(string.Join("; ", sensors));
        Assert.Contains(sensors, s => s.Name == "ref_locked" && s.Value == "true");
        Assert.True(device.ReadReferenceLock());
    }

    [UhdFact]
    public async Task Time_SetAtThePps_CountsFromThereOnAWholeSecond()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        device.SetSampleRate(ServedAir.RateHz);
        var watch = Stopwatch.StartNew();
        device.SetTick((long)(5000 * ServedAir.RateHz), TimeAlignment.NextPps, CancellationToken.None);
        double seconds = device.ReadTick() / ServedAir.RateHz, most = watch.Elapsed.TotalSeconds;

        // The time was set within the call, and has gone on no faster than the host's.
        Assert.InRange(seconds, 5000, 5000 + most);
    }

    [UhdFact]
    public async Task Time_WaitForThePps_CanBeCancelled()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        device.SetSampleRate(ServedAir.RateHz);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        OperationCanceledException exception = Assert.ThrowsAny<OperationCanceledException>(() =>
            device.SetTick(0, TimeAlignment.NextPps, cancellation.Token));
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    [UhdFact]
    public async Task TwoDevices_OneClosed_TheOtherGoesOn()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual, radios: 2);
        using var first = UhdDevice.Open(UhdChain.Options(served));
        using var second = UhdDevice.Open(UhdChain.Options(served, device: 1));
        Assert.NotEqual(first.Description.Serial, second.Description.Serial);
        first.Dispose();
        using var third = UhdDevice.Open(UhdChain.Options(served));
        Assert.Equal(3, second.SetGain(StreamDirection.Receive, 3), 6);
        Assert.Equal(5, third.SetGain(StreamDirection.Receive, 5), 6);
        Assert.Equal(3, second.SetGain(StreamDirection.Receive, 3), 6);
    }

    private static void Check(Action call, params string[] parts)
    {
        StreamingDeviceException exception = Assert.Throws<StreamingDeviceException>(call);
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', exception.Message);
    }
}
