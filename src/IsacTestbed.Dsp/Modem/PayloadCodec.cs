namespace IsacTestbed.Dsp.Modem;

/// <summary>Payload bytes to interleaved bits and back. Not thread safe: owns its buffers, which grow to the longest packet, and a decoder.</summary>
/// <remarks>
/// CRC-32 over the header's bytes and the payload, scrambler, convolutional code, puncturing, interleaver. The checksum covers the header
/// too, so a payload is never taken for another packet's.
/// </remarks>
internal sealed class PayloadCodec
{
    private const int ChecksumBytes = 4;

    private readonly byte[] _headerBytes = new byte[PacketLayout.HeaderBytes];
    private readonly ViterbiDecoder _decoder = new();
    private byte[] _information = [];
    private byte[] _coded = [];
    private sbyte[] _received = [];
    private sbyte[] _ordered = [];
    private sbyte[] _soft = [];

    /// <summary>The interleaver of a packet, which also says how many bits it sends.</summary>
    public static BlockInterleaver Interleaver(Modulation modulation, CodeRate rate, int payloadBytes) =>
        new(PuncturePattern.CodedBits(rate, ConvolutionalCode.Steps(payloadBytes + ChecksumBytes)), Constellation.BitsPerSymbol(modulation));

    /// <summary>Makes the bits to be mapped, one per element.</summary>
    /// <param name="header">The packet's header.</param>
    /// <param name="payload">As many bytes as the header says.</param>
    /// <param name="bits">Receives the interleaver's length.</param>
    public void Encode(PacketHeader header, ReadOnlySpan<byte> payload, Span<byte> bits)
    {
        BlockInterleaver interleaver = Interleaver(header.Modulation, header.CodeRate, payload.Length);
        Span<byte> information = Take(ref _information, payload.Length + ChecksumBytes);
        payload.CopyTo(information);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(information[payload.Length..], Checksum(header, payload));
        Scrambler.Apply(information);
        Span<byte> coded = Take(ref _coded, interleaver.Length);
        ConvolutionalCode.Encode(information, header.CodeRate, coded);
        coded[interleaver.CodedBits..].Clear();
        interleaver.Interleave(coded, bits);
    }

    /// <summary>Decodes; true when the checksum holds, and then the payload is a new array.</summary>
    public bool TryDecode(PacketHeader header, ReadOnlySpan<float> ratios, out byte[] payload)
    {
        BlockInterleaver interleaver = Interleaver(header.Modulation, header.CodeRate, header.PayloadBytes);
        Span<sbyte> received = Take(ref _received, interleaver.Length), ordered = Take(ref _ordered, interleaver.Length);
        SoftQuantiser.Quantise(ratios, received);
        interleaver.Deinterleave(received, ordered);
        Span<byte> information = Take(ref _information, header.PayloadBytes + ChecksumBytes);
        Span<sbyte> soft = Take(ref _soft, 2 * ConvolutionalCode.Steps(information.Length));
        PuncturePattern.Restore(header.CodeRate, ordered[..interleaver.CodedBits], soft);
        _decoder.Decode(soft, information);
        Scrambler.Apply(information);
        ReadOnlySpan<byte> data = information[..header.PayloadBytes];
        bool valid = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(information[header.PayloadBytes..]) == Checksum(header, data);
        payload = valid ? data.ToArray() : [];
        return valid;
    }

    private uint Checksum(PacketHeader header, ReadOnlySpan<byte> payload)
    {
        header.Write(_headerBytes);
        return ~Crc.Update32(Crc.Update32(Crc.Initial32, _headerBytes), payload);
    }

    private static Span<T> Take<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[Math.Max(length, 2 * buffer.Length)];
        }

        return buffer.AsSpan(0, length);
    }
}
