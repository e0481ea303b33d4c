using System.Numerics;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Dsp.Tests.Waveforms;

public class PulsesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(63, 5)]
    [InlineData(64, 5)]
    [InlineData(139, 25)]
    [InlineData(839, 129)]
    [InlineData(256, -3)]
    [InlineData(1024, 2147483647)]
    public void ZadoffChu_AnyRootPrimeToLength_HasZeroCircularAutocorrelation(int length, int root)
    {
        float[] re = new float[length], im = new float[length];
        Pulses.ZadoffChu(root, re, im);
        FftPlan plan = new(length);
        float[] scratch = new float[plan.ScratchLength], power = new float[length];
        Assert.Equal(length, SplitComplex.Energy(re, im), 1e-3);
        plan.ForwardUnscaled(re, im, scratch, re, im);
        SplitComplex.Power(re, im, power);
        // A flat spectrum is a zero autocorrelation.
        Assert.All(power, p => Assert.Equal(1, p / length, 1e-4));
    }

    [Fact]
    public void ZadoffChu_TwoRootsOfAPrimeLength_CrossCorrelateWithRootOfLength()
    {
        const int Length = 139;
        float[] aRe = new float[Length], aIm = new float[Length], bRe = new float[Length], bIm = new float[Length];
        Pulses.ZadoffChu(3, aRe, aIm);
        Pulses.ZadoffChu(8, bRe, bIm);
        FftPlan plan = new(Length);
        float[] scratch = new float[plan.ScratchLength], power = new float[Length];
        plan.ForwardUnscaled(aRe, aIm, scratch, aRe, aIm);
        plan.ForwardUnscaled(bRe, bIm, scratch, bRe, bIm);
        SplitComplex.MultiplyConjugate(aRe, aIm, bRe, bIm, aRe, aIm);
        plan.InverseScaledByLength(aRe, aIm, scratch, aRe, aIm);
        SplitComplex.Power(aRe, aIm, power);
        Assert.All(power, p => Assert.Equal(Length, p, 0.01));
    }

    [Theory]
    [InlineData(64, 8)]
    [InlineData(999, 3)]
    public void ZadoffChu_RootWithCommonDivisor_IsRefused(int length, int root) =>
        Assert.Throws<ArgumentException>(() => Pulses.ZadoffChu(root, new float[length], new float[length]));

    [Theory]
    [InlineData(2000, 0.5)]
    [InlineData(2001, -0.25)]
    public void LinearFm_AnyBandwidth_SweepsItEvenly(int length, double bandwidth)
    {
        float[] re = new float[length], im = new float[length];
        Pulses.LinearFm(bandwidth, re, im);
        Assert.Equal(length, SplitComplex.Energy(re, im), 1e-2);
        for (int n = 1; n < length; n += 97)
        {
            Complex turn = new Complex(re[n], im[n]) * new Complex(re[n - 1], -im[n - 1]);
            double expected = bandwidth * (n - 0.5 - ((length - 1) / 2.0)) / length;
            Assert.Equal(expected, turn.Phase / (2 * Math.PI), 1e-5);
        }
    }

    [Theory]
    [InlineData(64, 52, 16)]
    [InlineData(128, 127, 0)]
    [InlineData(100, 31, 100)]
    public void Ofdm_AnyShape_OccupiesItsSubcarriersEquallyWithCyclicPrefix(int points, int subcarriers, int prefix)
    {
        float[] re = new float[points + prefix], im = new float[points + prefix];
        Pulses.Ofdm(subcarriers, prefix, re, im);
        Assert.Equal(re[points..], re[..prefix]);
        Assert.Equal(im[points..], im[..prefix]);
        float[] bodyRe = re[prefix..], bodyIm = im[prefix..], power = new float[points];
        Assert.Equal(points, SplitComplex.Energy(bodyRe, bodyIm), 1e-2);
        SplitComplex.Power(bodyRe, bodyIm, power);
        // Four decibels; equal phases would give the number of subcarriers.
        Assert.InRange(power.Max(), 1, 2.5);
        FftPlan plan = new(points);
        plan.ForwardUnscaled(bodyRe, bodyIm, new float[plan.ScratchLength], bodyRe, bodyIm);
        SplitComplex.Power(bodyRe, bodyIm, power);
        Assert.Equal(subcarriers, power.Count(p => Math.Abs((p * subcarriers / points / points) - 1) < 1e-4));
        Assert.Equal(points - subcarriers, power.Count(p => p < 1e-4));
        Assert.True(power[0] < 1e-4, "The carrier itself is empty.");
    }

    [Theory]
    [InlineData(true, 8)]
    [InlineData(true, 7)]
    [InlineData(false, 16)]
    public void OrthogonalRows_SpreadOverAPulse_AreOrthogonalWithUnitPower(bool fourier, int chips)
    {
        float[] pulseRe = new float[31], pulseIm = new float[31];
        Pulses.ZadoffChu(4, pulseRe, pulseIm);
        (float[] Re, float[] Im)[] set = new (float[], float[])[chips];
        for (int k = 0; k < chips; k++)
        {
            float[] codeRe = new float[chips], codeIm = new float[chips];
            if (fourier)
            {
                Pulses.DftRow(k, codeRe, codeIm);
            }
            else
            {
                Pulses.WalshRow(k, codeRe, codeIm);
            }

            set[k] = (new float[chips * 31], new float[chips * 31]);
            Pulses.Spread(codeRe, codeIm, pulseRe, pulseIm, set[k].Re, set[k].Im);
        }

        for (int a = 0; a < chips; a++)
        {
            for (int b = 0; b < chips; b++)
            {
                (double re, double im) = SplitComplex.InnerProduct(set[a].Re, set[a].Im, set[b].Re, set[b].Im);
                Assert.Equal(a == b ? chips * 31 : 0, re, 1e-3);
                Assert.Equal(0, im, 1e-3);
            }
        }
    }

    [Fact]
    public void WalshRow_NotAPowerOfTwo_IsRefused() => Assert.Throws<ArgumentException>(() => Pulses.WalshRow(0, new float[12],
        new float[12]));
}
