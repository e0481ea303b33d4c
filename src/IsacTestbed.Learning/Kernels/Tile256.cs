using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IsacTestbed.Learning.Kernels;

/// <summary>The inner tile of a matrix product on 256-bit vectors: 12 accumulators, two column vectors and one broadcast of the 16
/// registers.</summary>
/// <remarks>Written out because the accumulators must be locals to stay in registers.</remarks>
internal static unsafe class Tile256
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a tile.</summary>
    public const int Columns = 16;

    /// <summary>c = start + a b over one tile; each element is one chain of fused multiply-adds in the order of the inner index.</summary>
    /// <param name="inner">Inner dimension, may be 0.</param>
    /// <param name="a">Packed rows: inner x Rows.</param>
    /// <param name="b">Packed columns: inner x Columns.</param>
    /// <param name="start">Where the chains start from; rows <paramref name="startStride"/> apart, 0 to use one row for all.</param>
    /// <param name="c">Receives the tile; rows <paramref name="stride"/> apart. May be <paramref name="start"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int inner, float* a, float* b, float* start, int startStride, float* c, int stride)
    {
        Vector256<float> c0a = Vector256.Load(start), c0b = Vector256.Load(start + 8);
        start += startStride;
        Vector256<float> c1a = Vector256.Load(start), c1b = Vector256.Load(start + 8);
        start += startStride;
        Vector256<float> c2a = Vector256.Load(start), c2b = Vector256.Load(start + 8);
        start += startStride;
        Vector256<float> c3a = Vector256.Load(start), c3b = Vector256.Load(start + 8);
        start += startStride;
        Vector256<float> c4a = Vector256.Load(start), c4b = Vector256.Load(start + 8);
        start += startStride;
        Vector256<float> c5a = Vector256.Load(start), c5b = Vector256.Load(start + 8);
        for (; inner > 0; inner--)
        {
            Vector256<float> ba = Vector256.Load(b), bb = Vector256.Load(b + 8);
            Vector256<float> r0 = Vector256.Create(a[0]);
            c0a = Vector256.FusedMultiplyAdd(r0, ba, c0a);
            c0b = Vector256.FusedMultiplyAdd(r0, bb, c0b);
            Vector256<float> r1 = Vector256.Create(a[1]);
            c1a = Vector256.FusedMultiplyAdd(r1, ba, c1a);
            c1b = Vector256.FusedMultiplyAdd(r1, bb, c1b);
            Vector256<float> r2 = Vector256.Create(a[2]);
            c2a = Vector256.FusedMultiplyAdd(r2, ba, c2a);
            c2b = Vector256.FusedMultiplyAdd(r2, bb, c2b);
            Vector256<float> r3 = Vector256.Create(a[3]);
            c3a = Vector256.FusedMultiplyAdd(r3, ba, c3a);
            c3b = Vector256.FusedMultiplyAdd(r3, bb, c3b);
            Vector256<float> r4 = Vector256.Create(a[4]);
            c4a = Vector256.FusedMultiplyAdd(r4, ba, c4a);
            c4b = Vector256.FusedMultiplyAdd(r4, bb, c4b);
            Vector256<float> r5 = Vector256.Create(a[5]);
            c5a = Vector256.FusedMultiplyAdd(r5, ba, c5a);
            c5b = Vector256.FusedMultiplyAdd(r5, bb, c5b);
            a += Rows;
            b += Columns;
        }

        c0a.Store(c);
        c0b.Store(c + 8);
        c += stride;
        c1a.Store(c);
        c1b.Store(c + 8);
        c += stride;
        c2a.Store(c);
        c2b.Store(c + 8);
        c += stride;
        c3a.Store(c);
        c3b.Store(c + 8);
        c += stride;
        c4a.Store(c);
        c4b.Store(c + 8);
        c += stride;
        c5a.Store(c);
        c5b.Store(c + 8);
    }
}
