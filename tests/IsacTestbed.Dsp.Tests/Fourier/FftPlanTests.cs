using System.Numerics;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;
using MathNet.Numerics.IntegralTransforms;
using Oracle = MathNet.Numerics.IntegralTransforms.Fourier;

namespace IsacTestbed.Dsp.Tests.Fourier;

public class FftPlanTests
{
    // Rounding errors of an FFT grow as sqrt(log2 N) eps / 2 or so: 2e-7 for 2^16 in float; the bound is the project's requirement.
    private const double Tolerance = 1e-6;

    public static TheoryData<int> Lengths =>
    [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 25, 27, 31, 32, 48, 60, 64, 80, 96, 100, 120, 127, 128, 129, 240, 256, 257, 360, 512, 768,
        1000,
        1024, 1280, 2047, 2048, 2049, 3000, 4096, 4097, 6000, 8192, 10007, 16384, 32768, 65536,
    ];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Forward_AnyLength_AgreesWithDoublePrecisionOracle(int length)
    {
        (float[] re, float[] im) = TestSignals.Noise(length, 1);
        Complex[] expected = TestSignals.ToComplex(re, im);
        Oracle.Forward(expected, FourierOptions.Matlab);
        FftPlan plan = new(length);
        float[] outRe = new float[length], outIm = new float[length];
        plan.ForwardUnscaled(re, im, new float[plan.ScratchLength], outRe, outIm);
        Assert.InRange(TestSignals.RelativeError(expected, outRe, outIm), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void InverseScaledByLength_InPlace_UndoesForward(int length)
    {
        (float[] re, float[] im) = TestSignals.Noise(length, 2);
        Complex[] original = TestSignals.ToComplex(re, im);
        FftPlan plan = new(length);
        float[] scratch = new float[plan.ScratchLength];
        plan.ForwardUnscaled(re, im, scratch, re, im);
        plan.InverseScaledByLength(re, im, scratch, re, im);
        Assert.InRange(TestSignals.RelativeError(original, re, im), 0, Tolerance);
    }

    [Theory]
    [InlineData(65536)]
    [InlineData(16384)]
    public void Forward_LongPowerOfTwo_StaysFarBelowCoherentGain(int length)
    {
        (float[] re, float[] im) = TestSignals.Noise(length, 3);
        Complex[] expected = TestSignals.ToComplex(re, im);
        Oracle.Forward(expected, FourierOptions.Matlab);
        FftPlan plan = new(length);
        plan.ForwardUnscaled(re, im, new float[plan.ScratchLength], re, im);
        // -125 dB, against -76 dB of a float FFT whose factors are computed by recursion.
        Assert.InRange(TestSignals.RelativeError(expected, re, im), 0, 5.6e-7);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Forward_InPlaceAndOutOfPlace_SameBits(int length)
    {
        (float[] re, float[] im) = TestSignals.Noise(length, 4);
        FftPlan plan = new(length);
        float[] scratch = new float[plan.ScratchLength], outRe = new float[length], outIm = new float[length];
        float[] keptRe = [.. re], keptIm = [.. im];
        plan.ForwardUnscaled(re, im, scratch, outRe, outIm);
        Assert.Equal(keptRe, re);
        Assert.Equal(keptIm, im);
        plan.ForwardUnscaled(re, im, scratch, re, im);
        Assert.Equal(outRe, re);
        Assert.Equal(outIm, im);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(129)]
    [InlineData(2048)]
    public void Forward_ParsevalsTheorem_EnergyIsLengthTimesEnergy(int length)
    {
        (float[] re, float[] im) = TestSignals.Noise(length, 5);
        double before = SplitComplex.Energy(re, im);
        FftPlan plan = new(length);
        plan.ForwardUnscaled(re, im, new float[plan.ScratchLength], re, im);
        Assert.Equal(1, SplitComplex.Energy(re, im) / (length * before), 1e-6);
    }

    [Theory]
    [InlineData(60, 13)]
    [InlineData(2048, 2047)]
    [InlineData(101, 50)]
    public void Forward_ImpulseAtDelay_IsAPhasorOfThatSlope(int length, int delay)
    {
        float[] re = new float[length], im = new float[length];
        re[delay] = 1;
        FftPlan plan = new(length);
        plan.ForwardUnscaled(re, im, new float[plan.ScratchLength], re, im);
        Complex[] expected = [.. Enumerable.Range(0, length).Select(k => Complex.FromPolarCoordinates(1,
            -2 * Math.PI * ((long)k * delay % length) / length))];
        Assert.InRange(TestSignals.RelativeError(expected, re, im), 0, Tolerance);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(1000)]
    [InlineData(127)]
    public void Forward_ShiftedInput_TurnsEachBinByItsFrequency(int length)
    {
        const int Shift = 5;
        (float[] re, float[] im) = TestSignals.Noise(length, 6);
        float[] shiftedRe = new float[length], shiftedIm = new float[length];
        for (int n = 0; n < length; n++)
        {
            shiftedRe[(n + Shift) % length] = re[n];
            shiftedIm[(n + Shift) % length] = im[n];
        }

        FftPlan plan = new(length);
        float[] scratch = new float[plan.ScratchLength];
        plan.ForwardUnscaled(re, im, scratch, re, im);
        plan.ForwardUnscaled(shiftedRe, shiftedIm, scratch, shiftedRe, shiftedIm);
        Complex[] expected = TestSignals.ToComplex(re, im);
        for (int k = 0; k < length; k++)
        {
            expected[k] *= Complex.FromPolarCoordinates(1, -2 * Math.PI * (k * Shift % length) / length);
        }

        Assert.InRange(TestSignals.RelativeError(expected, shiftedRe, shiftedIm), 0, Tolerance);
    }

    [Fact]
    public void Forward_WrongLengthsOrOverlaps_AreRefused()
    {
        FftPlan plan = new(64);
        float[] memory = new float[1024];
        float[] scratch = new float[plan.ScratchLength];
        Assert.Throws<ArgumentException>(() => plan.ForwardUnscaled(memory.AsSpan(0, 63), memory.AsSpan(64, 64), scratch, new float[64],
            new float[64]));
        Assert.Throws<ArgumentException>(() => plan.ForwardUnscaled(memory.AsSpan(0, 64), memory.AsSpan(64, 64), new float[3],
            new float[64], new float[64]));
        Assert.Throws<ArgumentException>(
            () => plan.ForwardUnscaled(memory.AsSpan(0, 64), memory.AsSpan(64, 64), scratch, memory.AsSpan(1, 64), new float[64]));
        Assert.Throws<ArgumentException>(
            () => plan.ForwardUnscaled(memory.AsSpan(0, 64), memory.AsSpan(64, 64), scratch, memory.AsSpan(64, 64), memory.AsSpan(0, 64)));
        Assert.Throws<ArgumentException>(
            () => plan.ForwardUnscaled(memory.AsSpan(0, 64), memory.AsSpan(64, 64), memory.AsSpan(100, plan.ScratchLength), new float[64],
                new float[64]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FftPlan(0));
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(129)]
    public void Forward_OnASharedPlan_AllocatesNothing(int length)
    {
        FftPlan plan = new(length);
        float[] re = new float[length], im = new float[length], scratch = new float[plan.ScratchLength];
        plan.ForwardUnscaled(re, im, scratch, re, im);
        long before = GC.GetAllocatedBytesForCurrentThread();
        plan.ForwardUnscaled(re, im, scratch, re, im);
        plan.InverseScaledByLength(re, im, scratch, re, im);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
