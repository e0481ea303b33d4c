using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using IsacTestbed.Core;

namespace IsacTestbed.Sidecar.Captures;

/// <summary>
/// Writes an ExecuteScheduleResponse that carries a CaptureChunk straight from a block's arrays, with the same bytes as the generated
/// serialiser would give, but without the 256 KiB byte string in between.
/// </summary>
/// <remarks>The tags are those of protos/isac/testbed/v1/capture.proto; a test holds every one to the generated code. Thread safe.</remarks>
internal static class CaptureChunkWriter
{
    /// <summary>Bytes of one CF32 sample.</summary>
    public const int BytesPerSample = 8;

    private const byte CaptureTag = (1 << 3) | LengthDelimited;
    private const byte RadioIdTag = (1 << 3) | LengthDelimited;
    private const byte WindowIdTag = (2 << 3) | Varint;
    private const byte FirstTickTag = (3 << 3) | Varint;
    private const byte SampleRateTag = (4 << 3) | Fixed64;
    private const byte ChannelCountTag = (5 << 3) | Varint;
    private const byte SampleCountTag = (6 << 3) | Varint;
    private const byte FlagsTag = (7 << 3) | Varint;
    private const byte GapTag = (8 << 3) | LengthDelimited;
    private const byte IsLastTag = (9 << 3) | Varint;
    private const byte FormatTag = (10 << 3) | Varint;
    private const byte IqTag = (11 << 3) | LengthDelimited;
    private const byte GapFirstTickTag = (1 << 3) | Varint;
    private const byte GapSampleCountTag = (2 << 3) | Varint;
    private const byte Varint = 0;
    private const byte Fixed64 = 1;
    private const byte LengthDelimited = 2;
    private const byte Cf32 = 1;

    // Large enough that a short segment costs little, small enough that every pipe serves it from its pool.
    private const int SpanHintBytes = 2048;

    /// <summary>The length of the message in bytes.</summary>
    public static int Size(CaptureSlice slice)
    {
        int chunk = ChunkSize(slice);
        return 1 + VarintSize((ulong)chunk) + chunk;
    }

    /// <summary>Writes the message.</summary>
    /// <param name="slice">What to write; its block is not disposed.</param>
    /// <param name="writer">Receives exactly <see cref="Size"/> bytes.</param>
    public static void Write(CaptureSlice slice, IBufferWriter<byte> writer)
    {
        int chunk = ChunkSize(slice);
        int payload = PayloadSize(slice);
        int header = 1 + VarintSize((ulong)chunk) + chunk - payload;
        var to = new FieldWriter(writer.GetSpan(header));
        to.Tagged(CaptureTag, (ulong)chunk);
        WriteFields(slice, payload, ref to);
        writer.Advance(to.Length);
        for (int channel = 0; channel < slice.Block.ChannelCount; channel++)
        {
            WriteSamples(
                slice.Block.Real(channel).Slice(slice.Offset, slice.SampleCount),
                slice.Block.Imaginary(channel).Slice(slice.Offset, slice.SampleCount),
                writer);
        }
    }

    private static void WriteFields(CaptureSlice slice, int payload, ref FieldWriter to)
    {
        CaptureBlock block = slice.Block;
        if (block.RadioId.Length > 0)
        {
            to.Text(RadioIdTag, block.RadioId);
        }

        to.TaggedUnlessZero(WindowIdTag, (ulong)(long)block.WindowId);
        to.TaggedUnlessZero(FirstTickTag, (ulong)slice.FirstTick);
        to.Double(SampleRateTag, block.SampleRateHz);
        to.TaggedUnlessZero(ChannelCountTag, (ulong)block.ChannelCount);
        to.TaggedUnlessZero(SampleCountTag, (ulong)slice.SampleCount);
        to.TaggedUnlessZero(FlagsTag, (uint)block.Flags);
        foreach (CaptureGap gap in slice.Gaps)
        {
            to.Tagged(GapTag, (ulong)GapSize(gap));
            to.TaggedUnlessZero(GapFirstTickTag, (ulong)gap.FirstTick);
            to.TaggedUnlessZero(GapSampleCountTag, (ulong)gap.SampleCount);
        }

        to.TaggedUnlessZero(IsLastTag, slice.IsLast ? 1u : 0u);
        to.Tagged(FormatTag, Cf32);
        to.Tagged(IqTag, (ulong)payload);
    }

    private static void WriteSamples(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, IBufferWriter<byte> writer)
    {
        while (real.Length > 0)
        {
            Span<byte> span = writer.GetSpan(Math.Min(real.Length * BytesPerSample, SpanHintBytes));
            int count = Math.Min(real.Length, span.Length / BytesPerSample);

            // The machine's own order of bytes: .NET runs on little-endian machines only where samples are processed.
            IqInterleaver.Interleave(real[..count], imaginary[..count], MemoryMarshal.Cast<byte, float>(span[..(count * BytesPerSample)]));
            writer.Advance(count * BytesPerSample);
            real = real[count..];
            imaginary = imaginary[count..];
        }
    }

    private static int ChunkSize(CaptureSlice slice)
    {
        CaptureBlock block = slice.Block;
        int size = 0;
        if (block.RadioId.Length > 0)
        {
            int text = Encoding.UTF8.GetByteCount(block.RadioId);
            size += 1 + VarintSize((ulong)text) + text;
        }

        size += FieldSize((ulong)(long)block.WindowId) + FieldSize((ulong)slice.FirstTick) + 9
            + FieldSize((ulong)block.ChannelCount) + FieldSize((ulong)slice.SampleCount) + FieldSize((uint)block.Flags);
        foreach (CaptureGap gap in slice.Gaps)
        {
            int gapSize = GapSize(gap);
            size += 1 + VarintSize((ulong)gapSize) + gapSize;
        }

        int payload = PayloadSize(slice);
        return size + FieldSize(slice.IsLast ? 1u : 0u) + FieldSize(Cf32) + 1 + VarintSize((ulong)payload) + payload;
    }

    private static int PayloadSize(CaptureSlice slice) => checked(slice.Block.ChannelCount * slice.SampleCount * BytesPerSample);

    private static int GapSize(CaptureGap gap) => FieldSize((ulong)gap.FirstTick) + FieldSize((ulong)gap.SampleCount);

    private static int FieldSize(ulong value) => value == 0 ? 0 : 1 + VarintSize(value);

    private static int VarintSize(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    private ref struct FieldWriter(Span<byte> span)
    {
        private readonly Span<byte> _span = span;

        public int Length { get; private set; }

        public void TaggedUnlessZero(byte tag, ulong value)
        {
            if (value != 0)
            {
                Tagged(tag, value);
            }
        }

        public void Tagged(byte tag, ulong value)
        {
            _span[Length++] = tag;
            while (value >= 0x80)
            {
                _span[Length++] = (byte)(value | 0x80);
                value >>= 7;
            }

            _span[Length++] = (byte)value;
        }

        public void Double(byte tag, double value)
        {
            _span[Length++] = tag;
            BinaryPrimitives.WriteDoubleLittleEndian(_span[Length..], value);
            Length += sizeof(double);
        }

        public void Text(byte tag, string text)
        {
            Tagged(tag, (ulong)Encoding.UTF8.GetByteCount(text));
            Length += Encoding.UTF8.GetBytes(text, _span[Length..]);
        }
    }
}
