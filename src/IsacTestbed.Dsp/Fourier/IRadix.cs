using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>A small forward DFT of fixed length on lanes: y_k = w_k sum_j x_j exp(-2 pi i j k / r), with twiddle factors w_k (w_0 =
/// 1).</summary>
internal unsafe interface IRadix
{
    /// <summary>Length r.</summary>
    static abstract int Size { get; }

    /// <summary>Loads r inputs <paramref name="inputStep"/> apart and stores r outputs <paramref name="outputStep"/> apart.</summary>
    /// <param name="table">Factor k at (k - 1) <paramref name="tableStep"/>.</param>
    /// <remarks>All inputs are read before the first output is written, so both may be the same places.</remarks>
    static abstract void Apply<TLanes, TTwiddles>(
        float* re, float* im, nint inputStep, float* table, nint tableStep, nint imaginaryOffset, float* outRe, float* outIm,
        nint outputStep)
        where TLanes : unmanaged, ILanes<TLanes>
        where TTwiddles : struct, ITwiddles;
}
