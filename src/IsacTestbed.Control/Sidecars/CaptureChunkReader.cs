using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Control.Sidecars;

/// <summary>
/// Reads an ExecuteScheduleResponse that carries a CaptureChunk straight into a rented block, as the generated parser would, but without
/// the 256 KiB byte string in between.
/// </summary>
/// <remarks>
/// Fields may come in any order, the last of a kind wins, and unknown fields are skipped, as protobuf has it. Thread safe.
/// </remarks>
internal static class CaptureChunkReader
{
    private const uint CaptureTag = (1 << 3) | LengthDelimited;
    private const uint Varint = 0;
    private const uint Fixed64 = 1;
    private const uint LengthDelimited = 2;
    private const uint Fixed32 = 5;
    private const ulong Cf32 = 1;

    // A hostile or broken peer must not make us rent without bound; the message limit is far below this.
    private const long MaximumPayloadBytes = 1 << 28;

    /// <summary>Reads a message that holds nothing but one capture chunk.</summary>
    /// <param name="message">The whole message; it may lie in several segments.</param>
    /// <param name="block">The block, owned by the caller; null when the message is another one and the generated parser must have it.</param>
    /// <exception cref="RadioException">The chunk is truncated or contradicts itself (protocol mismatch).</exception>
    public static bool TryRead(ReadOnlySequence<byte> message, out CaptureBlock? block)
    {
        block = null;
        var reader = new SequenceReader<byte>(message);
        if (!TryVarint(ref reader, out ulong tag) || tag != CaptureTag || !TryVarint(ref reader, out ulong length) || length != (ulong)reader.Remaining)
        {
            return false;
        }

        block = ReadChunk(ref reader);
        return true;
    }

    private static CaptureBlock ReadChunk(ref SequenceReader<byte> reader)
    {
        var fields = default(ChunkFields);
        while (!reader.End)
        {
            ulong tag = RequireVarint(ref reader);
            uint wire = (uint)tag & 7;
            switch ((tag >> 3, wire))
            {
                case (1, LengthDelimited):
                    fields.RadioId = Encoding.UTF8.GetString(Take(ref reader));
                    break;
                case (2, Varint):
                    fields.WindowId = (int)RequireVarint(ref reader);
                    break;
                case (3, Varint):
                    fields.FirstTick = (long)RequireVarint(ref reader);
                    break;
                case (4, Fixed64):
                    fields.SampleRateHz = BitConverter.Int64BitsToDouble((long)RequireFixed64(ref reader));
                    break;
                case (5, Varint):
                    fields.ChannelCount = (int)RequireVarint(ref reader);
                    break;
                case (6, Varint):
                    fields.SampleCount = (int)RequireVarint(ref reader);
                    break;
                case (7, Varint):
                    fields.Flags = (uint)RequireVarint(ref reader);
                    break;
                case (8, LengthDelimited):
                    (fields.Gaps ??= []).Add(ReadGap(Take(ref reader)));
                    break;
                case (9, Varint):
                    fields.IsLast = RequireVarint(ref reader) != 0;
                    break;
                case (10, Varint):
                    fields.Format = RequireVarint(ref reader);
                    break;
                case (11, LengthDelimited):
                    fields.Iq = Take(ref reader);
                    break;
                default:
                    Skip(ref reader, wire);
                    break;
            }
        }

        return fields.ToBlock();
    }

    private static CaptureGap ReadGap(ReadOnlySequence<byte> message)
    {
        var reader = new SequenceReader<byte>(message);
        long firstTick = 0;
        long sampleCount = 0;
        while (!reader.End)
        {
            ulong tag = RequireVarint(ref reader);
            switch ((tag >> 3, (uint)tag & 7))
            {
                case (1, Varint):
                    firstTick = (long)RequireVarint(ref reader);
                    break;
                case (2, Varint):
                    sampleCount = (long)RequireVarint(ref reader);
                    break;
                default:
                    Skip(ref reader, (uint)tag & 7);
                    break;
            }
        }

        return new CaptureGap(firstTick, sampleCount);
    }

    private static void Skip(ref SequenceReader<byte> reader, uint wire)
    {
        switch (wire)
        {
            case Varint:
                RequireVarint(ref reader);
                break;
            case Fixed64:
                RequireFixed64(ref reader);
                break;
            case LengthDelimited:
                Take(ref reader);
                break;
            case Fixed32 when reader.Remaining >= 4:
                reader.Advance(4);
                break;
            default:
                throw Malformed("it is truncated or not a protobuf message");
        }
    }

    private static ReadOnlySequence<byte> Take(ref SequenceReader<byte> reader)
    {
        ulong length = RequireVarint(ref reader);
        if (length > (ulong)reader.Remaining)
        {
            throw Malformed(string.Create(CultureInfo.InvariantCulture, $"a field of {length} bytes stands where {reader.Remaining} are left"));
        }

        ReadOnlySequence<byte> taken = reader.UnreadSequence.Slice(0, (long)length);
        reader.Advance((long)length);
        return taken;
    }

    private static ulong RequireFixed64(ref SequenceReader<byte> reader)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        if (!reader.TryCopyTo(bytes))
        {
            throw Malformed("it is truncated");
        }

        reader.Advance(sizeof(ulong));
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static ulong RequireVarint(ref SequenceReader<byte> reader) =>
        TryVarint(ref reader, out ulong value) ? value : throw Malformed("it is truncated");

    private static bool TryVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out byte next))
            {
                return false;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static RadioException Malformed(string problem) =>
        new(RadioFaultCode.ProtocolMismatch, string.Empty, $"A capture chunk from the sidecar is malformed: {problem}.");

    private struct ChunkFields
    {
        public string? RadioId;
        public int WindowId;
        public long FirstTick;
        public double SampleRateHz;
        public int ChannelCount;
        public int SampleCount;
        public uint Flags;
        public List<CaptureGap>? Gaps;
        public bool IsLast;
        public ulong Format;
        public ReadOnlySequence<byte> Iq;

        public readonly CaptureBlock ToBlock()
        {
            if (Format != Cf32)
            {
                throw Malformed(string.Create(CultureInfo.InvariantCulture, $"sample format {Format}; this version reads CF32"));
            }

            if (ChannelCount < 1 || SampleCount < 1 || !(SampleRateHz > 0) || !double.IsFinite(SampleRateHz))
            {
                throw Malformed(string.Create(
                    CultureInfo.InvariantCulture, $"{ChannelCount} channels of {SampleCount} samples at {SampleRateHz} Hz; all must be positive"));
            }

            long channelBytes = (long)IqDeinterleaver.BytesPerSample * SampleCount;
            if (channelBytes > MaximumPayloadBytes / ChannelCount || Iq.Length != channelBytes * ChannelCount)
            {
                throw Malformed(string.Create(
                    CultureInfo.InvariantCulture, $"{Iq.Length} bytes for {ChannelCount} channels of {SampleCount} samples"));
            }

            var block = new CaptureBlock(
                RadioId ?? string.Empty, WindowId, FirstTick, SampleRateHz, ChannelCount, SampleCount, (CaptureFlags)Flags, Gaps, IsLast);
            for (int channel = 0; channel < ChannelCount; channel++)
            {
                IqDeinterleaver.Deinterleave(
                    Iq.Slice(channel * channelBytes, channelBytes), block.Real(channel), block.Imaginary(channel));
            }

            return block;
        }
    }
}
