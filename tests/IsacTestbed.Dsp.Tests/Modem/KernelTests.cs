using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class KernelTests
{
    public static TheoryData<int> Lengths() => [0, 1, 3, 7, 8, 15, 16, 17, 31, 63, 64, 129, 2049];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Dot_AwkwardLength_EqualsScalar(int length)
    {
        (float[] h, float[] x, float[] y) = (Normal(1, length), Normal(2, length), Normal(3, length));
        (float re, float im) = FilterKernels.Dot(h, x, y);
        (float plainRe, float plainIm) = FilterKernels.DotScalar(h, x, y);
        // Two orders of summing n unit products differ by a few roundings of sums of size sqrt(n).
        double tolerance = 1e-6 * (length + 1);
        Assert.Equal(plainRe, re, tolerance);
        Assert.Equal(plainIm, im, tolerance);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Accumulate_AwkwardLength_EqualsScalar(int length)
    {
        (float[] h, float[] x, float[] y) = (Normal(1, length), Normal(2, length), Normal(3, length));
        (float[] plainX, float[] plainY) = ([.. x], [.. y]);
        FilterKernels.Accumulate(h, 0.7f, -1.3f, x, y);
        FilterKernels.AccumulateScalar(h, 0.7f, -1.3f, plainX, plainY);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(plainX[i], x[i], 1e-6);
            Assert.Equal(plainY[i], y[i], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Correlate_AwkwardLength_EqualsScalar(int outputs)
    {
        const int Taps = 61;
        (float[] tRe, float[] tIm) = (Normal(1, Taps), Normal(2, Taps));
        (float[] x, float[] y) = (Normal(3, outputs + Taps - 1), Normal(4, outputs + Taps - 1));
        float[] re = new float[outputs], im = new float[outputs], plainRe = new float[outputs], plainIm = new float[outputs];
        FilterKernels.Correlate(tRe, tIm, x, y, re, im);
        FilterKernels.CorrelateScalar(tRe, tIm, x, y, plainRe, plainIm);
        for (int i = 0; i < outputs; i++)
        {
            Assert.Equal(plainRe[i], re[i], 1e-4);
            Assert.Equal(plainIm[i], im[i], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Rotate_FarIntoTheStream_KeepsThePhase(int length)
    {
        // Against double precision at indexes where a float phase would have lost everything.
        const long First = 1_000_000_007;
        const double Cycles = 1.2345e-3;
        (float[] x, float[] y) = (Normal(3, length), Normal(4, length));
        float[] re = new float[length], im = new float[length];
        new Rotator().Rotate(x, y, First, Cycles, re, im);
        for (int i = 0; i < length; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * Math.IEEERemainder(Cycles * (First + i), 1));
            Assert.Equal((x[i] * cos) - (y[i] * sin), re[i], 3e-6);
            Assert.Equal((x[i] * sin) + (y[i] * cos), im[i], 3e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void DivideByGain_AwkwardLength_EqualsScalar(int length)
    {
        (float[] x, float[] y, float[] re, float[] im) = (Normal(1, length), Normal(2, length), Normal(3, length), Normal(4, length));
        (float[] plainRe, float[] plainIm, float[] snr, float[] plainSnr) = ([.. re], [.. im], new float[length], new float[length]);
        FilterKernels.DivideByGain(x, y, 3, re, im, snr);
        FilterKernels.DivideByGainScalar(x, y, 3, plainRe, plainIm, plainSnr);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(plainRe[i], re[i], 1e-5 * (1 + Math.Abs(plainRe[i])));
            Assert.Equal(plainIm[i], im[i], 1e-5 * (1 + Math.Abs(plainIm[i])));
            Assert.Equal(plainSnr[i], snr[i], 1e-5 * (1 + plainSnr[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Quantise_AwkwardLength_EqualsScalar(int length)
    {
        float[] ratios = Normal(1, length);
        sbyte[] soft = new sbyte[length], plain = new sbyte[length];
        SoftQuantiser.Quantise(ratios, soft);
        SoftQuantiser.QuantiseScalar(ratios, SoftQuantiser.ScaleFor(ratios), plain);
        Assert.Equal(plain, soft);
    }

    private static float[] Normal(uint part, int count)
    {
        var random = new CounterRandom(77, RandomPurpose.Test, part);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.NormalPairAt((ulong)i).First)];
    }
}
