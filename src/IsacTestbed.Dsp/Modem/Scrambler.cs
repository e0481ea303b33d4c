namespace IsacTestbed.Dsp.Modem;

/// <summary>Additive scrambler: XOR with the maximum-length sequence of x^15 + x^14 + 1, restarted for each block.</summary>
/// <remarks>Keeps constant payloads from making constant symbols. Its own inverse.</remarks>
internal static class Scrambler
{
    /// <summary>Period of the sequence in bits.</summary>
    public const int Period = (1 << 15) - 1;

    private const uint InitialState = 0x4A80;

    /// <summary>Scrambles, or descrambles, in place.</summary>
    public static void Apply(Span<byte> data)
    {
        uint state = InitialState;
        for (int i = 0; i < data.Length; i++)
        {
            // Eight shifts at once: the taps are at 14 and 15, so the next eight outputs are all known from the present state.
            uint output = ((state >> 7) ^ (state >> 6)) & 0xFF;
            state = ((state << 8) | output) & Period;
            data[i] ^= (byte)output;
        }
    }
}
