using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>How a butterfly's outputs are turned by its twiddle factors before they are stored.</summary>
internal unsafe interface ITwiddles
{
    /// <summary>Output k of one butterfly times its factor, stored.</summary>
    /// <param name="table">Factors of this butterfly: real parts.</param>
    /// <param name="imaginaryOffset">Floats from a real part to its imaginary part.</param>
    /// <param name="k">Position of the factor in the table.</param>
    static abstract void Store<TLanes>(TLanes re, TLanes im, float* table, nint imaginaryOffset, nint k, float* outRe, float* outIm)
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>The last pass: all factors are one.</summary>
internal readonly unsafe struct NoTwiddles : ITwiddles
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(TLanes re, TLanes im, float* table, nint imaginaryOffset, nint k, float* outRe, float* outIm)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        re.Store(outRe);
        im.Store(outIm);
    }
}

/// <summary>All lanes share the factor.</summary>
internal readonly unsafe struct SharedTwiddles : ITwiddles
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(TLanes re, TLanes im, float* table, nint imaginaryOffset, nint k, float* outRe, float* outIm)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes wr = TLanes.Broadcast(table[k]), wi = TLanes.Broadcast(table[k + imaginaryOffset]);
        TLanes.NegateMultiplyAdd(im, wi, re * wr).Store(outRe);
        TLanes.MultiplyAdd(im, wr, re * wi).Store(outIm);
    }
}

/// <summary>Each lane has its own factor; neighbours in the table.</summary>
internal readonly unsafe struct LaneTwiddles : ITwiddles
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(TLanes re, TLanes im, float* table, nint imaginaryOffset, nint k, float* outRe, float* outIm)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes wr = TLanes.Load(table + k), wi = TLanes.Load(table + k + imaginaryOffset);
        TLanes.NegateMultiplyAdd(im, wi, re * wr).Store(outRe);
        TLanes.MultiplyAdd(im, wr, re * wi).Store(outIm);
    }
}
