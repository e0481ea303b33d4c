using System.Runtime.CompilerServices;
using IsacTestbed.Ether;
using IsacTestbed.Radio;

namespace IsacTestbed.Soapy.Tests;

/// <summary>The binding by itself: layouts, what it frees, and what it says when something is missing.</summary>
public sealed class BindingTests
{
    private static readonly Dictionary<string, string> NullDevice = new() { ["driver"] = "null", ["type"] = "null" };

    [Fact]
    public void Structs_OfTheHeaders_HaveTheirSizes()
    {
        // What sizeof says of SoapySDR/Types.h on 64-bit machines.
        Assert.Equal(24, Unsafe.SizeOf<NativeKwargs>());
        Assert.Equal(24, Unsafe.SizeOf<NativeRange>());
        Assert.Equal(96, Unsafe.SizeOf<NativeArgInfo>());
    }

    [Fact]
    public void Library_ThatIsMissing_NamesThePackageToInstall()
    {
        StreamingDeviceException exception = Assert.Throws<StreamingDeviceException>(() => SoapyLibrary.Require(["libSoapySDR.so.99", "libNoSuchThing.so.1"]));
        Assert.Equal(RadioFaultCode.NotFound, exception.Code);
        Assert.Contains("libSoapySDR.so.99", exception.Message, StringComparison.Ordinal);
        Assert.Contains("apt install libsoapysdr0.8", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [SoapyFact]
    public void Version_OfTheLibrary_IsOfTheInterfaceThatIsBound()
    {
        Assert.StartsWith("0.8", SoapySdr.Version.Interface, StringComparison.Ordinal);
        Assert.StartsWith("0.8", SoapySdr.Version.Library, StringComparison.Ordinal);
    }

    [SoapyFact]
    public void NullDevice_Made_AnswersEveryQuestion()
    {
        using var device = SoapyDevice.Make(NullDevice);
        Assert.Equal("null", device.DriverKey);
        Assert.Equal(0, device.ChannelCount(StreamDirection.Receive));
        Assert.Equal(0, device.ChannelCount(StreamDirection.Transmit));
        Assert.Empty(device.Sensors);
        Assert.Empty(device.Settings);
        Assert.Empty(device.ClockSources);
        Assert.Empty(device.TimeSources);
        Assert.NotNull(device.HardwareInfo);
    }

    [SoapyFact]
    public void NullDevice_AsARadio_IsRefusedForWhatItLacks()
    {
        StreamingDeviceException exception = Assert.Throws<StreamingDeviceException>(() => SoapyStreamingDevice.Open(new SoapyRadioOptions(NullDevice)));
        Assert.Equal(RadioFaultCode.NotSupported, exception.Code);
        Assert.Contains("no receive channel", exception.Message, StringComparison.Ordinal);
    }

    [SoapyFact]
    public void Make_OfNoSuchDevice_SaysWhatWasWanted()
    {
        StreamingDeviceException exception = Assert.Throws<StreamingDeviceException>(() =>
            SoapyDevice.Make(new Dictionary<string, string> { ["driver"] = "no-such-driver", ["serial"] = "42" }));
        Assert.Equal(RadioFaultCode.NotFound, exception.Code);
        Assert.Contains("driver=no-such-driver", exception.Message, StringComparison.Ordinal);
        Assert.Contains("serial=42", exception.Message, StringComparison.Ordinal);
    }

    [SoapyFact]
    public void Enumerate_OfTheNullDriver_FindsItsOneDevice()
    {
        IReadOnlyDictionary<string, string> found = Assert.Single(SoapySdr.Enumerate(NullDevice));
        Assert.Equal("null", found["driver"]);
        using var device = SoapyDevice.Make(found);
        Assert.Equal("null", device.HardwareKey);
    }

    [Theory]
    [InlineData("driver=remote, remote=tcp://127.0.0.1:55132", 2)]
    [InlineData("", 0)]
    [InlineData("key=a=b", 1)]
    public void Arguments_OfPairs_AreRead(string text, int count) => Assert.Equal(count, SoapySdr.ParseArguments(text).Count);

    [Theory]
    [InlineData("driver")]
    [InlineData("=x")]
    [InlineData("a=1,a=2")]
    public void Arguments_OfOtherThings_AreRefusedByName(string text)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => SoapySdr.ParseArguments(text));
        Assert.Contains(text.Split(',')[^1], exception.Message, StringComparison.Ordinal);
    }

