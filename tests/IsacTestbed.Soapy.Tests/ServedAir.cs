using System.Net;
using IsacTestbed.Ether;
using IsacTestbed.Ether.SoapyRemote;
using IsacTestbed.Radio;
using IsacTestbed.RadioContract;

namespace IsacTestbed.Soapy.Tests;

/// <summary>An emulated air served on loopback, for the chain of Soapy radio, libSoapySDR, SoapyRemote and emulated radio.</summary>
internal sealed class ServedAir : IAsyncDisposable
{
    public const double RateHz = 1e6;
    public const double CarrierHz = 3.5e9;
    public const double LeakageGain = 1e-4;
    public const double NoiseWatts = 1e-9;
    public const int DelayTicks = 7;

    private readonly EmulatedAir _air;
    private readonly SoapyRemoteServer _server;
    private bool _isDisposed;

    private ServedAir(EmulatedAir air, SoapyRemoteServer server)
    {
        _air = air;
        _server = server;
    }

    public EmulatedAir Air => _air;

    /// <summary>Serves an air whose radios, of two transmit and three receive channels each, hear themselves.</summary>
    public static ServedAir Start(AirClockMode mode, int radios = 1)
    {
        var air = new EmulatedAir(
            new AirScene
            {
                Seed = 7,
                SampleRateHz = RateHz,
                CarrierFrequencyHz = CarrierHz,
                Nodes =
                [
                    .. Enumerable.Range(1, radios).Select(i => new AirNode
                    {
                        Id = $"radio-{i}",
                        Position = new Position(300 * i, 0),
                        Array = new UniformLinearArray(3),
                        TxChannels = 2,
                        NoisePowerWatts = NoiseWatts,
                        Leakage = new SelfLeakage(LeakageGain, DelayTicks),
                    }),
                ],
            },
            mode,
            mode == AirClockMode.Paced ? TimeProvider.System : null);
        return new ServedAir(air, SoapyRemoteServer.Start(air, new SoapyRemoteOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }));
    }

    /// <summary>What opens a device.</summary>
    public IReadOnlyDictionary<string, string> Arguments(int device = 0) => SoapySdr.ParseArguments(_server.DeviceArguments[device]);

    /// <summary>How a device is opened as a radio; lead and ring are generous, since the machine that runs the tests may stall.</summary>
    public static StreamingRadioOptions Options(int device) =>
        new($"radio-{device + 1}", null) { LeadTimeSeconds = 0.2, TransmitAheadSeconds = 0.15, ReceiveRingSeconds = 1 };

    /// <summary>Opens a device as a radio.</summary>
    public Task<StreamingRadio> OpenAsync(int device = 0, SampleFormat format = SampleFormat.ComplexFloat32) => SoapyRadio.OpenAsync(
        Options(device),
        new SoapyRadioOptions(Arguments(device)) { Format = format },
        null,
        CancellationToken.None);

    /// <summary>Opens a device for the contract suite.</summary>
    public async Task<RadioUnderTest> OpenUnderTestAsync(SampleFormat format = SampleFormat.ComplexFloat32, double rxGainDb = 0) => new(
        await OpenAsync(0, format),
        new RadioSettingsRequest(RateHz, CarrierHz, 0, rxGainDb),
        new LoopbackPath(DelayTicks, 0, Math.Sqrt(LeakageGain) * Math.Pow(10, rxGainDb / 20), LeakageGain / NoiseWatts),
        this);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _server.DisposeAsync();
        await _air.DisposeAsync();
    }
}
