namespace IsacTestbed.Dsp.Fourier;

/// <summary>The transform by its definition, in double: N^2 operations. The tests hold the plans to it.</summary>
internal static class FftReference
{
    public static void ForwardUnscaled(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm)
    {
        for (int k = 0; k < re.Length; k++)
        {
            double sumRe = 0, sumIm = 0;
            for (int n = 0; n < re.Length; n++)
            {
                (double sine, double cosine) = Math.SinCos(-2 * Math.PI * ((long)n * k % re.Length) / re.Length);
                sumRe += (re[n] * cosine) - (im[n] * sine);
                sumIm += (re[n] * sine) + (im[n] * cosine);
            }

            outRe[k] = (float)sumRe;
            outIm[k] = (float)sumIm;
        }
    }
}
