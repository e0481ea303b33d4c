using System.Numerics;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>Into which radices a length is divided.</summary>
internal static class FftFactors
{
    /// <summary>Radices in the order of the passes, or false if a prime factor above five remains.</summary>
    /// <remarks>Sixteens first, so that from the second pass on whole vectors of neighbours exist on every tier.</remarks>
    public static bool TryFactor(int length, out int[] radices)
    {
        List<int> factors = [];
        int twos = BitOperations.TrailingZeroCount(length);
        int rest = length >> twos;
        // 2^9 is better divided 16 x 8 x 4 than 16 x 16 x 2.
        int sixteens = twos % 4 == 1 && twos >= 9 ? (twos - 5) / 4 : twos / 4;
        twos -= 4 * sixteens;
        for (int i = 0; i < sixteens; i++)
        {
            factors.Add(16);
        }

        for (; twos > 0; twos -= Math.Min(twos, 3))
        {
            factors.Add(1 << Math.Min(twos, 3));
        }

        foreach (int radix in (ReadOnlySpan<int>)[5, 3])
        {
            for (; rest % radix == 0; rest /= radix)
            {
                factors.Add(radix);
            }
        }

        radices = [.. factors];
        return rest == 1;
    }

    /// <summary>The passes of a transform of the product of the radices.</summary>
    public static FftPass[] Passes(int length, ReadOnlySpan<int> radices)
    {
        FftPass[] passes = new FftPass[radices.Length];
        int stride = 1;
        for (int i = 0; i < radices.Length; i++)
        {
            passes[i] = new FftPass(radices[i], stride, length);
            stride *= radices[i];
        }

        return passes;
    }
}
