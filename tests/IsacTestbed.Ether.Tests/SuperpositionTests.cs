using System.Numerics;
using IsacTestbed.Core;
using static IsacTestbed.Ether.Tests.Bench;

namespace IsacTestbed.Ether.Tests;

public sealed class SuperpositionTests
{
    [Fact]
    public async Task Air_OverlappingBursts_AddUp()
    {
        AirScene scene = ThreeNodes();
        Waveform x = Wideband(300), y = Wideband(200, "y");
        BurstSchedule a = Schedule("a", [Burst(0, 50, x)]), b = Schedule("b", [Burst(0, 120, y, 2, 250)]), c = Schedule("c", [], new RxWindow(0, 0, 1000));
        Complex[] both = (await RunAsync(scene, [x, y], a, b, c))[2][0];
        Complex[] first = (await RunAsync(scene, [x, y], a, c))[1][0];
        Complex[] second = (await RunAsync(scene, [x, y], b, c))[1][0];
        double scale = both.Max(s => s.Magnitude);
        Assert.True(MeanPower(first) > 0 && MeanPower(second) > 0);
        for (int i = 0; i < both.Length; i++)
        {
            Assert.InRange((both[i] - first[i] - second[i]).Magnitude / scale, 0, 1e-6);
        }
    }

    [Fact]
    public async Task Air_EqualSignalsInOpposition_CancelOverTheAir()
    {
        AirScene scene = ThreeNodes();
        await using var air = new EmulatedAir(scene);
        Complex ratio = air.LinkCoefficient(0, 0) / air.LinkCoefficient(1, 0);
        Waveform x = Wideband(300);
        scene = scene with { Links = [.. scene.Links.Select(l => l with { DelaySamples = 4 })] };
        Capture[] heard = await RunAsync(
            scene,
            [x],
            Schedule("a", [Burst(0, 0, x, amplitude: 0.5)]),
            Schedule("b", [Burst(0, 0, x, 1, null, 1, -0.5 * Math.Sqrt(0.5 / 0.2))]),
            Schedule("c", [], new RxWindow(0, 0, 400)));
        Assert.True(ratio.Magnitude > 1);
        Assert.True(heard[2][0].Max(s => s.Magnitude) < 1e-6);
    }

    [Fact]
    public async Task Leakage_OwnBurst_ComesBackPerPortAtItsDelayAndGain()
    {
        Waveform x = Wideband(200);
        AirNode node = Node("a", 3) with { TxChannels = 2, Leakage = new SelfLeakage(1e-3, 5.4) };
        Capture[] heard = await RunAsync(Scene(node), [x], Schedule("a", [Burst(0, 0, x, 1, null, 1, 1, 0.5)], new RxWindow(0, 0, 400)));
        Assert.InRange(DelaySamples(heard[0][0], x) - 5.4, -0.01, 0.01);
        Assert.Equal(-30, Decibels(heard[0][0].Sum(s => s.Magnitude * s.Magnitude) / (x.MeanPower * x.Length)), 0.05);
        Assert.Equal(-6.02, Decibels(MeanPower(heard[0][1]) / MeanPower(heard[0][0])), 0.05);
        Assert.Equal(0, MeanPower(heard[0][2]));
    }

    [Fact]
    public async Task Gains_OfBothSides_ScaleTheSamples()
    {
        Waveform x = Constant(100);
        AirScene scene = Link(1e-6, 0, noise: 1e-12);
        scene = scene with { Nodes = [scene.Nodes[0] with { FullScalePowerWatts = 0.1 }, scene.Nodes[1]] };
        await using var air = new EmulatedAir(scene);
        await RadioOf(air, "a").ConfigureAsync(new(Rate, Carrier, -10, 0), default);
        await RadioOf(air, "b").ConfigureAsync(new(Rate, Carrier, 0, 60), default);
        Capture[] heard = await RunAsync(air, [x], Schedule("a", [Burst(0, 0, x)]), Schedule("b", [], new RxWindow(0, 0, 200_100)));
        Assert.Equal(-10 - 10 - 60 + 60, Decibels(MeanPower(heard[1][0][..100])), 0.05);
        Assert.Equal(-120 + 60, Decibels(MeanPower(heard[1][0][100..])), 0.05);
    }

    [Fact]
    public async Task Link_PathLoss_FallsWithTheExponent()
    {
        Waveform x = Constant(64);
        AirScene scene = Scene(Node("a"), Node("b", 1, new Position(200, 0))) with
        {
            Links = [new DirectLink { Transmitter = "a", Receiver = "b", Gain = new LinkGain.PathLoss(1e-3, 3), DelaySamples = 0 }],
        };
        Capture[] heard = await RunAsync(scene, [x], Schedule("a", [Burst(0, 0, x)]), Schedule("b", [], new RxWindow(0, 0, 64)));
        Assert.Equal(-30 - (30 * Math.Log10(200)), Decibels(MeanPower(heard[1][0])), 0.05);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(8192)]
    public async Task Capture_OfAnyBlockSize_HasTheSameBits(int block)
    {
        Complex[][] reference = await BusyAsync(32768, [0, 1, 2], sequential: false);
        Complex[][] other = await BusyAsync(block, [0, 1, 2], sequential: false);
        for (int c = 0; c < reference.Length; c++)
        {
            Assert.Equal(reference[c], other[c]);
        }
    }

