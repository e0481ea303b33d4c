namespace IsacTestbed.Dsp.Kernels;

/// <summary>What the vectorised kernels compute, element by element in double: the tests hold one to the other.</summary>
internal static class SplitComplexReference
{
    public static void Multiply(
        ReadOnlySpan<float> aRe, ReadOnlySpan<float> aIm, ReadOnlySpan<float> bRe, ReadOnlySpan<float> bIm, Span<float> outRe,
        Span<float> outIm)
    {
        for (int i = 0; i < aRe.Length; i++)
        {
            outRe[i] = (float)(((double)aRe[i] * bRe[i]) - ((double)aIm[i] * bIm[i]));
            outIm[i] = (float)(((double)aRe[i] * bIm[i]) + ((double)aIm[i] * bRe[i]));
        }
    }

    public static void MultiplyConjugate(
        ReadOnlySpan<float> aRe, ReadOnlySpan<float> aIm, ReadOnlySpan<float> bRe, ReadOnlySpan<float> bIm, Span<float> outRe,
        Span<float> outIm)
    {
        for (int i = 0; i < aRe.Length; i++)
        {
            outRe[i] = (float)(((double)aRe[i] * bRe[i]) + ((double)aIm[i] * bIm[i]));
            outIm[i] = (float)(((double)aIm[i] * bRe[i]) - ((double)aRe[i] * bIm[i]));
        }
    }

    public static void AddTurned(
        ReadOnlySpan<float> re, ReadOnlySpan<float> im, float factorRe, float factorIm, Span<float> sumRe, Span<float> sumIm)
    {
        for (int i = 0; i < re.Length; i++)
        {
            sumRe[i] = (float)(sumRe[i] + ((double)re[i] * factorRe) - ((double)im[i] * factorIm));
            sumIm[i] = (float)(sumIm[i] + ((double)re[i] * factorIm) + ((double)im[i] * factorRe));
        }
    }

    public static void Power(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> power)
    {
        for (int i = 0; i < re.Length; i++)
        {
            power[i] = (float)(((double)re[i] * re[i]) + ((double)im[i] * im[i]));
        }
    }
}
