using System.Buffers.Binary;

namespace IsacTestbed.Dsp.Modem;

/// <summary>Splits a long message into packet payloads.</summary>
/// <remarks>
/// Payload i holds the message's length (32 bits, big-endian) and its bytes from i times <see cref="ChunkBytes"/>; the packet's sequence
/// number is i and its stream names the message. An empty message is one payload without bytes. Immutable and thread safe.
/// </remarks>
public sealed class MessageFragmenter
{
    /// <summary>Bytes of each payload that are not the message's.</summary>
    public const int PrefixBytes = 4;

    /// <summary>A fragmenter for payloads of a given size.</summary>
    /// <param name="payloadBytes">Size of a full payload, prefix included: 5 to <see cref="PacketLayout.MaximumPayloadBytes"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is outside its range.</exception>
    public MessageFragmenter(int payloadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(payloadBytes, PrefixBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadBytes, PacketLayout.MaximumPayloadBytes);
        PayloadBytes = payloadBytes;
    }

    /// <summary>Size of a full payload.</summary>
    public int PayloadBytes { get; }

    /// <summary>Message bytes of a full payload.</summary>
    public int ChunkBytes => PayloadBytes - PrefixBytes;

    /// <summary>Payloads of a message, at least one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public int FragmentCount(int messageBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(messageBytes);
        return Math.Max(1, (int)(((long)messageBytes + ChunkBytes - 1) / ChunkBytes));
    }

    /// <summary>Size of one payload of a message: full, except the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such fragment.</exception>
    public int FragmentLength(int messageBytes, int fragment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fragment);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fragment, FragmentCount(messageBytes));
        return PrefixBytes + (int)Math.Min(ChunkBytes, messageBytes - ((long)fragment * ChunkBytes));
    }

    /// <summary>Writes one payload.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="fragment">Which payload; also the sequence number to send it with.</param>
    /// <param name="payload">Receives <see cref="FragmentLength"/> bytes.</param>
    /// <exception cref="ArgumentException">There is no such fragment or the destination has another length.</exception>
    public void WriteFragment(ReadOnlySpan<byte> message, int fragment, Span<byte> payload)
    {
        int length = FragmentLength(message.Length, fragment);
        if (payload.Length != length)
        {
            throw new ArgumentException($"Fragment {fragment} has {length} bytes; the destination has {payload.Length}.", nameof(payload));
        }

        BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)message.Length);
        message.Slice(fragment * ChunkBytes, length - PrefixBytes).CopyTo(payload[PrefixBytes..]);
    }
}