    [Fact]
    public async Task Capture_InAnyOrderOfArmingAndRunning_HasTheSameBits()
    {
        Complex[][] reference = await BusyAsync(32768, [0, 1, 2], sequential: false);
        foreach (int[] order in new int[][] { [2, 1, 0], [1, 2, 0], [0, 2, 1] })
        {
            Complex[][] other = await BusyAsync(32768, order, sequential: true);
            for (int c = 0; c < reference.Length; c++)
            {
                Assert.Equal(reference[c], other[c]);
            }
        }
    }

    [Fact]
    public async Task Time_Zero_IsATickLikeAnyOther()
    {
        Waveform x = Constant(50);
        Capture[] heard = await RunAsync(Link(1, 2), [x], Schedule("a", [Burst(0, 0, x)]), Schedule("b", [], new RxWindow(0, 0, 100)));
        Assert.Equal(0, MeanPower(heard[1][0][..2]));
        Assert.Equal(1, MeanPower(heard[1][0][2..52]), 1e-6);
        Assert.Equal(0, MeanPower(heard[1][0][52..]));
    }

    [Fact]
    public async Task Idle_BeforeAFarTick_CostsNothingAndBurstsAreForgotten()
    {
        Waveform x = Constant(50);
        await using var air = new EmulatedAir(Link(1, 2));
        for (int round = 0; round < 5; round++)
        {
            long start = round * 1_000_000_000_000;
            Capture[] heard = await RunAsync(air, [x], Schedule("a", [Burst(0, start, x)]), Schedule("b", [], new RxWindow(0, start, 100)));
            Assert.Equal(1, MeanPower(heard[1][0][2..52]), 1e-6);
            Assert.InRange(air.Bursts.All.Count, 0, 2);
        }
    }

    private static AirScene ThreeNodes() => Scene(Node("a"), Node("b", 1, new Position(0, 500)), Node("c", 1, new Position(300, 0))) with
    {
        Links =
        [
            new DirectLink { Transmitter = "a", Receiver = "c", Gain = new LinkGain.Explicit(0.5) },
            new DirectLink { Transmitter = "b", Receiver = "c", Gain = new LinkGain.Explicit(0.2) },
        ],
    };

    /// <summary>Everything at once: fading, echoes, motion, impairments, three radios. All channels of all radios.</summary>
    private static async Task<Complex[][]> BusyAsync(int largestBlock, int[] order, bool sequential)
    {
        AirScene scene = ThreeNodes() with
        {
            Nodes =
            [
                Node("a", 2, noise: 0.01),
                Node("b", 1, new Position(0, 500), 0.01),
                Node("c", 2, new Position(300, 0), 0.01) with
                {
                    Impairments = new ReceiverImpairments
                    {
                        CarrierOffsetHz = 777, SamplingOffsetPpm = 13, PhaseNoiseLinewidthHz = 50, ImbalanceGain = 1.1, QuantisationBits = 12, ClipLevel = 4,
                    },
                },
            ],
            Targets = [new AirTarget.Moving { Id = "t", Position = new Position(200, 90), VelocityMetersPerSecond = new Position(30, -80) }],
        };
        scene = scene with
        {
            Links = [.. scene.Links.Select(l => l with { Fading = Fading.Rician(2, 777) })],
            Echoes =
            [
                .. from tx in scene.Nodes
                   from rx in scene.Nodes
                   select new Echo
                   {
                       Transmitter = tx.Id, Target = "t", Receiver = rx.Id, Gain = new EchoGain.Explicit(0.3), Fading = Fading.Exponential(1, 5000),
                   },
            ],
        };
        await using var air = new EmulatedAir(scene, AirClockMode.Virtual, null, largestBlock);
        Waveform x = Wideband(1000), y = Constant(20_000, "y", 0.7f);
        BurstSchedule[] schedules =
        [
            Schedule("a", [Burst(0, 100, x, 12, 1300, 1, 1, Complex.ImaginaryOne)], new RxWindow(0, 0, 20_000)),
            Schedule("b", [Burst(0, 37, y)], new RxWindow(0, 50, 3), new RxWindow(1, 53, 19_000)),
            Schedule("c", [Burst(4, 9000, x, 1, null, 1, 0.3, -0.2)], new RxWindow(0, 11, 20_001)),
        ];
        foreach (int i in order)
        {
            await air.Radios[i].UploadWaveformAsync(x, default);
            await air.Radios[i].UploadWaveformAsync(y, default);
            await air.Radios[i].ArmAsync(schedules[i], default);
        }

        var heard = new Capture[3];
        if (sequential)
        {
            foreach (int i in order)
            {
                heard[i] = await Capture.OfAsync(air.Radios[i], schedules[i]);
            }
        }
        else
        {
            await Task.WhenAll(order.Select(async i => heard[i] = await Capture.OfAsync(air.Radios[i], schedules[i])));
        }

        return [.. heard.SelectMany(h => h.Windows.OrderBy(w => w.Key).SelectMany(w => w.Value))];
    }
}
