using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Dsp.Tests;

/// <summary>Reproducible inputs and comparisons that several test classes need.</summary>
internal static class TestSignals
{
    /// <summary>Complex white noise of unit power.</summary>
    public static (float[] Re, float[] Im) Noise(int length, uint entity, double power = 1, ulong seed = 11)
    {
        CounterRandom random = new(seed, RandomPurpose.Test, entity);
        double scale = Math.Sqrt(power / 2);
        float[] re = new float[length], im = new float[length];
        for (int i = 0; i < length; i++)
        {
            (double a, double b) = random.NormalPairAt((ulong)i);
            re[i] = (float)(scale * a);
            im[i] = (float)(scale * b);
        }

        return (re, im);
    }

    public static Complex[] ToComplex(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        Complex[] result = new Complex[re.Length];
        for (int i = 0; i < re.Length; i++)
        {
            result[i] = new Complex(re[i], im[i]);
        }

        return result;
    }

    /// <summary>Root-mean-square of the difference over that of the expected.</summary>
    public static double RelativeError(ReadOnlySpan<Complex> expected, ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        double error = 0, power = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Complex difference = expected[i] - new Complex(re[i], im[i]);
            error += (difference * Complex.Conjugate(difference)).Real;
            power += (expected[i] * Complex.Conjugate(expected[i])).Real;
        }

        return Math.Sqrt(error / Math.Max(power, double.Epsilon));
    }
}
