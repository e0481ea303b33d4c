using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static IsacTestbed.Core.NormalPolynomials;

namespace IsacTestbed.Core;

/// <summary>The normal generator, 16 counters at a time, AVX-512.</summary>
/// <remarks>
/// Even and odd lanes go through Philox in 64-bit lanes of their own, where a product's halves need no rearranging, and are merged at the end.
/// Every operation is that of <see cref="NormalKernelScalar"/>.
/// </remarks>
internal static class NormalKernel512
{
    // Not Vector512.IsHardwareAccelerated, which is false on processors that clock down a little, where sixteen lanes still win.
    public static bool IsSupported => Avx512F.IsSupported && Avx512DQ.IsSupported;

    /// <inheritdoc cref="NormalKernelScalar.Fill"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(
        NormalKey key, ulong firstGroup, int groups, float scale, Span<float> cosine, Span<float> sine, int stride, int pairStride)
    {
        // The last index written; beyond it no bounds are checked.
        int last = ((groups - 1) * stride) + pairStride + 15;
        if (groups < 1 || last >= cosine.Length || last >= sine.Length)
        {
            throw new ArgumentException($"{groups} groups do not fit {cosine.Length} and {sine.Length} normals.");
        }

        Span<Keys> keys = stackalloc Keys[CounterRandom.Rounds];
        for (int round = 0; round < keys.Length; round++)
        {
            keys[round] = new Keys(
                Vector512.Create((ulong)(key.Key0 + ((uint)round * CounterRandom.WeylA))),
                Vector512.Create((ulong)(key.Key1 + ((uint)round * CounterRandom.WeylB))));
        }

        ref Keys firstKey = ref MemoryMarshal.GetReference(keys);
        ref float cosineAt = ref MemoryMarshal.GetReference(cosine);
        ref float sineAt = ref MemoryMarshal.GetReference(sine);
        Vector512<float> amplitude = Vector512.Create(scale);
        for (int g = 0; g < groups; g++)
        {
            ulong counter = (firstGroup + (ulong)g) * 16;
            nuint at = (nuint)(g * stride);
            Philox(ref firstKey, key, counter, out Vector512<uint> w0, out Vector512<uint> w1, out Vector512<uint> w2, out Vector512<uint> w3);
            Pair(w0, w1, amplitude, ref Unsafe.Add(ref cosineAt, at), ref Unsafe.Add(ref sineAt, at));
            at += (nuint)pairStride;
            Pair(w2, w3, amplitude, ref Unsafe.Add(ref cosineAt, at), ref Unsafe.Add(ref sineAt, at));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Philox(
        ref Keys keys, NormalKey key, ulong counter, out Vector512<uint> w0, out Vector512<uint> w1, out Vector512<uint> w2, out Vector512<uint> w3)
    {
        // Sixteen aligned counters share their high word.
        Vector512<ulong> even0 = Vector512.Create((ulong)(uint)counter) + Vector512.Create(0ul, 2, 4, 6, 8, 10, 12, 14);
        Vector512<ulong> odd0 = even0 + Vector512<ulong>.One;
        Vector512<ulong> even1 = Vector512.Create(counter >> 32), even2 = Vector512.Create((ulong)key.Counter2), even3 = Vector512.Create((ulong)key.Counter3);
        Vector512<ulong> odd1 = even1, odd2 = even2, odd3 = even3;
        Vector512<uint> a = Vector512.Create((ulong)CounterRandom.MultiplierA).AsUInt32(), b = Vector512.Create((ulong)CounterRandom.MultiplierB).AsUInt32();
        // Written out: a loop would spend a third of its instructions on moving the words round.
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 0));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 0));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 1));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 1));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 2));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 2));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 3));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 3));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 4));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 4));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 5));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 5));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 6));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 6));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 7));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 7));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 8));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 8));
        Round(ref even0, ref even1, ref even2, ref even3, a, b, Unsafe.Add(ref keys, 9));
        Round(ref odd0, ref odd1, ref odd2, ref odd3, a, b, Unsafe.Add(ref keys, 9));

        w0 = Merge(even0, odd0);
        w1 = Merge(even1, odd1);
        w2 = Merge(even2, odd2);
        w3 = Merge(even3, odd3);
    }

    /// <summary>One round on the low halves of 64-bit lanes; the high halves are of no account.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector512<ulong> c0, ref Vector512<ulong> c1, ref Vector512<ulong> c2, ref Vector512<ulong> c3, Vector512<uint> a, Vector512<uint> b, in Keys k)
    {
        Vector512<ulong> productA = Avx512F.Multiply(c0.AsUInt32(), a), productB = Avx512F.Multiply(c2.AsUInt32(), b);
        c0 = (productB >> 32) ^ c1 ^ k.First;
        c1 = productB;
        c2 = (productA >> 32) ^ c3 ^ k.Second;
        c3 = productA;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Merge(Vector512<ulong> even, Vector512<ulong> odd) =>
        Vector512.ConditionalSelect(Vector512.Create(0xFFFFFFFFul), even, odd << 32).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(Vector512<uint> radiusWord, Vector512<uint> angleWord, Vector512<float> scale, ref float cosine, ref float sine)
    {
        Vector512<float> u = (Vector512.ConvertToSingle((radiusWord >> 1).AsInt32()) + Vector512.Create(0.5f)) * TwoToMinus31;
        Vector512<int> exponent = (u.AsInt32() - Vector512.Create(RootHalfBits)) >> 23;
        Vector512<float> f = (u.AsInt32() - (exponent << 23)).AsSingle() - Vector512<float>.One;
        Vector512<float> q = Vector512.FusedMultiplyAdd(Vector512.Create(L6), f, Vector512.Create(L5));
        q = Vector512.FusedMultiplyAdd(q, f, Vector512.Create(L4));
        q = Vector512.FusedMultiplyAdd(q, f, Vector512.Create(L3));
        q = Vector512.FusedMultiplyAdd(q, f, Vector512.Create(L2));
        q = Vector512.FusedMultiplyAdd(q, f, Vector512.Create(L1));
        q = Vector512.FusedMultiplyAdd(q, f, Vector512.Create(L0));
        q = Vector512.FusedMultiplyAdd(q, f, Vector512<float>.One);
        Vector512<float> square = Vector512.FusedMultiplyAdd(
            Vector512.ConvertToSingle(exponent), Vector512.Create(MinusTwoLn2), Vector512.FusedMultiplyAdd(f * f, q, -(f + f)));
        Vector512<float> radius = Vector512.Sqrt(square) * scale;
        radius = (radius.AsUInt32() ^ (angleWord & Vector512.Create(0x80000000u))).AsSingle();
        Vector512<float> x = Vector512.ConvertToSingle((angleWord << 2).AsInt32()) * TwoToMinus31;
        Vector512<float> x2 = x * x;
        Vector512<float> s = Vector512.FusedMultiplyAdd(Vector512.Create(S3), x2, Vector512.Create(S2));
        s = x * Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(s, x2, Vector512.Create(S1)), x2, Vector512.Create(S0));
        Vector512<float> c = Vector512.FusedMultiplyAdd(Vector512.Create(C3), x2, Vector512.Create(C2));
        c = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(c, x2, Vector512.Create(C1)), x2, Vector512.Create(C0));

        // Bit 30, moved to the sign and spread, swaps the branches.
        Vector512<float> swap = ((angleWord << 1).AsInt32() >> 31).AsSingle();
        (radius * Vector512.ConditionalSelect(swap, s, c)).StoreUnsafe(ref cosine);
        (radius * Vector512.ConditionalSelect(swap, c, s)).StoreUnsafe(ref sine);
    }

    private readonly record struct Keys(Vector512<ulong> First, Vector512<ulong> Second);
}
