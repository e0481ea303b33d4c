using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Tests.Kernels;

public class SplitComplexTests
{
    public static TheoryData<int> Lengths => [0, 1, 3, 7, 8, 15, 16, 17, 31, 129, 2049];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void ElementKernels_AwkwardLengths_AgreeWithReference(int length)
    {
        (float[] aRe, float[] aIm) = TestSignals.Noise(length, 80);
        (float[] bRe, float[] bIm) = TestSignals.Noise(length, 81);
        float[] re = new float[length], im = new float[length], expectedRe = new float[length], expectedIm = new float[length];
        SplitComplex.Multiply(aRe, aIm, bRe, bIm, re, im);
        SplitComplexReference.Multiply(aRe, aIm, bRe, bIm, expectedRe, expectedIm);
        AssertClose(expectedRe, expectedIm, re, im);
        SplitComplex.MultiplyConjugate(aRe, aIm, bRe, bIm, re, im);
        SplitComplexReference.MultiplyConjugate(aRe, aIm, bRe, bIm, expectedRe, expectedIm);
        AssertClose(expectedRe, expectedIm, re, im);
        SplitComplex.AddTurned(aRe, aIm, 0.6f, -1.7f, re, im);
        SplitComplexReference.AddTurned(aRe, aIm, 0.6f, -1.7f, expectedRe, expectedIm);
        AssertClose(expectedRe, expectedIm, re, im);
        SplitComplex.Power(aRe, aIm, re);
        SplitComplexReference.Power(aRe, aIm, expectedRe);
        AssertClose(expectedRe, expectedRe, re, re);
        SplitComplex.Scale(aRe, aIm, 2, aRe, aIm);
        SplitComplex.Power(aRe, aIm, im);
        Assert.Equal([.. re.Select(p => 4 * p)], im);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(129)]
    [InlineData(256)]
    public void Fft_AwkwardLengths_AgreesWithReference(int length)
    {
        (float[] re, float[] im) = TestSignals.Noise(length, 82);
        float[] expectedRe = new float[length], expectedIm = new float[length];
        FftReference.ForwardUnscaled(re, im, expectedRe, expectedIm);
        FftPlan plan = new(length);
        plan.ForwardUnscaled(re, im, new float[plan.ScratchLength], re, im);
        Assert.InRange(TestSignals.RelativeError(TestSignals.ToComplex(expectedRe, expectedIm), re, im), 0, 1e-6);
    }

    [Fact]
    public void ElementKernels_WrongLengthsOrOverlaps_AreRefused()
    {
        float[] memory = new float[64], other = new float[8];
        Assert.Throws<ArgumentException>(() => SplitComplex.Multiply(other, other.AsSpan(1), other, other, new float[8], new float[8]));
        Assert.Throws<ArgumentException>(() => SplitComplex.Scale(memory.AsSpan(0, 8), other, 1, memory.AsSpan(4, 8), new float[8]));
        Assert.Throws<ArgumentException>(() => SplitComplex.AddTurned(memory.AsSpan(0, 8), other, 1, 0, memory.AsSpan(0, 8), new float[8]));
        Assert.Throws<ArgumentException>(() => SplitComplex.Power(other, other, new float[7]));
    }

    private static void AssertClose(float[] expectedRe, float[] expectedIm, float[] re, float[] im)
    {
        // One rounding per operation, three operations.
        for (int i = 0; i < re.Length; i++)
        {
            double scale = 3e-7 * (4 + Math.Abs(expectedRe[i]) + Math.Abs(expectedIm[i]));
            Assert.Equal(expectedRe[i], re[i], scale);
            Assert.Equal(expectedIm[i], im[i], scale);
        }
    }
}
