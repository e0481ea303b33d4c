using System.Collections.Concurrent;
using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Ether.Tests;

/// <summary>A burst that arrives in pieces is the same physics as a stored one.</summary>
public sealed class StreamedBurstTests
{
    private const long Start = 1000;

    /// <summary>Sizes of the pieces in which samples arrive.</summary>
    public static TheoryData<int> Pieces => [1, 7, 503, 4096, 50000];

    [Theory]
    [MemberData(nameof(Pieces))]
    public void StreamedBurst_OfAnyPieces_SoundsAsTheStoredOne(int piece)
    {
        // Three hops, over a link with a fractional delay and an echo with Doppler.
        Waveform wave = Noise(40_000);
        AirScene scene = MovingEcho();
        float[] stored = Hear(scene, new BurstOnAir(0, Burst(wave.Length), Stored(wave), 1), 45_000, 45_000);
        float[] streamed = Hear(scene, new BurstOnAir(0, Burst(StreamedSegment.Capacity), Arrived(wave, piece), 1), 45_000, 45_000);
        Assert.Contains(stored, sample => sample != 0);
        Assert.Equal(stored, streamed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(97)]
    [InlineData(4097)]
    public void StreamedBurst_InBlocksOfAnySize_SoundsTheSame(int block)
    {
        Waveform wave = Noise(6000);
        AirScene scene = MovingEcho();
        var burst = new BurstOnAir(0, Burst(StreamedSegment.Capacity), Arrived(wave, 1024), 1);
        Assert.Equal(Hear(scene, burst, 8000, 8000), Hear(scene, burst, 8000, block));
    }

    [Fact]
    public void StreamedBurst_OfWhichOnlyTheNeededPartHasArrived_SoundsAsTheWholeOne()
    {
        Waveform wave = Noise(6000);
        AirScene scene = MovingEcho();
        const int Heard = 3000;
        float[] whole = Hear(scene, new BurstOnAir(0, Burst(StreamedSegment.Capacity), Arrived(wave, 6000), 1), Heard, Heard);
        var part = new Waveform("part", wave.Real[..(Heard + FractionalDelay.Taps)], wave.Imaginary[..(Heard + FractionalDelay.Taps)]);
        Assert.Equal(whole, Hear(scene, new BurstOnAir(0, Burst(StreamedSegment.Capacity), Arrived(part, 500), 1), Heard, Heard));
    }

    [Fact]
    public void Segments_OfOneBurst_JoinWithoutASeam()
    {
        // A tone over the border of two segments, at a fractional delay: the two tails add up to the filtered tone.
        const double Frequency = 0.0417, Delay = 20.37;
        const int Length = StreamedSegment.Capacity + 5000;
        float[] real = new float[Length], imaginary = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            Complex value = Complex.FromPolarCoordinates(0.5, 2 * Math.PI * Frequency * i);
            (real[i], imaginary[i]) = ((float)value.Real, (float)value.Imaginary);
        }

        AirScene scene = Bench.Link(1, Delay) with { CarrierFrequencyHz = 1 };
        BurstOnAir[] parts =
        [
            new(0, Burst(StreamedSegment.Capacity), Arrived(real.AsSpan(0, StreamedSegment.Capacity), imaginary.AsSpan(0, StreamedSegment.Capacity), 10_000), 1),
            new(0, Burst(StreamedSegment.Capacity, Start + StreamedSegment.Capacity), Arrived(real.AsSpan(StreamedSegment.Capacity), imaginary.AsSpan(StreamedSegment.Capacity), 10_000), 1),
        ];
        const int Before = 2000;
        float[] heard = Hear(scene, parts, Start + StreamedSegment.Capacity - Before, 2 * Before, 512);
        for (int i = 0; i < 2 * Before; i++)
        {
            // 2e-4 of amplitude is the filter's own error, 1/512 sample that of the delay.
            Complex expected = Complex.FromPolarCoordinates(0.5, 2 * Math.PI * Frequency * (StreamedSegment.Capacity - Before + i - Delay));
            Assert.InRange((new Complex(heard[2 * i], heard[(2 * i) + 1]) - expected).Magnitude, 0, 0.5 * (2e-4 + (2 * Math.PI * Frequency / 512)));
        }
    }

    private static AirScene MovingEcho() => Bench.Link(0.25, 37.3) with
    {
        Targets =
        [
            new AirTarget.Moving { Id = "car", Position = new Position(500, 80), VelocityMetersPerSecond = new Position(-30, 4) },
        ],
        Echoes = [new Echo { Transmitter = "a", Target = "car", Receiver = "b", Gain = new EchoGain.Explicit(0.1) }],
    };

    private static TxBurst Burst(int interval, long start = Start) => new(1, start, "x", 1, interval, 1, [Complex.One]);

    private static Waveform Noise(int length)
    {
        float[] re = new float[length], im = new float[length];
        for (int i = 0; i < length; i++)
        {
            re[i] = (float)(Bench.Random.UniformAt((ulong)(2 * i)) - 0.5);
            im[i] = (float)(Bench.Random.UniformAt((ulong)((2 * i) + 1)) - 0.5);
        }

        return new Waveform("x", re, im);
    }

    private static LayerOnAir[] Stored(Waveform wave) => [new LayerOnAir(wave, null, [Complex.One])];

    private static LayerOnAir[] Arrived(Waveform wave, int piece) => Arrived(wave.Real, wave.Imaginary, piece);

    private static LayerOnAir[] Arrived(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, int piece)
    {
        var segment = new StreamedSegment(new ConcurrentBag<float[]>(), startsFull: false);
        for (int done = 0; done < real.Length;)
        {
            int count = segment.Reserve(Math.Min(piece, real.Length - done));
            real.Slice(done, count).CopyTo(segment.ReservedReal(count));
            imaginary.Slice(done, count).CopyTo(segment.ReservedImaginary(count));
            segment.Publish(count);
            done += count;
        }

        return [new LayerOnAir(null, segment, [Complex.One])];
    }

    private static float[] Hear(AirScene scene, BurstOnAir burst, int count, int block) => Hear(scene, [burst], Start, count, block);

    /// <summary>What node b hears, interleaved, rendered in blocks.</summary>
    private static float[] Hear(AirScene scene, BurstOnAir[] bursts, long first, int count, int block)
    {
        var air = new EmulatedAir(scene);
        var timeline = new BurstTimeline(bursts);
        float[] heard = new float[2 * count];
        for (int done = 0; done < count; done += block)
        {
            int samples = Math.Min(block, count - done);
            using var rendered = new CaptureBlock("b", 0, first + done, scene.SampleRateHz, 1, samples);
            air.Radios[1].Receiver.Receive(rendered, first, timeline, 1, []);
            for (int i = 0; i < samples; i++)
            {
                heard[2 * (done + i)] = rendered.Real(0)[i];
                heard[(2 * (done + i)) + 1] = rendered.Imaginary(0)[i];
            }
        }

        return heard;
    }
}
