using static IsacTestbed.Core.NormalPolynomials;

namespace IsacTestbed.Core;

/// <summary>The reference of the normal generator, one counter at a time.</summary>
internal static class NormalKernelScalar
{
    /// <summary>Makes groups of 16 counters.</summary>
    /// <remarks>
    /// Pair q of lane l of the g-th group goes to cosine[g stride + q pairStride + l] and to the same place of sine.
    /// </remarks>
    public static void Fill(
        NormalKey key, ulong firstGroup, int groups, float scale, Span<float> cosine, Span<float> sine, int stride, int pairStride)
    {
        for (int g = 0; g < groups; g++)
        {
            for (int l = 0; l < 16; l++)
            {
                (uint w0, uint w1, uint w2, uint w3) = Philox(key, ((firstGroup + (ulong)g) * 16) + (ulong)l);
                int at = (g * stride) + l;
                (cosine[at], sine[at]) = Pair(w0, w1, scale);
                (cosine[at + pairStride], sine[at + pairStride]) = Pair(w2, w3, scale);
            }
        }
    }

    /// <summary>One Box-Muller pair.</summary>
    public static (float Cosine, float Sine) Pair(uint radiusWord, uint angleWord, float scale)
    {
        float u = ((int)(radiusWord >> 1) + 0.5f) * TwoToMinus31;
        int bits = BitConverter.SingleToInt32Bits(u);
        int exponent = (bits - RootHalfBits) >> 23;
        float f = BitConverter.Int32BitsToSingle(bits - (exponent << 23)) - 1;
        float q = MathF.FusedMultiplyAdd(L6, f, L5);
        q = MathF.FusedMultiplyAdd(q, f, L4);
        q = MathF.FusedMultiplyAdd(q, f, L3);
        q = MathF.FusedMultiplyAdd(q, f, L2);
        q = MathF.FusedMultiplyAdd(q, f, L1);
        q = MathF.FusedMultiplyAdd(q, f, L0);
        q = MathF.FusedMultiplyAdd(q, f, 1);
        float square = MathF.FusedMultiplyAdd(exponent, MinusTwoLn2, MathF.FusedMultiplyAdd(f * f, q, -(f + f)));
        float radius = MathF.Sqrt(square) * scale;
        radius = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(radius) ^ (int)(angleWord & 0x80000000));
        float x = (int)(angleWord << 2) * TwoToMinus31;
        float x2 = x * x;
        float s = x * MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(S3, x2, S2), x2, S1), x2, S0);
        float c = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(C3, x2, C2), x2, C1), x2, C0);
        return (angleWord & 0x40000000) != 0 ? (radius * s, radius * c) : (radius * c, radius * s);
    }

    private static (uint W0, uint W1, uint W2, uint W3) Philox(NormalKey key, ulong counter)
    {
        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = key.Counter2, c3 = key.Counter3;
        uint k0 = key.Key0, k1 = key.Key1;
        for (int round = 0; round < CounterRandom.Rounds; round++)
        {
            ulong a = (ulong)CounterRandom.MultiplierA * c0, b = (ulong)CounterRandom.MultiplierB * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += CounterRandom.WeylA;
            k1 += CounterRandom.WeylB;
        }

        return (c0, c1, c2, c3);
    }
}
