using System.Buffers;

namespace IsacTestbed.Rpc;

/// <summary>Cuts a response stream into messages, each contiguous in one pooled buffer.</summary>
/// <remarks>
/// A prefix is read together with up to <see cref="ReadAheadBytes"/> of what follows, so that small messages cost one read for many;
/// the rest of a large message is read straight to its place, so that at most that much is ever moved.
/// </remarks>
internal sealed class MessageStreamReader(Stream stream, int maxMessageBytes, string? encoding, string peer) : IDisposable
{
    private const int ReadAheadBytes = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReadAheadBytes);
    private int _start;
    private int _end;

    /// <summary>Reads the next message.</summary>
    /// <returns>The message, valid until the next call; null at the end of the stream.</returns>
    /// <exception cref="RpcException">The frame is malformed, truncated or above the limit.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(MessageFrame.PrefixBytes, cancellationToken).ConfigureAwait(false))
        {
            return _end == _start ? null : throw MessageFrame.Truncated(_end - _start, MessageFrame.PrefixBytes, peer);
        }

        int length = MessageFrame.ReadPrefix(_buffer.AsSpan(_start, MessageFrame.PrefixBytes), maxMessageBytes, encoding, peer);
        _start += MessageFrame.PrefixBytes;
        if (!await FillAsync(length, cancellationToken).ConfigureAwait(false))
        {
            throw MessageFrame.Truncated(_end - _start, length, peer);
        }

        var message = new ReadOnlyMemory<byte>(_buffer, _start, length);
        _start += length;
        return message;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _start >= count)
        {
            return true;
        }

        MakeRoom(count);
        while (_end - _start < count)
        {
            int missing = count - (_end - _start);
            int wanted = Math.Min(_buffer.Length - _end, Math.Max(missing, ReadAheadBytes));
            int read = await stream.ReadAsync(_buffer.AsMemory(_end, wanted), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        int held = _end - _start;
        if (_buffer.Length < count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(count);
            _buffer.AsSpan(_start, held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (held == 0 || _buffer.Length - _start < count)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }
        else
        {
            return;
        }

        _start = 0;
        _end = held;
    }
}
