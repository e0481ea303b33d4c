using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IsacTestbed.Control.Sidecars;

/// <summary>Turns interleaved samples (I then Q of each) into split-complex ones.</summary>
/// <remarks>A pure permutation of 32-bit words: every tier gives the same bits, NaN payloads included. Thread safe.</remarks>
internal static class IqDeinterleaver
{
    /// <summary>Bytes of one CF32 sample.</summary>
    public const int BytesPerSample = 8;

    /// <summary>De-interleaves bytes that lie in any number of segments, cut anywhere.</summary>
    /// <param name="bytes">8 n bytes, little endian.</param>
    /// <param name="real">Receives n in-phase samples.</param>
    /// <param name="imaginary">Receives n quadrature samples.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Deinterleave(ReadOnlySequence<byte> bytes, Span<float> real, Span<float> imaginary)
    {
        if (real.Length != imaginary.Length || bytes.Length != (long)BytesPerSample * real.Length)
        {
            throw new ArgumentException($"{bytes.Length} bytes do not fill {real.Length} real and {imaginary.Length} imaginary samples.");
        }

        // A sample cut by the edge of a segment is put together here.
        Span<byte> cut = stackalloc byte[BytesPerSample];
        int held = 0;
        int done = 0;
        foreach (ReadOnlyMemory<byte> memory in bytes)
        {
            ReadOnlySpan<byte> segment = memory.Span;
            if (held > 0)
            {
                int taken = Math.Min(BytesPerSample - held, segment.Length);
                segment[..taken].CopyTo(cut[held..]);
                held += taken;
                segment = segment[taken..];
                if (held < BytesPerSample)
                {
                    continue;
                }

                Deinterleave(MemoryMarshal.Cast<byte, float>(cut), real.Slice(done, 1), imaginary.Slice(done, 1));
                done++;
                held = 0;
            }

            int whole = segment.Length / BytesPerSample;
            Deinterleave(
                MemoryMarshal.Cast<byte, float>(segment[..(whole * BytesPerSample)]), real.Slice(done, whole), imaginary.Slice(done, whole));
            done += whole;
            segment = segment[(whole * BytesPerSample)..];
            segment.CopyTo(cut);
            held = segment.Length;
        }
    }

    /// <summary>De-interleaves with the widest instructions that the machine has.</summary>
    /// <param name="source">2 n floats.</param>
    /// <param name="real">Receives n in-phase samples; does not overlap the source.</param>
    /// <param name="imaginary">Receives n quadrature samples; does not overlap the source.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Deinterleave(ReadOnlySpan<float> source, Span<float> real, Span<float> imaginary)
    {
        if (real.Length != imaginary.Length || source.Length != 2 * real.Length)
        {
            throw new ArgumentException($"{source.Length} floats do not fill {real.Length} real and {imaginary.Length} imaginary samples.");
        }

        int done = 0;
        if (Avx512F.IsSupported)
        {
            done = DeinterleaveAvx512(source, real, imaginary);
        }
        else if (Avx2.IsSupported)
        {
            done = DeinterleaveAvx2(source, real, imaginary);
        }

        DeinterleaveScalar(source[(2 * done)..], real[done..], imaginary[done..]);
    }

    /// <summary>The reference: one sample at a time.</summary>
    internal static void DeinterleaveScalar(ReadOnlySpan<float> source, Span<float> real, Span<float> imaginary)
    {
        for (int i = 0; i < real.Length; i++)
        {
            real[i] = source[2 * i];
            imaginary[i] = source[(2 * i) + 1];
        }
    }

    /// <summary>Sixteen samples at a time; answers how many samples were done, a multiple of 16.</summary>
    internal static int DeinterleaveAvx512(ReadOnlySpan<float> source, Span<float> real, Span<float> imaginary)
    {
        Vector512<int> even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        Vector512<int> odd = Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float re = ref MemoryMarshal.GetReference(real);
        ref float im = ref MemoryMarshal.GetReference(imaginary);
        int count = real.Length & ~15;
        for (int i = 0; i < count; i += 16)
        {
            Vector512<float> a = Vector512.LoadUnsafe(ref from, (nuint)(2 * i));
            Vector512<float> b = Vector512.LoadUnsafe(ref from, (nuint)((2 * i) + 16));
            Avx512F.PermuteVar16x32x2(a, even, b).StoreUnsafe(ref re, (nuint)i);
            Avx512F.PermuteVar16x32x2(a, odd, b).StoreUnsafe(ref im, (nuint)i);
        }

        return count;
    }

    /// <summary>Eight samples at a time; answers how many samples were done, a multiple of 8.</summary>
    internal static int DeinterleaveAvx2(ReadOnlySpan<float> source, Span<float> real, Span<float> imaginary)
    {
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float re = ref MemoryMarshal.GetReference(real);
        ref float im = ref MemoryMarshal.GetReference(imaginary);
        int count = real.Length & ~7;
        for (int i = 0; i < count; i += 8)
        {
            Vector256<float> a = Vector256.LoadUnsafe(ref from, (nuint)(2 * i));
            Vector256<float> b = Vector256.LoadUnsafe(ref from, (nuint)((2 * i) + 8));

            // Shuffling works within each half of 128 bits; the permutation of pairs puts the quarters in order.
            Vector256<float> even = Avx.Shuffle(a, b, 0b10_00_10_00);
            Vector256<float> odd = Avx.Shuffle(a, b, 0b11_01_11_01);
            Avx2.Permute4x64(even.AsDouble(), 0b11_01_10_00).AsSingle().StoreUnsafe(ref re, (nuint)i);
            Avx2.Permute4x64(odd.AsDouble(), 0b11_01_10_00).AsSingle().StoreUnsafe(ref im, (nuint)i);
        }

        return count;
    }
}
