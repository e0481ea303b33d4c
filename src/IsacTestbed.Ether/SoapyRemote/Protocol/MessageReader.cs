using System.Buffers.Binary;
using System.Text;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Reads the values of one message in order.</summary>
/// <param name="payload">The message without its frame.</param>
/// <param name="version">Version of the protocol that the sender speaks.</param>
internal sealed class MessageReader(ReadOnlyMemory<byte> payload, uint version)
{
    private int _offset;

    /// <summary>Version of the protocol that the sender speaks.</summary>
    public uint Version => version;

    /// <summary>Whether all values were read.</summary>
    public bool IsAtEnd => _offset == payload.Length;

    public RemoteCall ReadCall()
    {
        Expect(WireType.Call);
        return (RemoteCall)ReadInt32();
    }

    public byte ReadChar()
    {
        Expect(WireType.Char);
        return Take(1)[0];
    }

    public bool ReadBool()
    {
        Expect(WireType.Bool);
        return Take(1)[0] != 0;
    }

    public int ReadInt32()
    {
        Expect(WireType.Int32);
        return BinaryPrimitives.ReadInt32BigEndian(Take(4));
    }

    public long ReadInt64()
    {
        Expect(WireType.Int64);
        return BinaryPrimitives.ReadInt64BigEndian(Take(8));
    }

    /// <summary>A double as the integer mantissa of 53 bits and the power of two of the fraction in front of it.</summary>
    public double ReadFloat64()
    {
        Expect(WireType.Float64);
        int exponent = ReadInt32();
        long mantissa = ReadInt64();
        return Math.ScaleB(mantissa, Math.Clamp(exponent, -10_000, 10_000) - 53);
    }

    public string ReadString()
    {
        Expect(WireType.String);
        return Encoding.UTF8.GetString(Take(ReadCount(1)));
    }

    public int[] ReadSizes()
    {
        Expect(WireType.SizeList);
        int[] values = new int[ReadCount(5)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ReadInt32();
        }

        return values;
    }

    public Dictionary<string, string> ReadKwargs()
    {
        Expect(WireType.Kwargs);
        int count = ReadCount(12);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string key = ReadString();
            values[key] = ReadString();
        }

        return values;
    }

    /// <summary>A count of things that take some bytes each: one that cannot be is refused before anything is allocated for it.</summary>
    private int ReadCount(int leastBytesEach)
    {
        int count = ReadInt32();
        return count >= 0 && count <= (payload.Length - _offset) / leastBytesEach
            ? count
            : throw new ProtocolException($"a list or text claims {count} entries where {payload.Length - _offset} bytes are left");
    }

    private void Expect(WireType type)
    {
        var found = (WireType)Take(1)[0];
        if (found != type)
        {
            throw new ProtocolException($"{found} stands where {type} is due, at byte {_offset - 1} of {payload.Length}");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > payload.Length - _offset)
        {
            throw new ProtocolException($"a message of {payload.Length} bytes ends within a value of {count} bytes at byte {_offset}");
        }

        _offset += count;
        return payload.Span.Slice(_offset - count, count);
    }
}
