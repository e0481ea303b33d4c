using System.Buffers.Binary;
using System.IO.Pipelines;

namespace IsacTestbed.Rpc;

/// <summary>gRPC's message frame: one byte of flags (1: compressed), four bytes of length, big endian, then the message.</summary>
internal static class MessageFrame
{
    public const int PrefixBytes = 5;

    /// <summary>Writes one message without flushing it.</summary>
    /// <returns>Bytes written, the prefix included.</returns>
    /// <exception cref="InvalidOperationException">The marshaller wrote another number of bytes than it announced.</exception>
    public static int Write<T>(PipeWriter writer, T message, RpcMarshaller<T> marshaller)
    {
        int size = marshaller.Size(message);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        Span<byte> prefix = writer.GetSpan(PrefixBytes);
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix.Slice(1, 4), size);
        writer.Advance(PrefixBytes);
        long before = writer.CanGetUnflushedBytes ? writer.UnflushedBytes : 0;
        marshaller.Write(message, writer);
        if (writer.CanGetUnflushedBytes && writer.UnflushedBytes - before != size)
        {
            throw new InvalidOperationException(
                $"The marshaller of {typeof(T).Name} announced {size} bytes and wrote {writer.UnflushedBytes - before}.");
        }

        return PrefixBytes + size;
    }

    /// <summary>Checks a prefix and returns the message's length in bytes.</summary>
    /// <param name="encoding">The grpc-encoding header of the other side, or null.</param>
    /// <param name="peer">Who sent it, for the text of an error.</param>
    /// <exception cref="RpcException">The frame is compressed, malformed or above the limit.</exception>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix, int maxMessageBytes, string? encoding, string peer)
    {
        if (prefix[0] == 1)
        {
            throw encoding is null or RpcHeader.Identity
                ? new RpcException(RpcStatusCode.Internal, $"{peer} sent a message marked as compressed without a grpc-encoding.")
                : new RpcException(
                    RpcStatusCode.Unimplemented,
                    $"{peer} sent a message compressed with '{encoding}'; only '{RpcHeader.Identity}' is understood.");
        }

        if (prefix[0] != 0)
        {
            throw new RpcException(RpcStatusCode.Internal, $"{peer} sent a message with the flags 0x{prefix[0]:X2}; 0 or 1 was expected.");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix.Slice(1, 4));
        if (length > (uint)maxMessageBytes)
        {
            throw new RpcException(
                RpcStatusCode.ResourceExhausted,
                $"{peer} sent a message of {length} bytes; the limit is {maxMessageBytes} bytes.");
        }

        return (int)length;
    }

    /// <summary>A stream that ended inside a frame.</summary>
    public static RpcException Truncated(long received, long expected, string peer) =>
        new(RpcStatusCode.Internal, $"{peer} ended the stream inside a message: {received} of {expected} bytes arrived.");
}
