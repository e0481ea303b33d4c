using System.Buffers.Binary;

namespace IsacTestbed.Dsp.Modem;

/// <summary>Puts the payloads of a <see cref="MessageFragmenter"/> together again, in any order.</summary>
/// <remarks>Only payloads whose checksum held may be given to it. Not thread safe.</remarks>
public sealed class MessageAssembler
{
    private readonly MessageFragmenter _fragmenter;
    private readonly int _maximumMessageBytes;
    private byte[] _message = [];
    private bool[] _received = [];
    private int _missing = -1;

    /// <summary>An assembler of one message.</summary>
    /// <param name="stream">The stream that carries it.</param>
    /// <param name="payloadBytes">Size of a full payload, as the sender's fragmenter has it.</param>
    /// <param name="maximumMessageBytes">The longest message that is believed; a longer announcement is malformed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public MessageAssembler(uint stream, int payloadBytes, int maximumMessageBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumMessageBytes);
        Stream = stream;
        _fragmenter = new MessageFragmenter(payloadBytes);
        _maximumMessageBytes = maximumMessageBytes;
    }

    /// <summary>The stream of the message.</summary>
    public uint Stream { get; }

    /// <summary>Whether every payload is there.</summary>
    public bool IsComplete => _missing == 0;

    /// <summary>Number of payloads of the message; 0 while none has arrived, because its length is not known before.</summary>
    public int FragmentCount => _received.Length;

    /// <summary>The message.</summary>
    /// <exception cref="InvalidOperationException">Payloads are missing.</exception>
    public ReadOnlyMemory<byte> Message => IsComplete
        ? _message
        : throw new InvalidOperationException($"The message on stream {Stream} is not complete: {(_missing < 0 ? "nothing" : $"all but {_missing} payloads")} arrived.");

    /// <summary>Takes one payload.</summary>
    /// <param name="sequenceNumber">Sequence number of its packet.</param>
    /// <param name="stream">Stream of its packet.</param>
    /// <param name="payload">Its bytes; copied.</param>
    public FragmentOutcome Accept(uint sequenceNumber, uint stream, ReadOnlySpan<byte> payload)
    {
        if (stream != Stream)
        {
            return FragmentOutcome.OtherStream;
        }

        if (payload.Length < MessageFragmenter.PrefixBytes)
        {
            return FragmentOutcome.Malformed;
        }

        uint announced = BinaryPrimitives.ReadUInt32BigEndian(payload);
        if (announced > (uint)_maximumMessageBytes || (_missing >= 0 && announced != _message.Length))
        {
            return FragmentOutcome.Malformed;
        }

        int length = (int)announced, count = _fragmenter.FragmentCount(length);
        if (sequenceNumber >= (uint)count || payload.Length != _fragmenter.FragmentLength(length, (int)sequenceNumber))
        {
            return FragmentOutcome.Malformed;
        }

        if (_missing < 0)
        {
            (_message, _received, _missing) = (new byte[length], new bool[count], count);
        }

        if (_received[sequenceNumber])
        {
            return FragmentOutcome.Duplicate;
        }

        payload[MessageFragmenter.PrefixBytes..].CopyTo(_message.AsSpan((int)sequenceNumber * _fragmenter.ChunkBytes));
        _received[sequenceNumber] = true;
        _missing--;
        return FragmentOutcome.Accepted;
    }

    /// <summary>Sequence numbers of the payloads that have not arrived, ascending; empty while none has arrived.</summary>
    public IEnumerable<uint> Missing()
    {
        for (int i = 0; i < _received.Length; i++)
        {
            if (!_received[i])
            {
                yield return (uint)i;
            }
        }
    }
}
