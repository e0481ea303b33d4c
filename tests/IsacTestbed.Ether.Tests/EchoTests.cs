using System.Numerics;
using IsacTestbed.Core;
using static IsacTestbed.Ether.Tests.Bench;

namespace IsacTestbed.Ether.Tests;

public sealed class EchoTests
{
    [Theory]
    [InlineData(50)]
    [InlineData(-37.5)]
    [InlineData(0.4)]
    public async Task Echo_MovingTarget_DopplerOverPulsesWithinAHundredthOfABin(double closing)
    {
        const int Pulses = 64, Interval = 1000;
        Waveform x = Wideband(200);
        Capture[] heard = await RunAsync(
            Monostatic(new Position(900, 0), new Position(-closing, 0)),
            [x],
            Schedule("a", [Burst(0, 0, x, Pulses, Interval)], new RxWindow(0, 0, Pulses * Interval)));
        Complex steps = Complex.Zero;
        Complex[] gains = [.. Enumerable.Range(0, Pulses).Select(p => Gain(heard[0][0], (p * Interval) + 30, x))];
        for (int p = 1; p < Pulses; p++)
        {
            steps += gains[p] * Complex.Conjugate(gains[p - 1]);
        }

        double measured = steps.Phase / (2 * Math.PI) * Rate / Interval;
        double bin = Rate / Interval / Pulses;
        Assert.InRange((measured - (2 * closing * Carrier / AirScene.SpeedOfLight)) / bin, -0.01, 0.01);
    }

    [Fact]
    public async Task Echo_LongTone_DopplerPhaseRunsOnThroughBlocksAndHops()
    {
        const int Length = 60_000;
        const double Closing = 200;
        Waveform x = Constant(Length);
        Capture[] heard = await RunAsync(
            Monostatic(new Position(900, 0), new Position(-Closing, 0)), [x], Schedule("a", [Burst(0, 0, x)], new RxWindow(0, 0, Length)));
        double radiansPerSample = 2 * Math.PI * 2 * Closing * Carrier / AirScene.SpeedOfLight / Rate;
        Complex reference = heard[0][0][1000];
        double worst = 0;
        for (int i = 1000; i < Length - 100; i++)
        {
            Complex unwound = heard[0][0][i] / reference * Complex.FromPolarCoordinates(1, -radiansPerSample * (i - 1000));
            worst = Math.Max(worst, Math.Abs(unwound.Phase));
        }

        // A hundredth of a bin over the whole tone is a phase of 0.02 pi.
        Assert.InRange(worst, 0, 0.02 * Math.PI);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(-0.93)]
    public async Task Echo_FromABearing_PhaseAcrossTheArrayIsTheSteeringVector(double sine)
    {
        Waveform x = Wideband(128);
        var array = new UniformLinearArray(4, 0.5, 0.7);
        AirScene scene = Monostatic(array.Displacement(300, sine), default, array);
        Capture[] heard = await RunAsync(scene, [x], Schedule("a", [Burst(0, 0, x, 1, null, 1, 1, 0, 0, 0)], new RxWindow(0, 0, 300)));
        Complex first = Gain(heard[0][0], 10, x);
        for (int m = 1; m < 4; m++)
        {
            Complex ratio = Gain(heard[0][m], 10, x) / first;
            Complex wanted = Complex.FromPolarCoordinates(1, -2 * Math.PI * 0.5 * m * sine);
            Assert.InRange((ratio - wanted).Magnitude, 0, 1e-4);
        }
    }

    [Fact]
    public async Task Echo_BeamAtTheTarget_GathersTheSquareOfTheElements()
    {
        Waveform x = Wideband(128);
        var array = new UniformLinearArray(4);
        const double Sine = 0.31;
        AirScene scene = Monostatic(array.Displacement(300, Sine), default, array);
        Complex[] beam = [.. Enumerable.Range(0, 4).Select(n => Complex.Conjugate(array.Steering(n, Sine)))];
        Complex[] wrong = [.. Enumerable.Range(0, 4).Select(n => Complex.Conjugate(array.Steering(n, Sine + 0.5)))];
        Capture[] single = await RunAsync(scene, [x], Schedule("a", [Burst(0, 0, x, 1, null, 1, 1, 0, 0, 0)], new RxWindow(0, 0, 300)));
        Capture[] matched = await RunAsync(scene, [x], Schedule("a", [Burst(0, 0, x, 1, null, 1, beam)], new RxWindow(0, 0, 300)));
        Capture[] missed = await RunAsync(scene, [x], Schedule("a", [Burst(0, 0, x, 1, null, 1, wrong)], new RxWindow(0, 0, 300)));
        Assert.Equal(12.04, Decibels(MeanPower(matched[0][0]) / MeanPower(single[0][0])), 0.05);
        Assert.True(Decibels(MeanPower(missed[0][0]) / MeanPower(single[0][0])) < -60, "half a period of the array factor is a null");
    }

