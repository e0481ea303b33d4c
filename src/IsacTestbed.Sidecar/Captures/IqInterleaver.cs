using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IsacTestbed.Sidecar.Captures;

/// <summary>Turns split-complex samples into interleaved ones: I then Q of each sample.</summary>
/// <remarks>A pure permutation of 32-bit words: every tier gives the same bits, NaN payloads included. Thread safe.</remarks>
internal static class IqInterleaver
{
    /// <summary>Interleaves with the widest instructions that the machine has.</summary>
    /// <param name="real">In-phase samples, n of them.</param>
    /// <param name="imaginary">Quadrature samples, n of them.</param>
    /// <param name="destination">Receives 2 n floats; overlaps neither source.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Interleave(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<float> destination)
    {
        if (real.Length != imaginary.Length || destination.Length != 2 * real.Length)
        {
            throw new ArgumentException($"{real.Length} real and {imaginary.Length} imaginary samples do not fill {destination.Length} floats.");
        }

        int done = 0;
        if (Avx512F.IsSupported)
        {
            done = InterleaveAvx512(real, imaginary, destination);
        }
        else if (Avx.IsSupported)
        {
            done = InterleaveAvx(real, imaginary, destination);
        }

        InterleaveScalar(real[done..], imaginary[done..], destination[(2 * done)..]);
    }

    /// <summary>The reference: one sample at a time.</summary>
    internal static void InterleaveScalar(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<float> destination)
    {
        for (int i = 0; i < real.Length; i++)
        {
            destination[2 * i] = real[i];
            destination[(2 * i) + 1] = imaginary[i];
        }
    }

    /// <summary>Sixteen samples at a time; answers how many samples were done, a multiple of 16.</summary>
    internal static int InterleaveAvx512(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<float> destination)
    {
        Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<int> high = Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        ref float re = ref MemoryMarshal.GetReference(real);
        ref float im = ref MemoryMarshal.GetReference(imaginary);
        ref float to = ref MemoryMarshal.GetReference(destination);
        int count = real.Length & ~15;
        for (int i = 0; i < count; i += 16)
        {
            Vector512<float> a = Vector512.LoadUnsafe(ref re, (nuint)i);
            Vector512<float> b = Vector512.LoadUnsafe(ref im, (nuint)i);
            Avx512F.PermuteVar16x32x2(a, low, b).StoreUnsafe(ref to, (nuint)(2 * i));
            Avx512F.PermuteVar16x32x2(a, high, b).StoreUnsafe(ref to, (nuint)((2 * i) + 16));
        }

        return count;
    }

    /// <summary>Eight samples at a time; answers how many samples were done, a multiple of 8.</summary>
    internal static int InterleaveAvx(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<float> destination)
    {
        ref float re = ref MemoryMarshal.GetReference(real);
        ref float im = ref MemoryMarshal.GetReference(imaginary);
        ref float to = ref MemoryMarshal.GetReference(destination);
        int count = real.Length & ~7;
        for (int i = 0; i < count; i += 8)
        {
            Vector256<float> a = Vector256.LoadUnsafe(ref re, (nuint)i);
            Vector256<float> b = Vector256.LoadUnsafe(ref im, (nuint)i);

            // Unpacking works within each half of 128 bits; the permutation puts the halves in order.
            Vector256<float> low = Avx.UnpackLow(a, b);
            Vector256<float> high = Avx.UnpackHigh(a, b);
            Avx.Permute2x128(low, high, 0x20).StoreUnsafe(ref to, (nuint)(2 * i));
            Avx.Permute2x128(low, high, 0x31).StoreUnsafe(ref to, (nuint)((2 * i) + 8));
        }

        return count;
    }
}
