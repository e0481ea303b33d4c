using System.Buffers;
using Google.Protobuf;
using IsacTestbed.Core;
using IsacTestbed.Sidecar.Captures;
using IsacTestbed.Wire.V1;
using CaptureGap = IsacTestbed.Core.CaptureGap;

namespace IsacTestbed.Sidecar.Tests;

public sealed class CaptureChunkWriterTests
{
    private static readonly CounterRandom Random = new(11, RandomPurpose.Test);

    public static TheoryData<string, int, long, int, int, int, bool> Blocks => new()
    {
        { "r", 0, 0, 1, 1, 0, false },
        { string.Empty, 1, 1, 1, 2, 1, true },
        { "radio-7", -1, -5, 2, 3, 63, false },
        { "ä€𝄞", int.MaxValue, long.MaxValue - 10_000, 3, 7, 5, true },
        { "node", int.MinValue, long.MinValue, 4, 129, 2, true },
        { "node", 300, 123_456_789_012, 4, 2049, 0, false },
        { "node", 128, 16_384, 1, 16_384, 32, true },
    };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Write_AnyBlock_GivesTheBytesOfTheGeneratedSerialiser(
        string radioId, int windowId, long firstTick, int channels, int samples, int flags, bool isLast)
    {
        CaptureGap[] gaps = flags == 0 ? [] : [new(firstTick, 1), new(0, 0), new(-1, long.MaxValue)];
        using var block = new CaptureBlock(radioId, windowId, firstTick, 245.76e6, channels, samples, (CaptureFlags)flags, gaps, isLast);
        Fill(block);
        CaptureSlice slice = CaptureSlice.Cut(block, int.MaxValue).Single();
        var writer = new ShortSpanWriter();

        CaptureChunkWriter.Write(slice, writer);

        Assert.Equal(Generated(block).ToByteArray(), writer.ToArray());
        Assert.Equal(writer.ToArray().Length, CaptureChunkWriter.Size(slice));
    }

    [Fact]
    public void Cut_BlockAboveTheLimit_GivesConsecutiveSlicesThatTogetherAreTheBlock()
    {
        const int Samples = 10_007;
        CaptureGap[] gaps = [new(1000, 10), new(4_000, 5_000)];
        using var block = new CaptureBlock("r", 1, 500, 1e6, 2, Samples, CaptureFlags.Overflow, gaps, isLast: true);
        Fill(block);

        CaptureSlice[] slices = [.. CaptureSlice.Cut(block, 16 * 1024)];

        Assert.All(slices, s => Assert.InRange(s.SampleCount, 1, 1024));
        long next = 500;
        foreach (CaptureSlice slice in slices)
        {
            Assert.Equal(next, slice.FirstTick);
            next += slice.SampleCount;
            Assert.All(slice.Gaps, g => Assert.True(g.FirstTick >= slice.FirstTick && g.FirstTick + g.SampleCount <= next));
        }

        Assert.Equal(500 + Samples, next);
        Assert.Equal(5_010, slices.Sum(s => s.Gaps.Sum(g => g.SampleCount)));
        Assert.Equal([.. Enumerable.Repeat(false, slices.Length - 1), true], slices.Select(s => s.IsLast));
        var writer = new ShortSpanWriter();
        CaptureChunkWriter.Write(slices[3], writer);
        CaptureChunk chunk = ExecuteScheduleResponse.Parser.ParseFrom(writer.ToArray()).Capture;
        Assert.Equal(BitConverter.SingleToInt32Bits(block.Imaginary(1)[slices[3].Offset + 17]), BitConverter.ToInt32(chunk.Iq.Span[((8 * (slices[3].SampleCount + 17)) + 4)..]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(129)]
    [InlineData(2049)]
    public void Interleave_EveryTier_EqualsTheScalarReference(int length)
    {
        float[] real = new float[length], imaginary = new float[length];
        for (int i = 0; i < length; i++)
        {
            // Any bit pattern, NaN payloads included: a permutation must keep them all.
            real[i] = BitConverter.UInt32BitsToSingle((uint)Random.UInt64At((ulong)i));
            imaginary[i] = BitConverter.UInt32BitsToSingle((uint)Random.UInt64At((ulong)(i + 5000)));
        }

        float[] expected = new float[2 * length];
        IqInterleaver.InterleaveScalar(real, imaginary, expected);

        float[] best = new float[2 * length];
        IqInterleaver.Interleave(real, imaginary, best);
        AssertSameBits(expected, best, length);
        if (System.Runtime.Intrinsics.X86.Avx.IsSupported)
        {
            float[] wide = new float[2 * length];
            AssertSameBits(expected, wide, IqInterleaver.InterleaveAvx(real, imaginary, wide));
        }

        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
        {
            float[] widest = new float[2 * length];
            AssertSameBits(expected, widest, IqInterleaver.InterleaveAvx512(real, imaginary, widest));
        }
    }

    private static void AssertSameBits(float[] expected, float[] actual, int samples)
    {
        Assert.InRange(samples, expected.Length / 2 / 16 * 16, expected.Length / 2);
        for (int i = 0; i < 2 * samples; i++)
        {
            Assert.Equal(BitConverter.SingleToUInt32Bits(expected[i]), BitConverter.SingleToUInt32Bits(actual[i]));
        }
    }

    private static void Fill(CaptureBlock block)
    {
        for (int c = 0; c < block.ChannelCount; c++)
        {
            for (int i = 0; i < block.SampleCount; i++)
            {
                block.Real(c)[i] = (float)Random.UniformAt((ulong)((c * 100_000) + i));
                block.Imaginary(c)[i] = -(float)Random.UniformAt((ulong)((c * 100_000) + i + 50_000));
            }
        }
    }

    private static ExecuteScheduleResponse Generated(CaptureBlock block)
    {
        var bytes = new List<byte>();
        for (int c = 0; c < block.ChannelCount; c++)
        {
            for (int i = 0; i < block.SampleCount; i++)
            {
                bytes.AddRange(BitConverter.GetBytes(block.Real(c)[i]));
                bytes.AddRange(BitConverter.GetBytes(block.Imaginary(c)[i]));
            }
        }

        return new ExecuteScheduleResponse
        {
            Capture = new CaptureChunk
            {
                RadioId = block.RadioId,
                WindowId = block.WindowId,
                FirstTick = block.FirstTick,
                SampleRateHz = block.SampleRateHz,
                ChannelCount = block.ChannelCount,
                SampleCount = block.SampleCount,
                Flags = (uint)block.Flags,
                Gaps = { block.Gaps.Select(g => new Wire.V1.CaptureGap { FirstTick = g.FirstTick, SampleCount = g.SampleCount }) },
                IsLast = block.IsLast,
                Format = SampleFormat.Cf32,
                Iq = ByteString.CopyFrom([.. bytes]),
            },
        };
    }

    /// <summary>Gives spans that are just above what is asked for and not a multiple of a sample, as the end of a pipe's segment does.</summary>
    private sealed class ShortSpanWriter : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _span = [];

        public void Advance(int count) => _written.AddRange(_span.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _span = new byte[sizeHint + 5];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public byte[] ToArray() => [.. _written];
    }
}
