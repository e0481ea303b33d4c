using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IsacTestbed.Learning.Kernels;

/// <summary>The inner tile of a matrix product on 512-bit vectors: 28 accumulators, two column vectors and one broadcast fill the 32
/// registers.</summary>
/// <remarks>Written out because the accumulators must be locals to stay in registers.</remarks>
internal static unsafe class Tile512
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 14;

    /// <summary>Columns of a tile.</summary>
    public const int Columns = 32;

    /// <summary>c = start + a b over one tile; each element is one chain of fused multiply-adds in the order of the inner index.</summary>
    /// <param name="inner">Inner dimension, may be 0.</param>
    /// <param name="a">Packed rows: inner x Rows.</param>
    /// <param name="b">Packed columns: inner x Columns.</param>
    /// <param name="start">Where the chains start from; rows <paramref name="startStride"/> apart, 0 to use one row for all.</param>
    /// <param name="c">Receives the tile; rows <paramref name="stride"/> apart. May be <paramref name="start"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int inner, float* a, float* b, float* start, int startStride, float* c, int stride)
    {
        Vector512<float> c0a = Vector512.Load(start), c0b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c1a = Vector512.Load(start), c1b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c2a = Vector512.Load(start), c2b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c3a = Vector512.Load(start), c3b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c4a = Vector512.Load(start), c4b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c5a = Vector512.Load(start), c5b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c6a = Vector512.Load(start), c6b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c7a = Vector512.Load(start), c7b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c8a = Vector512.Load(start), c8b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c9a = Vector512.Load(start), c9b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c10a = Vector512.Load(start), c10b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c11a = Vector512.Load(start), c11b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c12a = Vector512.Load(start), c12b = Vector512.Load(start + 16);
        start += startStride;
        Vector512<float> c13a = Vector512.Load(start), c13b = Vector512.Load(start + 16);
        for (; inner > 0; inner--)
        {
            Vector512<float> ba = Vector512.Load(b), bb = Vector512.Load(b + 16);
            Vector512<float> r0 = Vector512.Create(a[0]);
            c0a = Vector512.FusedMultiplyAdd(r0, ba, c0a);
            c0b = Vector512.FusedMultiplyAdd(r0, bb, c0b);
            Vector512<float> r1 = Vector512.Create(a[1]);
            c1a = Vector512.FusedMultiplyAdd(r1, ba, c1a);
            c1b = Vector512.FusedMultiplyAdd(r1, bb, c1b);
            Vector512<float> r2 = Vector512.Create(a[2]);
            c2a = Vector512.FusedMultiplyAdd(r2, ba, c2a);
            c2b = Vector512.FusedMultiplyAdd(r2, bb, c2b);
            Vector512<float> r3 = Vector512.Create(a[3]);
            c3a = Vector512.FusedMultiplyAdd(r3, ba, c3a);
            c3b = Vector512.FusedMultiplyAdd(r3, bb, c3b);
            Vector512<float> r4 = Vector512.Create(a[4]);
            c4a = Vector512.FusedMultiplyAdd(r4, ba, c4a);
            c4b = Vector512.FusedMultiplyAdd(r4, bb, c4b);
            Vector512<float> r5 = Vector512.Create(a[5]);
            c5a = Vector512.FusedMultiplyAdd(r5, ba, c5a);
            c5b = Vector512.FusedMultiplyAdd(r5, bb, c5b);
            Vector512<float> r6 = Vector512.Create(a[6]);
            c6a = Vector512.FusedMultiplyAdd(r6, ba, c6a);
            c6b = Vector512.FusedMultiplyAdd(r6, bb, c6b);
            Vector512<float> r7 = Vector512.Create(a[7]);
            c7a = Vector512.FusedMultiplyAdd(r7, ba, c7a);
            c7b = Vector512.FusedMultiplyAdd(r7, bb, c7b);
            Vector512<float> r8 = Vector512.Create(a[8]);
            c8a = Vector512.FusedMultiplyAdd(r8, ba, c8a);
            c8b = Vector512.FusedMultiplyAdd(r8, bb, c8b);
            Vector512<float> r9 = Vector512.Create(a[9]);
            c9a = Vector512.FusedMultiplyAdd(r9, ba, c9a);
            c9b = Vector512.FusedMultiplyAdd(r9, bb, c9b);
            Vector512<float> r10 = Vector512.Create(a[10]);
            c10a = Vector512.FusedMultiplyAdd(r10, ba, c10a);
            c10b = Vector512.FusedMultiplyAdd(r10, bb, c10b);
            Vector512<float> r11 = Vector512.Create(a[11]);
            c11a = Vector512.FusedMultiplyAdd(r11, ba, c11a);
            c11b = Vector512.FusedMultiplyAdd(r11, bb, c11b);
            Vector512<float> r12 = Vector512.Create(a[12]);
            c12a = Vector512.FusedMultiplyAdd(r12, ba, c12a);
            c12b = Vector512.FusedMultiplyAdd(r12, bb, c12b);
            Vector512<float> r13 = Vector512.Create(a[13]);
            c13a = Vector512.FusedMultiplyAdd(r13, ba, c13a);
            c13b = Vector512.FusedMultiplyAdd(r13, bb, c13b);
            a += Rows;
            b += Columns;
        }

        c0a.Store(c);
        c0b.Store(c + 16);
        c += stride;
        c1a.Store(c);
        c1b.Store(c + 16);
        c += stride;
        c2a.Store(c);
        c2b.Store(c + 16);
        c += stride;
        c3a.Store(c);
        c3b.Store(c + 16);
        c += stride;
        c4a.Store(c);
        c4b.Store(c + 16);
        c += stride;
        c5a.Store(c);
        c5b.Store(c + 16);
        c += stride;
        c6a.Store(c);
        c6b.Store(c + 16);
        c += stride;
        c7a.Store(c);
        c7b.Store(c + 16);
        c += stride;
        c8a.Store(c);
        c8b.Store(c + 16);
        c += stride;
        c9a.Store(c);
        c9b.Store(c + 16);
        c += stride;
        c10a.Store(c);
        c10b.Store(c + 16);
        c += stride;
        c11a.Store(c);
        c11b.Store(c + 16);
        c += stride;
        c12a.Store(c);
        c12b.Store(c + 16);
        c += stride;
        c13a.Store(c);
        c13b.Store(c + 16);
    }
}
