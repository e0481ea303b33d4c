using IsacTestbed.Control.Sidecars;
using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.RadioContract;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests;

/// <summary>An emulated radio behind a sidecar is a radio like any other.</summary>
public sealed class RemoteRadioContractTests : RadioContractTests
{
    private const double SampleRateHz = 5e6;
    private const double CarrierHz = 3.5e9;
    private const int DelayTicks = 37;
    private const double Gain = 1e-2;
    private const double NoiseWatts = 1e-6;

    protected override async ValueTask<RadioUnderTest> OpenAsync()
    {
        var air = new EmulatedAir(new AirScene
        {
            Seed = 21,
            SampleRateHz = SampleRateHz,
            CarrierFrequencyHz = CarrierHz,
            Nodes =
            [
                new AirNode
                {
                    Id = "remote",
                    Position = default,
                    Array = new UniformLinearArray(2),
                    NoisePowerWatts = NoiseWatts,
                    Leakage = new SelfLeakage(Gain, DelayTicks),
                },
            ],
        });
        RadioSidecar sidecar = await Bench.StartAsync([.. air.Radios]);
        SidecarClient client = await Bench.ConnectAsync(sidecar);
        SidecarSession session = await client.OpenSessionAsync();
        return new RadioUnderTest(
            session.Radios[0],
            new RadioSettingsRequest(SampleRateHz, CarrierHz, 0, 0),
            new LoopbackPath(DelayTicks, 0, Math.Sqrt(Gain), Gain / NoiseWatts),
            new Bundle(session, client, sidecar, air));
    }

    [Fact]
    public async Task InjectedFault_OverTheWire_FlagsTheCaptureAndNamesTheGap()
    {
        await using RadioUnderTest bench = await OpenAsync();
        var injection = Assert.IsType<IFaultInjection>(bench.Radio, exactMatch: false);
        await injection.InjectAsync(new InjectedFault(InjectedFaultKind.Overflow, 1500, 200), CancellationToken.None);
        await bench.Radio.ArmAsync(Bench.Receive("remote", 4000), CancellationToken.None);

        Core.RadioOutput[] outputs = await bench.Radio.RunAsync(CancellationToken.None).ToArrayAsync();

        Core.CaptureBlock[] blocks = [.. outputs.Cast<Core.CaptureBlock>()];
        Assert.Contains(blocks, b => b.Flags.HasFlag(Core.CaptureFlags.Overflow));
        Assert.Equal([(1500L, 200L)], blocks.SelectMany(b => b.Gaps).Select(g => (g.FirstTick, g.SampleCount)));
        Array.ForEach(blocks, b => b.Dispose());
    }

    /// <summary>Disposes in order.</summary>
    private sealed class Bundle(params IAsyncDisposable[] parts) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (IAsyncDisposable part in parts)
            {
                await part.DisposeAsync();
            }
        }
    }
}
