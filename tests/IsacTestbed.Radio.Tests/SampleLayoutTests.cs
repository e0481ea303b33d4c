using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>The kernels against plain loops, over awkward lengths: around every vector's width, and with offsets that are not aligned.</summary>
public sealed class SampleLayoutTests
{
    public static TheoryData<int> Lengths => [0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 129, 2049];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Split_OfFloats_TakesEveryOther(int length)
    {
        float[] samples = Floats(2 * length), real = new float[length], imaginary = new float[length];
        SampleLayout.Split(samples, 0.25f, real, imaginary);
        for (int k = 0; k < length; k++)
        {
            Assert.Equal(samples[2 * k] * 0.25f, real[k]);
            Assert.Equal(samples[(2 * k) + 1] * 0.25f, imaginary[k]);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Split_OfIntegers_KeepsSignsAndScale(int length)
    {
        short[] samples = [.. Floats(2 * length).Select(f => (short)(f * 32767))];
        if (length > 1)
        {
            samples[0] = short.MinValue;
            samples[1] = short.MaxValue;
            samples[^1] = -1;
        }

        float[] real = new float[length], imaginary = new float[length];
        SampleLayout.Split(samples, 1f / 32768, real, imaginary);
        for (int k = 0; k < length; k++)
        {
            Assert.Equal(samples[2 * k] / 32768f, real[k]);
            Assert.Equal(samples[(2 * k) + 1] / 32768f, imaginary[k]);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Join_WithAGain_MultipliesComplexNumbers(int length)
    {
        float[] real = Floats(length), imaginary = Floats(length + 1)[1..], samples = new float[2 * length];
        short[] integers = new short[2 * length];
        var gain = Complex.FromPolarCoordinates(0.7, 2.1);
        SampleLayout.Join(real, imaginary, gain, samples);
        SampleLayout.Join(real, imaginary, gain * 32767, integers);
        for (int k = 0; k < length; k++)
        {
            Complex expected = gain * new Complex(real[k], imaginary[k]);

            // Two products and a sum in single precision: three roundings of at most 2^-24 each.
            Assert.Equal(expected.Real, samples[2 * k], 3e-7);
            Assert.Equal(expected.Imaginary, samples[(2 * k) + 1], 3e-7);
            Assert.Equal(expected.Real * 32767, integers[2 * k], 0.51);
            Assert.Equal(expected.Imaginary * 32767, integers[(2 * k) + 1], 0.51);
        }
    }

    [Fact]
    public void Join_BeyondFullScale_HoldsIntegersAtTheirLimits()
    {
        short[] integers = new short[4];
        SampleLayout.Join([2, -2], [0, 0], 32767, integers);
        Assert.Equal([32767, 0, -32768, 0], integers);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Peak_OfSamples_FindsTheLargestWhereverItStands(int length)
    {
        for (int at = 0; at < length; at += Math.Max(1, length / 40))
        {
            float[] samples = new float[length];
            samples[at] = -3;
            Assert.Equal(3, SampleLayout.Peak(samples));
        }

        Assert.Equal(0, SampleLayout.Peak(new float[length]));
    }

    [Fact]
    public void Lengths_ThatDisagree_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => SampleLayout.Split(new float[3], 1, new float[2], new float[2]));
        Assert.Throws<ArgumentException>(() => SampleLayout.Split(new short[4], 1, new float[2], new float[1]));
        Assert.Throws<ArgumentException>(() => SampleLayout.Join(new float[2], new float[2], 1, new float[5]));
    }

    private static float[] Floats(int length)
    {
        var random = new CounterRandom(3, RandomPurpose.Test);
        return [.. Enumerable.Range(0, length).Select(i => (float)((2 * random.UniformAt((ulong)i)) - 1))];
    }
}
