namespace IsacTestbed.Dsp.Fourier;

/// <summary>Where a pass reads or writes: two pinned runs of floats.</summary>
internal readonly unsafe struct FftBuffer(float* re, float* im)
{
    public readonly float* Re = re;
    public readonly float* Im = im;
}