    [SoapyFact]
    public async Task Device_BehindTheServer_AnswersInUnits()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = SoapyDevice.Make(served.Arguments());
        Assert.Equal("isac", device.DriverKey);
        Assert.Equal(3, device.ChannelCount(StreamDirection.Receive));
        Assert.Equal(2, device.ChannelCount(StreamDirection.Transmit));
        Assert.Equal("lockstep", device.HardwareInfo["clock_mode"]);
        Assert.Contains("CS16", device.StreamFormats(StreamDirection.Receive, 0));
        Assert.Equal(ServedAir.RateHz, device.SampleRate(StreamDirection.Receive, 2));
        Assert.Equal(ServedAir.CarrierHz, device.Frequency(StreamDirection.Transmit, 1));
        Assert.Equal(new SoapyRange(ServedAir.CarrierHz, ServedAir.CarrierHz, 0), Assert.Single(device.FrequencyRanges(StreamDirection.Receive, 0)));
        string element = Assert.Single(device.GainElements(StreamDirection.Receive, 0));
        device.SetGain(StreamDirection.Receive, 0, element, 12);
        Assert.Equal(12, device.Gain(StreamDirection.Receive, 0, element));
        Assert.Equal(12, device.Gain(StreamDirection.Receive, 0));
        Assert.Equal("RX", device.Antenna(StreamDirection.Receive, 0));
        Assert.Equal("true", device.ReadSensor("ref_locked"));
        Assert.NotEmpty(device.DescribeSensor("temperature").Unit);
        Assert.Contains(device.Settings, s => s.Key.Length > 0 && s.Description.Length > 0);
        device.ClockSource = "external";
        Assert.Equal("external", device.ClockSource);
    }

    [SoapyFact]
    public async Task Radio_WithItsGainElementHeld_StaysThereWhateverGainIsAskedFor()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        var range = new SettingRange(0, 60);
        await using StreamingRadio radio = await SoapyRadio.OpenAsync(
            ServedAir.Options(0) with
            {
                RxGains = new GainElements([new GainElement("PGA", range, 12)]),
                TxGains = new GainElements([new GainElement("PGA", new SettingRange(-20, 0), null)]),
            },
            new SoapyRadioOptions(served.Arguments()),
            null,
            CancellationToken.None);
        RadioSettings settings = await radio.ConfigureAsync(
            new RadioSettingsRequest(ServedAir.RateHz, ServedAir.CarrierHz, -7, 30), CancellationToken.None);
        Assert.Equal((12.0, -7.0), (settings.RxGainDb.Actual, settings.TxGainDb.Actual));
    }

    [SoapyFact]
    public async Task Device_AskedForWhatItHasNot_GivesTheDriversWords()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = SoapyDevice.Make(served.Arguments());
        StreamingDeviceException exception = Assert.Throws<StreamingDeviceException>(() => device.SetAntenna(StreamDirection.Receive, 0, "sideways"));
        Assert.Contains("sideways", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<StreamingDeviceException>(() => device.ReadSensor("no-such-sensor"));
        Assert.Contains("no-such-sensor", exception.Message, StringComparison.Ordinal);
        Assert.Equal("true", device.ReadSensor("ref_locked"));
    }

    [SoapyFact]
    public async Task Log_OfTheDriver_ReachesTheListener()
    {
        System.Collections.Concurrent.ConcurrentQueue<(SoapyLogLevel Level, string Message)> heard = new();
        SoapySdr.Listen((level, message) => heard.Enqueue((level, message)), SoapyLogLevel.Trace);
        try
        {
            await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
            using var device = SoapyDevice.Make(served.Arguments());
            SoapyImports.SoapySDR_log((int)SoapyLogLevel.Warning, "of the test");
            Assert.Contains((SoapyLogLevel.Warning, "of the test"), heard);
            SoapySdr.Listen((_, _) => throw new InvalidOperationException("of the listener"), SoapyLogLevel.Trace);
            SoapyImports.SoapySDR_log((int)SoapyLogLevel.Warning, "swallowed");
        }
        finally
        {
            SoapySdr.Listen(null, SoapyLogLevel.Fatal);
        }
    }
}
