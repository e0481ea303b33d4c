using System.Buffers.Binary;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>The 24 bytes before the samples of a packet; alone, an acknowledgement, an error or a status.</summary>
/// <param name="Bytes">Bytes of the packet, these included.</param>
/// <param name="Sequence">Number of the packet; of the next one expected in an acknowledgement; the channels, one bit each, in a status.</param>
/// <param name="Elements">Samples per channel, or a negative error; in an acknowledgement how many packets may be on their way.</param>
/// <param name="Flags">Flags.</param>
/// <param name="TimeNs">Time of the first sample, nanoseconds.</param>
internal readonly record struct StreamHeader(uint Bytes, uint Sequence, int Elements, StreamFlags Flags, long TimeNs)
{
    public const int Size = 24;

    public static StreamHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32BigEndian(source),
        BinaryPrimitives.ReadUInt32BigEndian(source[4..]),
        BinaryPrimitives.ReadInt32BigEndian(source[8..]),
        (StreamFlags)BinaryPrimitives.ReadInt32BigEndian(source[12..]),
        BinaryPrimitives.ReadInt64BigEndian(source[16..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Bytes);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Sequence);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], Elements);
        BinaryPrimitives.WriteInt32BigEndian(destination[12..], (int)Flags);
        BinaryPrimitives.WriteInt64BigEndian(destination[16..], TimeNs);
    }
}

/// <summary>Flags of a packet, as SoapySDR numbers them.</summary>
[Flags]
internal enum StreamFlags
{
    None = 0,
    EndBurst = 2,
    HasTime = 4,
    EndAbrupt = 8,
    OnePacket = 16,
    MoreFragments = 32,
    WaitTrigger = 64,
}

/// <summary>Errors of a stream, as SoapySDR numbers them.</summary>
internal enum StreamError
{
    None = 0,
    Timeout = -1,
    StreamError = -2,
    Corruption = -3,
    Overflow = -4,
    NotSupported = -5,
    TimeError = -6,
    Underflow = -7,
}