    [Fact]
    public async Task Echo_Bistatic_TakesBothLegsAndBothArrays()
    {
        Waveform x = Wideband(256);
        var target = new Position(400, 300);
        AirScene scene = Scene(Node("a", 2), Node("b", 3, new Position(900, -200)) with { TxChannels = 1 }) with
        {
            Targets = [new AirTarget.Moving { Id = "t", Position = target }],
            Echoes = [new Echo { Transmitter = "a", Target = "t", Receiver = "b", Gain = new EchoGain.PathLoss(1, 4) }],
        };
        Capture[] heard = await RunAsync(
            scene, [x], Schedule("a", [Burst(0, 0, x, 1, null, 1, 0, 1)]), Schedule("b", [], new RxWindow(0, 0, 512)));
        double first = target.Length, second = target.DistanceTo(new Position(900, -200));
        Assert.InRange(DelaySamples(heard[1][2], x) - ((first + second) / AirScene.SpeedOfLight * Rate), -0.01, 0.01);
        double energy = heard[1][2].Sum(s => s.Magnitude * s.Magnitude);
        Assert.Equal(0, Decibels(energy * Math.Pow(first * second, 2) / (x.MeanPower * x.Length)), 0.05);
        Complex step = heard[1][1].Zip(heard[1][0], (u, v) => u * Complex.Conjugate(v)).Aggregate(Complex.Add);
        Assert.Equal(-Math.PI * 500 / second, step.Phase, 1e-3);
    }

    [Fact]
    public async Task Echo_DwellingTarget_ChangesItsBearingWithTheDwell()
    {
        const long DwellTicks = 1000;
        var dwell = new TargetDwell(5, 0, 8, 0.8);
        Waveform x = Wideband(64);
        AirScene scene = Scene(Node("a", 2)) with
        {
            Targets = [new AirTarget.Dwelling { Id = "t", Owner = "a", RangeMeters = 120, Dwell = dwell, DwellTicks = DwellTicks }],
            Echoes = [new Echo { Transmitter = "a", Target = "t", Receiver = "a", Gain = new EchoGain.Explicit(1) }],
        };
        Capture[] heard = await RunAsync(scene, [x], Schedule("a", [Burst(0, 0, x, 20, 1000, 1, 1, 0)], new RxWindow(0, 0, 20_000)));
        for (int d = 0; d < 20; d++)
        {
            Complex ratio = Gain(heard[0][1], (d * 1000) + 4, x) / Gain(heard[0][0], (d * 1000) + 4, x);
            Assert.InRange((ratio - Complex.FromPolarCoordinates(1, -Math.PI * dwell.SineAt(d))).Magnitude, 0, 1e-4);
        }
    }

    [Fact]
    public async Task Echo_PowerAndSnapshots_SnrGrowsWithEach()
    {
        const int Pulses = 16_384, Interval = 32;
        Waveform x = Constant(16);
        AirScene scene = Monostatic(new Position(30, 0), default) with
        {
            Nodes = [Node("a", noise: 0.5)],
            Echoes = [new Echo { Transmitter = "a", Target = "t", Receiver = "a", Gain = new EchoGain.Explicit(1) }],
        };
        var snr = new Dictionary<(double Power, int Snapshots), double>();
        foreach (double power in new[] { 1.0, 0.25 })
        {
            Capture[] heard = await RunAsync(
                scene, [x], Schedule("a", [Burst(0, 0, x, Pulses, Interval, Math.Sqrt(power))], new RxWindow(0, 0, Pulses * Interval)));
            Complex[] outputs = [.. Enumerable.Range(0, Pulses).Select(p => Gain(heard[0][0], (p * Interval) + 1, x))];
            foreach (int snapshots in new[] { 1, 16 })
            {
                Complex[] means = [.. outputs.Chunk(snapshots).Select(c => c.Aggregate(Complex.Add) / snapshots)];
                Complex mean = means.Aggregate(Complex.Add) / means.Length;
                snr[(power, snapshots)] = mean.Magnitude * mean.Magnitude / MeanPower(means.Select(m => m - mean));
            }
        }

        // A variance from n groups has the relative deviation 1 / sqrt(n): 0.14 dB for 1024 groups, four deviations.
        Assert.Equal(6.02, Decibels(snr[(1, 1)] / snr[(0.25, 1)]), 0.2);
        Assert.Equal(6.02, Decibels(snr[(1, 16)] / snr[(0.25, 16)]), 0.8);
        Assert.Equal(12.04, Decibels(snr[(1, 16)] / snr[(1, 1)]), 0.6);
        double predicted = 16 / 0.5;
        Assert.Equal(0, Decibels(snr[(1, 1)] / predicted), 0.6);
    }

    [Fact]
    public async Task Echo_PhysicalGain_CoefficientOfTheAirIsWhatArrives()
    {
        Waveform x = Constant(64);
        AirScene scene = Monostatic(new Position(123, 45), default) with
        {
            Echoes =
            [
                new Echo
                {
                    Transmitter = "a", Target = "t", Receiver = "a", Gain = new EchoGain.RadarEquation(1), Fading = Fading.Exponential(2, 100),
                },
            ],
        };
        await using var air = new EmulatedAir(scene);
        Capture[] heard = await RunAsync(air, [x], Schedule("a", [Burst(0, 0, x, 5, 100)], new RxWindow(0, 0, 500)));
        for (int p = 0; p < 5; p++)
        {
            Complex wanted = air.EchoCoefficient(0, (p * 100) + 40);
            Assert.InRange((heard[0][0][(p * 100) + 40] - wanted).Magnitude / wanted.Magnitude, 0, 1e-3);
        }
    }

    private static AirScene Monostatic(Position target, Position velocity, UniformLinearArray? array = null) =>
        Scene(Node("a") with { Array = array ?? new UniformLinearArray(1) }) with
        {
            Targets = [new AirTarget.Moving { Id = "t", Position = target, VelocityMetersPerSecond = velocity }],
            Echoes = [new Echo { Transmitter = "a", Target = "t", Receiver = "a", Gain = new EchoGain.Explicit(0.01) }],
        };
}
