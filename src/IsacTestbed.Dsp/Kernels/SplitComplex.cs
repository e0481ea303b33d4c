namespace IsacTestbed.Dsp.Kernels;

/// <summary>Element-wise arithmetic on split-complex spans.</summary>
/// <remarks>
/// An output may be the same memory as the first input's same part; otherwise it overlaps nothing. The same bits on every instruction tier.
/// No allocation; thread safe.
/// </remarks>
public static unsafe class SplitComplex
{
    /// <summary>y = a b, element by element.</summary>
    /// <param name="aRe">First factor, n floats.</param>
    /// <param name="aIm">First factor, n floats.</param>
    /// <param name="bRe">Second factor, n floats.</param>
    /// <param name="bIm">Second factor, n floats.</param>
    /// <param name="outRe">Product, n floats.</param>
    /// <param name="outIm">Product, n floats.</param>
    /// <exception cref="ArgumentException">Lengths differ or an output overlaps wrongly.</exception>
    public static void Multiply(
        ReadOnlySpan<float> aRe, ReadOnlySpan<float> aIm, ReadOnlySpan<float> bRe, ReadOnlySpan<float> bIm, Span<float> outRe,
        Span<float> outIm)
    {
        Check(aRe, aIm, bRe, bIm, outRe, outIm);
        fixed (float* ar = aRe, ai = aIm, br = bRe, bi = bIm, yr = outRe, yi = outIm)
        {
            LaneLoop.Run(new MultiplyKernel(ar, ai, br, bi, yr, yi), aRe.Length);
        }
    }

    /// <summary>y = a conj(b), element by element.</summary>
    /// <inheritdoc cref="Multiply" path="/param"/>
    /// <inheritdoc cref="Multiply" path="/exception"/>
    public static void MultiplyConjugate(
        ReadOnlySpan<float> aRe, ReadOnlySpan<float> aIm, ReadOnlySpan<float> bRe, ReadOnlySpan<float> bIm, Span<float> outRe,
        Span<float> outIm)
    {
        Check(aRe, aIm, bRe, bIm, outRe, outIm);
        fixed (float* ar = aRe, ai = aIm, br = bRe, bi = bIm, yr = outRe, yi = outIm)
        {
            LaneLoop.Run(new MultiplyConjugateKernel(ar, ai, br, bi, yr, yi), aRe.Length);
        }
    }

    /// <summary>y = factor x.</summary>
    /// <param name="re">x, n floats.</param>
    /// <param name="im">x, n floats.</param>
    /// <param name="factor">Real factor.</param>
    /// <param name="outRe">y, n floats.</param>
    /// <param name="outIm">y, n floats.</param>
    /// <exception cref="ArgumentException">Lengths differ or an output overlaps wrongly.</exception>
    public static void Scale(ReadOnlySpan<float> re, ReadOnlySpan<float> im, float factor, Span<float> outRe, Span<float> outIm)
    {
        Check(re, im, outRe, outIm);
        fixed (float* xr = re, xi = im, yr = outRe, yi = outIm)
        {
            LaneLoop.Run(new ScaleKernel(xr, xi, factor, yr, yi), re.Length);
        }
    }

    /// <summary>y += x (factorRe + i factorIm).</summary>
    /// <param name="re">x, n floats.</param>
    /// <param name="im">x, n floats.</param>
    /// <param name="factorRe">Real part of the factor.</param>
    /// <param name="factorIm">Imaginary part of the factor.</param>
    /// <param name="sumRe">y, n floats, added to; overlaps no input.</param>
    /// <param name="sumIm">y, n floats, added to; overlaps no input.</param>
    /// <exception cref="ArgumentException">Lengths differ or an output overlaps an input.</exception>
    public static void AddTurned(
        ReadOnlySpan<float> re, ReadOnlySpan<float> im, float factorRe, float factorIm, Span<float> sumRe, Span<float> sumIm)
    {
        Check(re, im, sumRe, sumIm);
        SpanRules.Disjoint(re, sumRe, nameof(sumRe));
        SpanRules.Disjoint(im, sumIm, nameof(sumIm));
        fixed (float* xr = re, xi = im, yr = sumRe, yi = sumIm)
        {
            LaneLoop.Run(new AddTurnedKernel(xr, xi, factorRe, factorIm, yr, yi), re.Length);
        }
    }

    /// <summary>p = |x|^2.</summary>
    /// <param name="re">x, n floats.</param>
    /// <param name="im">x, n floats.</param>
    /// <param name="power">p, n floats.</param>
    /// <exception cref="ArgumentException">Lengths differ or the output overlaps an input in part.</exception>
    public static void Power(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> power)
    {
        SpanRules.Length(im, power, re.Length, nameof(power));
        SpanRules.SameOrDisjoint(re, power, nameof(power));
        SpanRules.SameOrDisjoint(im, power, nameof(power));
        fixed (float* xr = re, xi = im, p = power)
        {
            LaneLoop.Run(new PowerKernel(xr, xi, p), re.Length);
        }
    }

    /// <summary>sum |x|^2, accumulated in double.</summary>
    /// <param name="re">x, n floats.</param>
    /// <param name="im">x, n floats.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static double Energy(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        SpanRules.SameLength(re, im, nameof(im));
        double sum = 0;
        for (int i = 0; i < re.Length; i++)
        {
            sum += ((double)re[i] * re[i]) + ((double)im[i] * im[i]);
        }

        return sum;
    }

    /// <summary>h^H x = sum conj(h) x, accumulated in double.</summary>
    /// <param name="hRe">h, n floats.</param>
    /// <param name="hIm">h, n floats.</param>
    /// <param name="xRe">x, n floats.</param>
    /// <param name="xIm">x, n floats.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static (double Re, double Im) InnerProduct(
        ReadOnlySpan<float> hRe, ReadOnlySpan<float> hIm, ReadOnlySpan<float> xRe, ReadOnlySpan<float> xIm)
    {
        SpanRules.Length(hIm, xRe, hRe.Length, nameof(xRe));
        SpanRules.Length(xIm, xIm, hRe.Length, nameof(xIm));
        double sumRe = 0, sumIm = 0;
        for (int i = 0; i < hRe.Length; i++)
        {
            sumRe += ((double)hRe[i] * xRe[i]) + ((double)hIm[i] * xIm[i]);
            sumIm += ((double)hRe[i] * xIm[i]) - ((double)hIm[i] * xRe[i]);
        }

        return (sumRe, sumIm);
    }

    private static void Check(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> outRe, ReadOnlySpan<float> outIm)
    {
        SpanRules.SameLength(re, im, nameof(im));
        SpanRules.Length(outRe, outIm, re.Length, nameof(outRe));
        SpanRules.Transform(re, im, outRe, outIm, nameof(outRe));
    }

    private static void Check(
        ReadOnlySpan<float> aRe, ReadOnlySpan<float> aIm, ReadOnlySpan<float> bRe, ReadOnlySpan<float> bIm,
        ReadOnlySpan<float> outRe, ReadOnlySpan<float> outIm)
    {
        Check(aRe, aIm, outRe, outIm);
        SpanRules.Length(bRe, bIm, aRe.Length, nameof(bRe));
        SpanRules.Transform(bRe, bIm, outRe, outIm, nameof(outRe));
    }
}
