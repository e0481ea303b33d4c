namespace IsacTestbed.Dsp.Modem;

/// <summary>The two checksums of a packet.</summary>
internal static class Crc
{
    private static readonly uint[] Table32 = BuildTable32();

    /// <summary>Start value of a running <see cref="Update32"/>.</summary>
    public const uint Initial32 = 0xFFFFFFFF;

    /// <summary>CRC-32 of IEEE 802.3: reflected 0x04C11DB7, all ones before and after. The check value of "123456789" is 0xCBF43926.</summary>
    public static uint Compute32(ReadOnlySpan<byte> data) => ~Update32(Initial32, data);

    /// <summary>Continues a CRC-32 over more data; complement the last value to get the checksum.</summary>
    public static uint Update32(uint state, ReadOnlySpan<byte> data)
    {
        uint[] table = Table32;
        foreach (byte value in data)
        {
            state = table[(byte)(state ^ value)] ^ (state >> 8);
        }

        return state;
    }

    /// <summary>CRC-16 CCITT: 0x1021, starts with all ones. The check value of "123456789" is 0x29B1.</summary>
    public static ushort Compute16(ReadOnlySpan<byte> data)
    {
        uint state = 0xFFFF;
        foreach (byte value in data)
        {
            state ^= (uint)value << 8;
            for (int i = 0; i < 8; i++)
            {
                state = (state & 0x8000) != 0 ? (state << 1) ^ 0x1021 : state << 1;
            }
        }

        return (ushort)state;
    }

    private static uint[] BuildTable32()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
