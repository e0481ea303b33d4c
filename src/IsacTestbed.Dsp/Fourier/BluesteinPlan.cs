using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Fourier;

/// <summary>A transform of any length as a circular convolution with a chirp, of power-of-two length.</summary>
/// <remarks>
/// n k = (n^2 + k^2 - (k - n)^2) / 2, so X(k) = c(k) sum_n (x(n) c(n)) conj(c(k - n)) with c(n) = exp(-i pi n^2 / N). n^2 is reduced modulo
/// 2 N in integers, so the chirp is exact however long.
/// </remarks>
internal sealed unsafe class BluesteinPlan
{
    private readonly int _length;
    private readonly FftPlan _inner;
    private readonly float[] _chirpRe;
    private readonly float[] _chirpIm;
    private readonly float[] _kernelRe;
    private readonly float[] _kernelIm;

    public BluesteinPlan(int length)
    {
        _length = length;
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1));
        _inner = new FftPlan(size);
        ScratchLength = _inner.ScratchLength + (2 * size);
        _chirpRe = new float[length];
        _chirpIm = new float[length];
        _kernelRe = new float[size];
        _kernelIm = new float[size];
        for (int n = 0; n < length; n++)
        {
            (double sine, double cosine) = Math.SinCos(-Math.PI * ((long)n * n % (2L * length)) / length);
            _chirpRe[n] = (float)cosine;
            _chirpIm[n] = (float)sine;
            int mirrored = (size - n) % size;
            // The convolution's kernel is conj(c), divided by its length so that the inner inverse needs no scaling.
            _kernelRe[n] = _kernelRe[mirrored] = (float)(cosine / size);
            _kernelIm[n] = _kernelIm[mirrored] = (float)(-sine / size);
        }

        float[] scratch = new float[_inner.ScratchLength];
        _inner.ForwardUnscaled(_kernelRe, _kernelIm, scratch, _kernelRe, _kernelIm);
    }

    public int ScratchLength { get; }

    public void Transform(FftBuffer input, float* scratch, FftBuffer output)
    {
        int size = _inner.Length;
        Span<float> re = new(scratch, size), im = new(scratch + size, size), inner = new(scratch + (2 * size), _inner.ScratchLength);
        SplitComplex.Multiply(
            new ReadOnlySpan<float>(input.Re, _length), new ReadOnlySpan<float>(input.Im, _length), _chirpRe, _chirpIm, re[.._length],
                im[.._length]);
        re[_length..].Clear();
        im[_length..].Clear();
        _inner.ForwardUnscaled(re, im, inner, re, im);
        SplitComplex.Multiply(re, im, _kernelRe, _kernelIm, re, im);
        _inner.InverseUnscaled(re, im, inner, re, im);
        SplitComplex.Multiply(
            re[.._length], im[.._length], _chirpRe, _chirpIm, new Span<float>(output.Re, _length), new Span<float>(output.Im, _length));
    }
}
