using System.Buffers.Binary;

namespace IsacTestbed.Dsp.Modem;

/// <summary>What the header of a packet says.</summary>
/// <remarks>
/// 13 bytes, big-endian: version (high four bits), modulation (two) and code rate (two); payload length (16 bits); sequence number (32);
/// stream (32); CRC-16 over what comes before. The code rate 1/2 and pi/2-BPSK carry it twice, in two orders.
/// </remarks>
internal readonly record struct PacketHeader(Modulation Modulation, CodeRate CodeRate, int PayloadBytes, uint SequenceNumber, uint Stream)
{
    private const int Version = 1;
    private const int Checked = PacketLayout.HeaderBytes - 2;

    /// <summary>Writes <see cref="PacketLayout.HeaderBytes"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)((Version << 4) | ((int)Modulation << 2) | (int)CodeRate);
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)PayloadBytes);
        BinaryPrimitives.WriteUInt32BigEndian(destination[3..], SequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[7..], Stream);
        BinaryPrimitives.WriteUInt16BigEndian(destination[Checked..], Crc.Compute16(destination[..Checked]));
    }

    /// <summary>Reads a header; false when the checksum or a field is wrong.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out PacketHeader header)
    {
        header = new PacketHeader(
            (Modulation)((source[0] >> 2) & 3),
            (CodeRate)(source[0] & 3),
            BinaryPrimitives.ReadUInt16BigEndian(source[1..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[3..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[7..]));
        return BinaryPrimitives.ReadUInt16BigEndian(source[Checked..]) == Crc.Compute16(source[..Checked])
            && source[0] >> 4 == Version && (int)header.Modulation <= 2 && (int)header.CodeRate <= 2;
    }
}
