using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IsacTestbed.Learning.Kernels;

/// <summary>Copies of matrix panels in the order in which a tile reads them, padded with zeros to whole tiles.</summary>
internal static unsafe class Packing
{
    /// <summary>Lays out vectors that lie side by side: destination[p * tile + i] = source[p * stride + i].</summary>
    /// <param name="count">Vectors present; the rest of the tile becomes zero.</param>
    /// <param name="tile">Vectors of a tile.</param>
    /// <param name="inner">Length of each vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SideBySide(float* source, int stride, int count, int tile, int inner, float* destination)
    {
        for (int p = 0; p < inner; p++, source += stride, destination += tile)
        {
            var row = new Span<float>(destination, tile);
            new ReadOnlySpan<float>(source, count).CopyTo(row);
            row[count..].Clear();
        }
    }

    /// <summary>Lays out vectors that lie one after another: destination[p * tile + i] = source[i * stride + p].</summary>
    /// <inheritdoc cref="SideBySide"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneAfterAnother(float* source, int stride, int count, int tile, int inner, float* destination)
    {
        int done = 0;
        for (; done + 4 <= count; done += 4)
        {
            FourVectors(source + (done * (long)stride), stride, inner, destination + done, tile);
        }

        for (; done < tile; done++)
        {
            float* vector = source + (done * (long)stride);
            for (int p = 0; p < inner; p++)
            {
                destination[(p * tile) + done] = done < count ? vector[p] : 0;
            }
        }
    }

    private static void FourVectors(float* source, int stride, int inner, float* destination, int tile)
    {
        float* s0 = source, s1 = s0 + stride, s2 = s1 + stride, s3 = s2 + stride;
        int p = 0;
        for (; p + 4 <= inner; p += 4)
        {
            // A 4 x 4 transposition: pairs of rows are interleaved by halves, twice.
            Vector128<float> r0 = Vector128.Load(s0 + p), r1 = Vector128.Load(s1 + p);
            Vector128<float> r2 = Vector128.Load(s2 + p), r3 = Vector128.Load(s3 + p);
            Vector128<float> t0 = InterleaveLower(r0, r2), t1 = InterleaveUpper(r0, r2);
            Vector128<float> t2 = InterleaveLower(r1, r3), t3 = InterleaveUpper(r1, r3);
            InterleaveLower(t0, t2).Store(destination);
            InterleaveUpper(t0, t2).Store(destination + tile);
            InterleaveLower(t1, t3).Store(destination + (2 * tile));
            InterleaveUpper(t1, t3).Store(destination + (3 * tile));
            destination += 4 * tile;
        }

        for (; p < inner; p++, destination += tile)
        {
            destination[0] = s0[p];
            destination[1] = s1[p];
            destination[2] = s2[p];
            destination[3] = s3[p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLower(Vector128<float> x, Vector128<float> y) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(x, y)
            : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveUpper(Vector128<float> x, Vector128<float> y) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(x, y)
            : Vector128.Create(x[2], y[2], x[3], y[3]);
}
