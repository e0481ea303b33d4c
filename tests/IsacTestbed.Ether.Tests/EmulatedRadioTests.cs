using IsacTestbed.Core;
using IsacTestbed.Radio;
using static IsacTestbed.Ether.Tests.Bench;

namespace IsacTestbed.Ether.Tests;

public sealed class EmulatedRadioTests
{
    [Fact]
    public async Task Configure_OtherRateThanTheScene_ActualIsTheScenes()
    {
        await using var air = new EmulatedAir(Link(1, 0));
        RadioSettings settings = await air.Radios[0].ConfigureAsync(new(5, 3.6e9, 0, 0), default);
        Assert.Equal(new Tuned(5, Rate, Rate), settings.SampleRateHz);
        Assert.Equal(new Tuned(3.6e9, Carrier, Carrier), settings.FrequencyHz);
    }

    [Fact]
    public void Scene_RateInMegahertz_IsRefusedWithTheUnit()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new EmulatedAir(Link(1, 0) with { SampleRateHz = 5 }));
        Assert.Contains("hertz", exception.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, AirScene> Malformed => new()
    {
        { "no node nobody", Link(1, 0) with { Links = [Link(1, 0).Links[0] with { Receiver = "nobody" }] } },
        { "twice", Scene(Node("a"), Node("a")) },
        { "leakage", Link(1, 0) with { Links = [Link(1, 0).Links[0] with { Receiver = "a" }] } },
        { "no target", Link(1, 0) with { Echoes = [new Echo { Transmitter = "a", Target = "x", Receiver = "b", Gain = new EchoGain.Explicit(1) }] } },
        { "elements", Scene(Node("a", 0)) },
        { "transmit channels", Scene(Node("a") with { TxChannels = 2 }) },
        { "block", Link(1, 0, new Fading(FadingKind.Rayleigh, 0)) },
        { "clip level", Scene(Node("a") with { Impairments = new ReceiverImpairments { QuantisationBits = 8 } }) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Scene_Malformed_NamesWhatIsWrong(string expected, AirScene scene)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(scene.Validate);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arm_OtherRadiosSchedule_ThrowsArgument()
    {
        await using var air = new EmulatedAir(Link(1, 0));
        await Assert.ThrowsAsync<ArgumentException>(async () => await air.Radios[0].ArmAsync(Schedule("b", [], new RxWindow(0, 0, 1)), default));
    }

    [Fact]
    public async Task Arm_BeyondFullScale_IsRefused()
    {
        await using var air = new EmulatedAir(Link(1, 0));
        Waveform x = Constant(10, "x", 1.5f);
        await air.Radios[0].UploadWaveformAsync(x, default);
        await Assert.ThrowsAsync<ArgumentException>(async () => await air.Radios[0].ArmAsync(Schedule("a", [Burst(0, 0, x)]), default));
        await air.Radios[0].ArmAsync(Schedule("a", [Burst(0, 0, x, amplitude: 0.6)]), default);
    }

    [Fact]
    public async Task SetTime_OfOneRadio_IsThatOfAll()
    {
        await using var air = new EmulatedAir(Link(1, 0));
        await air.Radios[0].SetTimeAsync(new DeviceTime(12345, Rate), TimeAlignment.NextPps, default);
        Assert.Equal(12345, (await air.Radios[1].GetTimeAsync(default)).Ticks);
        await air.Radios[1].ArmAsync(Schedule("b", [], new RxWindow(0, 20_000, 1)), default);
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () =>
            await air.Radios[0].SetTimeAsync(new DeviceTime(0, Rate), TimeAlignment.Now, default));
        Assert.Equal(RadioFaultCode.Busy, exception.Code);
    }

    [Fact]
    public async Task SetTime_BackToTheSameTick_BringsTheSameNoise()
    {
        await using var air = new EmulatedAir(Link(1, 0, noise: 1));
        Capture[] first = await RunAsync(air, [], Schedule("b", [], new RxWindow(0, 1000, 500)));
        await air.Radios[0].SetTimeAsync(new DeviceTime(0, Rate), TimeAlignment.Now, default);
        Capture[] again = await RunAsync(air, [], Schedule("b", [], new RxWindow(0, 900, 600)));
        Assert.Equal(first[0][0], again[0][0][100..]);
    }

    [Fact]
    public async Task Outputs_BlocksAndReports_ComeInOrderOfTheirTicks()
    {
        await using var air = new EmulatedAir(Link(1, 0));
        EmulatedRadio radio = RadioOf(air, "a");
        Waveform x = Constant(10);
        await radio.UploadWaveformAsync(x, default);
        await radio.ArmAsync(
            Schedule("a", [Burst(0, 0, x), Burst(1, 100, x), Burst(2, 60_000, x)], new RxWindow(0, 50, 100), new RxWindow(1, 1000, 70_000)), default);
        var ticks = new List<long>();
        await foreach (RadioOutput output in radio.RunAsync(default))
        {
            ticks.Add(output is BurstReport report ? report.Tick : ((CaptureBlock)output).FirstTick);
            (output as CaptureBlock)?.Dispose();
        }

        Assert.Equal(3 + 1 + 3, ticks.Count);
        Assert.Equal(ticks.Order(), ticks);
    }

    [Fact]
    public async Task Run_LeftEarly_LeavesTheRadioIdleAndItsBurstsUnsent()
    {
        await using var air = new EmulatedAir(Link(1, 0, noise: 1e-6));
        Waveform x = Constant(1000);
        EmulatedRadio a = RadioOf(air, "a"), b = RadioOf(air, "b");
        BurstSchedule listen = Schedule("b", [], new RxWindow(0, 200_000, 1000));
        await b.ArmAsync(listen, default);
        await a.UploadWaveformAsync(x, default);
        await a.ArmAsync(Schedule("a", [Burst(0, 200_000, x)], new RxWindow(0, 0, 100_000)), default);
        await foreach (RadioOutput output in a.RunAsync(default))
        {
            ((CaptureBlock)output).Dispose();
            break;
        }

        Capture heard = await Capture.OfAsync(b, listen);
        Assert.True(MeanPower(heard[0]) < 1e-4);
        await a.ArmAsync(Schedule("a", [], new RxWindow(0, 300_000, 10)), default);
    }

    [Fact]
    public async Task Receiver_ThatRunsFirst_HearsABurstThatIsOnlyArmed()
    {
        Waveform x = Constant(100);
        await using var air = new EmulatedAir(Link(1, 5));
        EmulatedRadio a = RadioOf(air, "a"), b = RadioOf(air, "b");
        BurstSchedule send = Schedule("a", [Burst(0, 1000, x)]), listen = Schedule("b", [], new RxWindow(0, 0, 2000));
        await b.ArmAsync(listen, default);
        await a.UploadWaveformAsync(x, default);
        await a.ArmAsync(send, default);
        Capture heard = await Capture.OfAsync(b, listen);
        await Capture.OfAsync(a, send);
        Assert.Equal(0, MeanPower(heard[0][..1005]));
        Assert.Equal(1, MeanPower(heard[0][1005..1105]), 1e-6);
    }

    [Fact]
    public async Task Weights_OfANodeWithoutTransmitter_AreRefused()
    {
        AirScene scene = Link(1, 0);
        scene = scene with { Nodes = [scene.Nodes[0], scene.Nodes[1] with { TxChannels = 0 }] };
        await using var air = new EmulatedAir(scene);
        Waveform x = Constant(100);
        await air.Radios[1].UploadWaveformAsync(x, default);
        RadioException exception = await Assert.ThrowsAsync<RadioException>(async () =>
            await air.Radios[1].ArmAsync(Schedule("b", [Burst(0, 0, x)]), default));
        Assert.Equal(RadioFaultCode.NotSupported, exception.Code);
    }

    [Fact]
    public async Task Dispose_OfTheAir_MutesARunOnItsWay()
    {
        var air = new EmulatedAir(Link(1, 0, noise: 1));
        await air.Radios[1].ArmAsync(Schedule("b", [], new RxWindow(0, 0, 1_000_000)), default);
        int blocks = 0;
        await foreach (RadioOutput output in air.Radios[1].RunAsync(default))
        {
            ((CaptureBlock)output).Dispose();
            blocks++;
            await air.DisposeAsync();
        }

        Assert.InRange(blocks, 1, 2);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await air.Radios[1].GetTimeAsync(default));
    }

    [Fact]
    public void Description_Block_IsAtMost256KiB()
    {
        var air = new EmulatedAir(Scene(Node("a", 4), Node("b", 5)));
        Assert.Equal(8192, air.Radios[0].Description.MaxBlockSamples);
        Assert.Equal(6553, air.Radios[1].Description.MaxBlockSamples);
    }
}
