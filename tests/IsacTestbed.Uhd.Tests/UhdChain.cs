using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.RadioContract;
using IsacTestbed.Soapy.Tests;

namespace IsacTestbed.Uhd.Tests;

/// <summary>Opens an emulated radio through libuhd, uhd-soapysdr, libSoapySDR and SoapyRemote.</summary>
internal static class UhdChain
{
    /// <summary>What opens a device of a served air.</summary>
    /// <remarks>SoapyRemote gives a server 100 ms to answer a search; a machine that runs tests may stall for longer.</remarks>
    public static UhdDeviceOptions Options(ServedAir served, int device = 0) =>
        new("type=soapy,remote:timeout=10000000," + string.Join(',', served.Arguments(device).Select(a => $"{a.Key}={a.Value}")));

    /// <summary>Opens a device as a radio; lead and ring are generous, since the machine that runs the tests may stall.</summary>
    public static Task<StreamingRadio> OpenAsync(ServedAir served, SampleFormat format = SampleFormat.ComplexFloat32) => UhdRadio.OpenAsync(
        new StreamingRadioOptions("radio-1", null) { LeadTimeSeconds = 0.2, TransmitAheadSeconds = 0.15, ReceiveRingSeconds = 1 },
        Options(served) with { Format = format },
        null,
        CancellationToken.None);

    /// <summary>Opens a device for the contract suite.</summary>
    public static async Task<RadioUnderTest> OpenUnderTestAsync(
        AirClockMode mode, SampleFormat format = SampleFormat.ComplexFloat32, double rxGainDb = 0)
    {
        var served = ServedAir.Start(mode);
        return new RadioUnderTest(
            await OpenAsync(served, format),
            new RadioSettingsRequest(ServedAir.RateHz, ServedAir.CarrierHz, 0, rxGainDb),
            new LoopbackPath(
                ServedAir.DelayTicks,
                0,
                Math.Sqrt(ServedAir.LeakageGain) * Math.Pow(10, rxGainDb / 20),
                ServedAir.LeakageGain / ServedAir.NoiseWatts),
            served);
    }
}
