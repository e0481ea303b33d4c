namespace IsacTestbed.Dsp.Modem;

/// <summary>Which of the two coded bits of each trellis step are sent.</summary>
/// <remarks>The usual patterns: rate 2/3 is A 11, B 10; rate 3/4 is A 110, B 101.</remarks>
internal static class PuncturePattern
{
    /// <summary>One element per step of the period: bit 0 set when A is sent, bit 1 when B is sent.</summary>
    public static ReadOnlySpan<byte> Of(CodeRate rate) => rate switch
    {
        CodeRate.Half => [3],
        CodeRate.TwoThirds => [3, 1],
        CodeRate.ThreeQuarters => [3, 1, 2],
        _ => throw new ArgumentOutOfRangeException(nameof(rate), rate, "Not a code rate of this modem."),
    };

    /// <summary>The rate as a number.</summary>
    public static double RateOf(CodeRate rate)
    {
        int period = Of(rate).Length;
        return (double)period / CodedBits(rate, period);
    }

    /// <summary>Number of coded bits sent for a number of trellis steps.</summary>
    public static int CodedBits(CodeRate rate, int steps)
    {
        ReadOnlySpan<byte> pattern = Of(rate);
        int perPeriod = 0, rest = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            int kept = (pattern[i] & 1) + (pattern[i] >> 1);
            perPeriod += kept;
            rest += i < steps % pattern.Length ? kept : 0;
        }

        return (steps / pattern.Length * perPeriod) + rest;
    }

    /// <summary>Puts received soft bits back beside zeros where bits were left out.</summary>
    /// <param name="rate">The pattern.</param>
    /// <param name="received">The soft bits that were sent, in order.</param>
    /// <param name="softBits">Receives two soft bits per trellis step.</param>
    public static void Restore(CodeRate rate, ReadOnlySpan<sbyte> received, Span<sbyte> softBits)
    {
        if (rate == CodeRate.Half)
        {
            received.CopyTo(softBits);
            return;
        }

        ReadOnlySpan<byte> pattern = Of(rate);
        int read = 0, phase = 0;
        for (int i = 0; i + 1 < softBits.Length; i += 2)
        {
            byte kept = pattern[phase];
            softBits[i] = (kept & 1) != 0 ? received[read++] : (sbyte)0;
            softBits[i + 1] = (kept & 2) != 0 ? received[read++] : (sbyte)0;
            phase = phase + 1 == pattern.Length ? 0 : phase + 1;
        }
    }
}
