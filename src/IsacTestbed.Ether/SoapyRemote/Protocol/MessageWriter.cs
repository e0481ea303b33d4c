using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using IsacTestbed.Radio;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Writes the values of one message, one after the other.</summary>
/// <param name="peerVersion">Version of the protocol that the receiver speaks: from 0.4 on ranges carry their step.</param>
internal sealed class MessageWriter(uint peerVersion)
{
    private byte[] _bytes = new byte[512];
    private int _count = MessageFrame.HeaderBytes;

    /// <summary>Completes the message; nothing may be written afterwards.</summary>
    /// <returns>The bytes for the wire.</returns>
    public ReadOnlyMemory<byte> Finish()
    {
        if (_count == MessageFrame.HeaderBytes)
        {
            WriteVoid();
        }

        Claim(MessageFrame.TrailerBytes);
        MessageFrame.Write(_bytes.AsSpan(0, _count));
        return _bytes.AsMemory(0, _count);
    }

    /// <summary>Drops what was written.</summary>
    public void Reset() => _count = MessageFrame.HeaderBytes;

    public void WriteVoid() => Begin(WireType.Void);

    public void WriteCall(RemoteCall call)
    {
        Begin(WireType.Call);
        Write((int)call);
    }

    public void WriteException(string message)
    {
        Begin(WireType.Exception);
        Write(message);
    }

    public void WriteChar(byte value)
    {
        Begin(WireType.Char);
        Claim(1)[0] = value;
    }

    public void Write(bool value)
    {
        Begin(WireType.Bool);
        Claim(1)[0] = value ? (byte)1 : (byte)0;
    }

    public void Write(int value)
    {
        Begin(WireType.Int32);
        BinaryPrimitives.WriteInt32BigEndian(Claim(4), value);
    }

    public void Write(long value)
    {
        Begin(WireType.Int64);
        BinaryPrimitives.WriteInt64BigEndian(Claim(8), value);
    }

    public void Write(double value)
    {
        Begin(WireType.Float64);
        if (value == 0 || !double.IsFinite(value))
        {
            // Neither infinity nor NaN has a form on the wire.
            Write(0);
            Write(0L);
            return;
        }

        int exponent = Math.ILogB(value) + 1;
        Write(exponent);
        Write((long)Math.ScaleB(value, 53 - exponent));
    }

    public void Write(Complex value)
    {
        Begin(WireType.Complex128);
        Write(value.Real);
        Write(value.Imaginary);
    }

    public void Write(string value)
    {
        Begin(WireType.String);
        int length = Encoding.UTF8.GetByteCount(value);
        Write(length);
        Encoding.UTF8.GetBytes(value, Claim(length));
    }

    public void Write(SettingRange range)
    {
        Begin(WireType.Range);
        Write(range.Minimum);
        Write(range.Maximum);
        if (peerVersion >= MessageFrame.Version)
        {
            Write(range.Step);
        }
    }

    public void Write(IReadOnlyCollection<SettingRange> ranges)
    {
        BeginList(WireType.RangeList, ranges.Count);
        foreach (SettingRange range in ranges)
        {
            Write(range);
        }
    }

    public void Write(IReadOnlyCollection<string> values)
    {
        BeginList(WireType.StringList, values.Count);
        foreach (string value in values)
        {
            Write(value);
        }
    }

    public void Write(IReadOnlyCollection<double> values)
    {
        BeginList(WireType.Float64List, values.Count);
        foreach (double value in values)
        {
            Write(value);
        }
    }

    public void WriteSizes(IReadOnlyCollection<int> values)
    {
        BeginList(WireType.SizeList, values.Count);
        foreach (int value in values)
        {
            Write(value);
        }
    }

    public void Write(IReadOnlyDictionary<string, string> values)
    {
        BeginList(WireType.Kwargs, values.Count);
        foreach ((string key, string value) in values)
        {
            Write(key);
            Write(value);
        }
    }

    public void Write(IReadOnlyCollection<IReadOnlyDictionary<string, string>> values)
    {
        BeginList(WireType.KwargsList, values.Count);
        foreach (IReadOnlyDictionary<string, string> value in values)
        {
            Write(value);
        }
    }

    public void Write(ArgumentInfo info)
    {
        Begin(WireType.ArgInfo);
        Write(info.Key);
        Write(info.Value);
        Write(info.Name);
        Write(info.Description);
        Write(info.Units);
        Write((int)info.Kind);
        Write(default(SettingRange));
        Write(info.Options);
        Write(info.Options);
    }

    public void Write(IReadOnlyCollection<ArgumentInfo> infos)
    {
        BeginList(WireType.ArgInfoList, infos.Count);
        foreach (ArgumentInfo info in infos)
        {
            Write(info);
        }
    }

    private void BeginList(WireType type, int count)
    {
        Begin(type);
        Write(count);
    }

    private void Begin(WireType type) => Claim(1)[0] = (byte)type;

    private Span<byte> Claim(int count)
    {
        if (_count + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _count + count));
        }

        _count += count;
        return _bytes.AsSpan(_count - count, count);
    }
}
