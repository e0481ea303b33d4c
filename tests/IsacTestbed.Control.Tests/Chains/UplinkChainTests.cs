using System.Numerics;
using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Scheduling;
using IsacTestbed.Control.Tests.Experiments;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Chains;

public sealed class UplinkChainTests
{
    private const int Device = 3;

    private static readonly UplinkSection Uplink = TestScenario.Create().Uplink;

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    public void Receive_OverAGoodChannel_GivesBackTheMessage(int length)
    {
        var chain = new UplinkChain(Uplink);
        byte[] message = Message(length);
        Waveform[] waveforms = chain.Modulate(message, Device);
        Assert.Equal(chain.PacketsOf(length), waveforms.Length);
        PacketReading[] readings = [.. waveforms.Select((w, i) => chain.Receive(Capture(chain, w, 30, i), new PacketWindow(Device, i, i, i)))];
        Assert.All(readings, r => Assert.True(r.Detected));
        Assert.Equal(message, UplinkChain.Assemble(readings));
    }

    /// <summary>
    /// The estimate's variance per packet is 2 s / n + s^2 / n at most over the n symbols of its training; five deviations of the mean of forty, and one
    /// tenth of a decibel for the pulse shape's residue.
    /// </summary>
    [Theory]
    [InlineData(6)]
    [InlineData(15)]
    public void Receive_KnownSnr_MeasuresIt(double snrDb)
    {
        const int packets = 40, training = 64;
        var chain = new UplinkChain(Uplink);
        Waveform waveform = chain.Modulate(Message(200), Device)[0];
        double truth = Math.Pow(10, snrDb / 10);
        double mean = Enumerable.Range(0, packets)
            .Average(i => chain.Receive(Capture(chain, waveform, snrDb, 100 + i), new PacketWindow(Device, 0, 0, 0)).Snr);
        double deviation = Math.Sqrt(((2 * truth) + (truth * truth)) / training / packets);
        Assert.InRange(mean, (truth * 0.977) - (5 * deviation), (truth * 1.023) + (5 * deviation));
    }

    [Fact]
    public void Receive_FarBelowTheThreshold_DetectsNothingAndDecodesNothing()
    {
        var chain = new UplinkChain(Uplink);
        Waveform waveform = chain.Modulate(Message(200), Device)[0];
        double snrDb = (10 * Math.Log10(chain.DetectionSnr)) - 20;
        for (int i = 0; i < 20; i++)
        {
            PacketReading reading = chain.Receive(Capture(chain, waveform, snrDb, 200 + i), new PacketWindow(Device, 0, 0, 0));
            Assert.False(reading.Detected);
            Assert.Null(reading.Payload);
            Assert.Equal(0, reading.Snr);
        }
    }

    /// <summary>A packet that decodes but is not the one that was asked for is nobody's payload.</summary>
    [Theory]
    [InlineData(Device, 1)]
    [InlineData(Device + 1, 0)]
    public void Receive_AnotherPacketOrSender_IsNotTaken(int device, int packet)
    {
        var chain = new UplinkChain(Uplink);
        Waveform waveform = chain.Modulate(Message(200), Device)[0];
        PacketReading reading = chain.Receive(Capture(chain, waveform, 30, 7), new PacketWindow(device, packet, packet, 0));
        Assert.True(reading.Detected);
        Assert.Null(reading.Payload);
        Assert.Null(UplinkChain.Assemble([reading]));
    }

    [Fact]
    public void Assemble_OutOfOrder_FollowsTheSendingOrder()
    {
        PacketReading[] readings = [.. ((int[])[2, 0, 1]).Select(i => new PacketReading(i, true, 1, [(byte)i], CaptureFlags.None, false))];
        Assert.Equal([0, 1, 2], UplinkChain.Assemble(readings)!);
    }

    private static byte[] Message(int length)
    {
        var random = new CounterRandom(11, RandomPurpose.Test);
        return [.. Enumerable.Range(0, length).Select(i => (byte)random.IntegerAt((ulong)i, 256))];
    }

    /// <summary>A packet behind its guard, turned and scaled by the channel, in noise that makes the symbol SNR as given.</summary>
    private static CapturedWindow Capture(UplinkChain chain, Waveform waveform, double snrDb, int seed)
    {
        int length = chain.PacketSamples + (2 * UploadScheduler.GuardTicks);
        using var block = new CaptureBlock("server", 0, 0, 10e6, 1, length, isLast: true);
        var random = new CounterRandom((ulong)seed, RandomPurpose.Test);
        Complex channel = Complex.FromPolarCoordinates(0.3, random.UniformAt(ulong.MaxValue) * 2 * Math.PI);

        // A matched filter over s samples per symbol lowers the noise by s against the mean power of the samples.
        double noise = UplinkChain.MeanPower * channel.Magnitude * channel.Magnitude * Uplink.SamplesPerSymbol / Math.Pow(10, snrDb / 10);
        Span<float> re = block.Real(0), im = block.Imaginary(0);
        random.FillComplexNormal(0, (float)Math.Sqrt(noise / 2), re, im);
        for (int i = 0; i < waveform.Length; i++)
        {
            Complex sample = channel * waveform[i];
            re[UploadScheduler.GuardTicks + i] += (float)sample.Real;
            im[UploadScheduler.GuardTicks + i] += (float)sample.Imaginary;
        }

        var window = new CapturedWindow(1, length);
        window.Begin(new RxWindow(0, 0, length));
        window.Add(block);
        return window;
    }
}
