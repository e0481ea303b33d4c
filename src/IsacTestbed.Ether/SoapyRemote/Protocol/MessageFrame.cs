using System.Buffers.Binary;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>The frame of a message: 12 bytes before it (word, version, length of all) and a word of 4 bytes behind it, big endian.</summary>
internal static class MessageFrame
{
    public const int HeaderBytes = 12;
    public const int TrailerBytes = 4;

    /// <summary>Version of the protocol that is spoken here.</summary>
    public const uint Version = 0x000400;

    /// <summary>Longest message that is read: real ones take some hundred bytes.</summary>
    public const int LongestMessage = 1 << 20;

    private const uint HeaderWord = 0x53525043;
    private const uint TrailerWord = 0x43505253;

    /// <summary>Fills the frame of a message that fills a buffer but for the frame.</summary>
    public static void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt32BigEndian(message, HeaderWord);
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], Version);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], (uint)message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message[^TrailerBytes..], TrailerWord);
    }

    /// <summary>Reads the header.</summary>
    /// <returns>The sender's version, and how many bytes follow, trailer included.</returns>
    /// <exception cref="ProtocolException">Not a header, or an absurd length.</exception>
    public static (uint Version, int Remaining) ReadHeader(ReadOnlySpan<byte> header)
    {
        uint word = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (word != HeaderWord)
        {
            throw new ProtocolException($"the first word of a message is 0x{word:x8}, not 0x{HeaderWord:x8}");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        if (length is <= HeaderBytes + TrailerBytes or > LongestMessage)
        {
            throw new ProtocolException($"a message claims {length} bytes; {HeaderBytes + TrailerBytes + 1} to {LongestMessage} are possible");
        }

        return (BinaryPrimitives.ReadUInt32BigEndian(header[4..]), (int)length - HeaderBytes);
    }

    /// <summary>Checks the trailer.</summary>
    /// <returns>What stands before it.</returns>
    /// <exception cref="ProtocolException">Not a trailer.</exception>
    public static ReadOnlyMemory<byte> CheckTrailer(ReadOnlyMemory<byte> remaining)
    {
        uint word = BinaryPrimitives.ReadUInt32BigEndian(remaining.Span[^TrailerBytes..]);
        return word == TrailerWord
            ? remaining[..^TrailerBytes]
            : throw new ProtocolException($"the last word of a message is 0x{word:x8}, not 0x{TrailerWord:x8}");
    }
}
