using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Between split and interleaved complex floats. Element by element: every vector width gives the same bits.</summary>
internal static class SampleInterleaving
{
    /// <summary>I, Q, I, Q, ... from split parts.</summary>
    /// <param name="real">The real parts.</param>
    /// <param name="imaginary">As many imaginary parts.</param>
    /// <param name="destination">Twice as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interleave(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<float> destination)
    {
        int n = real.Length, i = 0;
        imaginary = imaginary[..n];
        destination = destination[..(2 * n)];
        if (Avx.IsSupported)
        {
            ref float re = ref MemoryMarshal.GetReference(real), im = ref MemoryMarshal.GetReference(imaginary);
            ref float to = ref MemoryMarshal.GetReference(destination);
            for (; i <= n - 8; i += 8)
            {
                Vector256<float> a = Vector256.LoadUnsafe(ref re, (nuint)i), b = Vector256.LoadUnsafe(ref im, (nuint)i);
                Vector256<float> low = Avx.UnpackLow(a, b), high = Avx.UnpackHigh(a, b);
                Avx.Permute2x128(low, high, 0x20).StoreUnsafe(ref to, (nuint)(2 * i));
                Avx.Permute2x128(low, high, 0x31).StoreUnsafe(ref to, (nuint)((2 * i) + 8));
            }
        }

        for (; i < n; i++)
        {
            destination[2 * i] = real[i];
            destination[(2 * i) + 1] = imaginary[i];
        }
    }

    /// <summary>Split parts from I, Q, I, Q, ..., held within +/- 1, NaN taken for zero, and scaled.</summary>
    /// <param name="source">Twice as many values.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="real">Receives the real parts.</param>
    /// <param name="imaginary">Receives as many imaginary parts.</param>
    /// <returns>Whether a value was not within +/- 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Split(ReadOnlySpan<float> source, float scale, Span<float> real, Span<float> imaginary)
    {
        int n = real.Length, i = 0;
        imaginary = imaginary[..n];
        source = source[..(2 * n)];
        bool exceeded = false;
        if (Avx2.IsSupported)
        {
            ref float re = ref MemoryMarshal.GetReference(real), im = ref MemoryMarshal.GetReference(imaginary);
            ref float from = ref MemoryMarshal.GetReference(source);
            Vector256<float> one = Vector256.Create(1f), minusOne = Vector256.Create(-1f), factor = Vector256.Create(scale);
            Vector256<float> within = Vector256<float>.AllBitsSet;
            for (; i <= n - 8; i += 8)
            {
                Vector256<float> a = Vector256.LoadUnsafe(ref from, (nuint)(2 * i)), b = Vector256.LoadUnsafe(ref from, (nuint)((2 * i) + 8));
                within &= Vector256.LessThanOrEqual(Vector256.Abs(a), one) & Vector256.LessThanOrEqual(Vector256.Abs(b), one);

                // Where the first operand is no number, max takes the second: it is cleared before.
                a = Avx.Min(Avx.Max(a & Vector256.Equals(a, a), minusOne), one) * factor;
                b = Avx.Min(Avx.Max(b & Vector256.Equals(b, b), minusOne), one) * factor;
                Vector256<float> r = Avx.Shuffle(a, b, 0b10_00_10_00), q = Avx.Shuffle(a, b, 0b11_01_11_01);
                Avx2.Permute4x64(r.AsDouble(), 0b11_01_10_00).AsSingle().StoreUnsafe(ref re, (nuint)i);
                Avx2.Permute4x64(q.AsDouble(), 0b11_01_10_00).AsSingle().StoreUnsafe(ref im, (nuint)i);
            }

            exceeded = !Vector256.EqualsAll(within.AsInt32(), Vector256<int>.AllBitsSet);
        }

        for (; i < n; i++)
        {
            real[i] = Held(source[2 * i], ref exceeded) * scale;
            imaginary[i] = Held(source[(2 * i) + 1], ref exceeded) * scale;
        }

        return exceeded;
    }

    private static float Held(float value, ref bool exceeded)
    {
        exceeded |= !(MathF.Abs(value) <= 1);
        return float.IsNaN(value) ? 0 : Math.Clamp(value, -1, 1);
    }
}
