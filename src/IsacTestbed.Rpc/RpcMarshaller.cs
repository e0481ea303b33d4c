using System.Buffers;

namespace IsacTestbed.Rpc;

/// <summary>Turns messages of one type into bytes and back. Immutable, so safe for use by many threads if its functions are.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <remarks>
/// The size is asked for first, so that the length prefix goes out before the message and nothing is buffered twice. A marshaller that
/// writes another number of bytes than it announced is a bug: the call is reset.
/// </remarks>
public sealed class RpcMarshaller<T>
{
    private readonly Func<T, int> _size;
    private readonly Action<T, IBufferWriter<byte>> _write;
    private readonly Func<ReadOnlySequence<byte>, T> _read;

    /// <summary>A marshaller of three functions.</summary>
    /// <param name="size">The exact number of bytes that <paramref name="write"/> will write.</param>
    /// <param name="write">Writes the message; must not keep the writer.</param>
    /// <param name="read">Reads a message; the sequence is valid only until it returns, so what is kept must be copied.</param>
    public RpcMarshaller(Func<T, int> size, Action<T, IBufferWriter<byte>> write, Func<ReadOnlySequence<byte>, T> read)
    {
        ArgumentNullException.ThrowIfNull(size);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        _size = size;
        _write = write;
        _read = read;
    }

    /// <summary>The exact number of bytes of the serialised message.</summary>
    public int Size(T message) => _size(message);

    /// <summary>Writes exactly <see cref="Size"/> bytes.</summary>
    public void Write(T message, IBufferWriter<byte> destination) => _write(message, destination);

    /// <summary>Reads one message that fills <paramref name="source"/>, which is valid only during the call.</summary>
    public T Read(ReadOnlySequence<byte> source) => _read(source);
}
