using System.Buffers;
using Google.Protobuf;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Wire.V1;
using CaptureGap = IsacTestbed.Wire.V1.CaptureGap;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;
using SampleFormat = IsacTestbed.Wire.V1.SampleFormat;

namespace IsacTestbed.Control.Tests.Sidecars;

public sealed class CaptureChunkReaderTests
{
    private static readonly CounterRandom Random = new(12, RandomPurpose.Test);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 7)]
    [InlineData(4, 129)]
    [InlineData(1, 2049)]
    public void Read_SerialisedMessageInAnySegments_IsTheGeneratedMessage(int channels, int samples)
    {
        ExecuteScheduleResponse message = Message(channels, samples);
        byte[] bytes = message.ToByteArray();
        foreach (int segment in (int[])[bytes.Length, 1, 3, 7, 8, 61, 1024])
        {
            Assert.True(CaptureChunkReader.TryRead(Cut(bytes, segment), out CaptureBlock? block));
            using (block)
            {
                AssertSame(message.Capture, block!);
            }
        }
    }

    [Fact]
    public void Read_FieldsInAnotherOrderAndUnknownOnes_IsTheSameBlock()
    {
        CaptureChunk chunk = Message(2, 5).Capture;
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(11, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(chunk.Iq);
            output.WriteTag(100, WireFormat.WireType.Fixed32);
            output.WriteFixed32(7);
            output.WriteTag(101, WireFormat.WireType.Varint);
            output.WriteUInt64(ulong.MaxValue);
            output.WriteTag(102, WireFormat.WireType.Fixed64);
            output.WriteFixed64(7);
            output.WriteTag(103, WireFormat.WireType.LengthDelimited);
            output.WriteString("later");
            chunk.Iq = ByteString.Empty;
            chunk.WriteTo(output);
        }

        byte[] inner = stream.ToArray();
        using var outer = new MemoryStream();
        using (var output = new CodedOutputStream(outer, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(inner));
        }

        Assert.True(CaptureChunkReader.TryRead(new ReadOnlySequence<byte>(outer.ToArray()), out CaptureBlock? block));
        using (block)
        {
            AssertSame(Message(2, 5).Capture, block!);
        }
    }

    [Fact]
    public void Read_EveryTruncation_NeverYieldsABlock()
    {
        byte[] bytes = Message(2, 9).ToByteArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(CaptureChunkReader.TryRead(new ReadOnlySequence<byte>(bytes, 0, length), out _));
        }
    }

    [Fact]
    public void Read_EveryInnerTruncation_IsAProtocolMismatch()
    {
        byte[] inner = Message(2, 9).Capture.ToByteArray();
        for (int length = 0; length < inner.Length; length++)
        {
            byte[] prefix = inner[..length];
            byte[] header = new byte[16];
            var output = new CodedOutputStream(header);
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteLength(length);
            byte[] message = [.. header[..(int)output.Position], .. prefix];

            RadioException refused = Assert.Throws<RadioException>(() => CaptureChunkReader.TryRead(new ReadOnlySequence<byte>(message), out _));

            Assert.Equal(RadioFaultCode.ProtocolMismatch, refused.Code);
        }
    }

    [Fact]
    public void Read_SelfContradictingChunk_IsAProtocolMismatch()
    {
        Action<CaptureChunk>[] mistakes =
        [
            c => c.ChannelCount = 3,
            c => c.ChannelCount = 0,
            c => c.ChannelCount = -1,
            c => c.SampleCount = int.MaxValue,
            c => (c.ChannelCount, c.SampleCount) = (int.MaxValue, int.MaxValue),
            c => c.SampleRateHz = 0,
            c => c.SampleRateHz = double.NaN,
            c => c.Format = SampleFormat.Unspecified,
            c => c.Iq = ByteString.CopyFrom(new byte[c.Iq.Length - 1]),
        ];
        foreach (Action<CaptureChunk> mistake in mistakes)
        {
            ExecuteScheduleResponse message = Message(2, 9);
            mistake(message.Capture);
            RadioException refused = Assert.Throws<RadioException>(
                () => CaptureChunkReader.TryRead(new ReadOnlySequence<byte>(message.ToByteArray()), out _));
            Assert.Equal(RadioFaultCode.ProtocolMismatch, refused.Code);
        }
    }

    [Fact]
    public void Read_OtherMessages_AreLeftToTheGeneratedParser()
    {
        ExecuteScheduleResponse[] others =
        [
            new(),
            new() { BurstReport = new Wire.V1.BurstReport { RadioId = "a", BurstId = 3 } },
            new() { Summary = new RunSummary { RadioId = "a" } },
        ];
        Assert.All(others, o => Assert.False(CaptureChunkReader.TryRead(new ReadOnlySequence<byte>(o.ToByteArray()), out _)));
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
    public void Deinterleave_EveryTier_EqualsTheScalarReference(int length)
    {
        float[] source = new float[2 * length];
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = BitConverter.UInt32BitsToSingle((uint)Random.UInt64At((ulong)i));
        }

        float[] real = new float[length], imaginary = new float[length];
        IqDeinterleaver.DeinterleaveScalar(source, real, imaginary);

        float[] re = new float[length], im = new float[length];
        IqDeinterleaver.Deinterleave(source, re, im);
        AssertSameBits(real, re, length);
        AssertSameBits(imaginary, im, length);
        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
        {
            int done = IqDeinterleaver.DeinterleaveAvx2(source, re, im);
            AssertSameBits(real, re, done);
            AssertSameBits(imaginary, im, done);
        }

        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
        {
            int done = IqDeinterleaver.DeinterleaveAvx512(source, re, im);
            AssertSameBits(real, re, done);
            AssertSameBits(imaginary, im, done);
        }
    }

    private static void AssertSameBits(float[] expected, float[] actual, int count)
    {
        Assert.InRange(count, expected.Length / 16 * 16, expected.Length);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(BitConverter.SingleToUInt32Bits(expected[i]), BitConverter.SingleToUInt32Bits(actual[i]));
        }
    }

    private static ExecuteScheduleResponse Message(int channels, int samples)
    {
        var bytes = new byte[8 * channels * samples];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Random.UInt64At((ulong)i);
        }

        return new ExecuteScheduleResponse
        {
            Capture = new CaptureChunk
            {
                RadioId = "ä-radio",
                WindowId = -3,
                FirstTick = -123_456_789_012,
                SampleRateHz = 245.76e6,
                ChannelCount = channels,
                SampleCount = samples,
                Flags = 33,
                Gaps = { new CaptureGap { FirstTick = 5, SampleCount = 7 }, new CaptureGap(), new CaptureGap { FirstTick = -1, SampleCount = long.MaxValue } },
                IsLast = true,
                Format = SampleFormat.Cf32,
                Iq = ByteString.CopyFrom(bytes),
            },
        };
    }

    private static void AssertSame(CaptureChunk expected, CaptureBlock actual)
    {
        Assert.Equal(expected.RadioId, actual.RadioId);
        Assert.Equal(expected.WindowId, actual.WindowId);
        Assert.Equal(expected.FirstTick, actual.FirstTick);
        Assert.Equal(expected.SampleRateHz, actual.SampleRateHz);
        Assert.Equal(expected.ChannelCount, actual.ChannelCount);
        Assert.Equal(expected.SampleCount, actual.SampleCount);
        Assert.Equal((CaptureFlags)expected.Flags, actual.Flags);
        Assert.Equal(expected.Gaps.Select(g => (g.FirstTick, g.SampleCount)), actual.Gaps.Select(g => (g.FirstTick, g.SampleCount)));
        Assert.Equal(expected.IsLast, actual.IsLast);
        ReadOnlySpan<byte> iq = expected.Iq.Span;
        for (int c = 0; c < actual.ChannelCount; c++)
        {
            for (int n = 0; n < actual.SampleCount; n++)
            {
                int at = 8 * ((c * actual.SampleCount) + n);
                Assert.Equal(BitConverter.ToInt32(iq[at..]), BitConverter.SingleToInt32Bits(actual.Real(c)[n]));
                Assert.Equal(BitConverter.ToInt32(iq[(at + 4)..]), BitConverter.SingleToInt32Bits(actual.Imaginary(c)[n]));
            }
        }
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int length)
    {
        Segment first = new(bytes.AsMemory(0, Math.Min(length, bytes.Length)), 0);
        Segment last = first;
        for (int at = length; at < bytes.Length; at += length)
        {
            last = last.Append(bytes.AsMemory(at, Math.Min(length, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
