using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IsacTestbed.Ether;

/// <summary>Delay by a fraction of a sample: a bank of windowed-sinc filters in steps of 1/256 sample.</summary>
/// <remarks>
/// 32 taps under a Kaiser window of beta 9.5: over the inner 80 % of the band (|f| up to 0.4 of the rate) amplitude and phase are those of an
/// ideal delay to within 2e-4; a delay without fraction passes the samples untouched. Accuracy of the delay: 1/512 sample.
/// </remarks>
internal static class FractionalDelay
{
    /// <summary>Steps per sample.</summary>
    public const int Steps = 256;

    /// <summary>Length of each filter.</summary>
    public const int Taps = 32;

    /// <summary>Output k of <see cref="Apply"/> belongs to the time k - Lead - fraction of the input.</summary>
    public const int Lead = 15;

    private const double KaiserBeta = 9.5;
    private static readonly float[] Bank = MakeBank();

    /// <summary>Splits a delay into whole samples and a step of the bank.</summary>
    public static (long Whole, int Step) Split(double delaySamples)
    {
        long steps = (long)Math.Round(delaySamples * Steps);
        return (steps >> 8, (int)(steps & (Steps - 1)));
    }

    /// <summary>Delays samples by step/256 sample after <see cref="Lead"/> whole ones.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="step">The fraction, 0 to 255 steps of 1/256 sample.</param>
    /// <param name="destination">source.Length + Taps - 1 samples.</param>
    public static void Apply(ReadOnlySpan<float> source, int step, Span<float> destination)
    {
        ReadOnlySpan<float> taps = Bank.AsSpan(step * Taps, Taps);
        destination.Clear();
        for (int j = 0; j < Taps; j++)
        {
            if (taps[j] != 0)
            {
                MultiplyAdd(taps[j], source, destination.Slice(j, source.Length));
            }
        }
    }

    // Compiled to the end at its first call, as the complex kernels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAdd(float scale, ReadOnlySpan<float> source, Span<float> destination)
    {
        var factor = new Vector<float>(scale);
        int i = 0;
        destination = destination[..source.Length];
        ref float from = ref MemoryMarshal.GetReference(source), to = ref MemoryMarshal.GetReference(destination);
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref from, (nuint)i), Vector.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = MathF.FusedMultiplyAdd(scale, source[i], destination[i]);
        }
    }

    private static float[] MakeBank()
    {
        float[] bank = new float[Steps * Taps];
        double norm = BesselI0(KaiserBeta);
        for (int step = 0; step < Steps; step++)
        {
            for (int j = 0; j < Taps; j++)
            {
                double t = j - Lead - ((double)step / Steps);
                double edge = t / (Taps / 2);
                double window = BesselI0(KaiserBeta * Math.Sqrt(Math.Max(0, 1 - (edge * edge)))) / norm;
                double sinc = t == 0 ? 1 : Math.Sin(Math.PI * t) / (Math.PI * t);
                bank[(step * Taps) + j] = step == 0 ? (t == 0 ? 1 : 0) : (float)(window * sinc);
            }
        }

        return bank;
    }

    /// <summary>The modified Bessel function of order zero, by its power series.</summary>
    private static double BesselI0(double x)
    {
        double term = 1, sum = 1;
        for (int k = 1; term > 1e-17 * sum; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }

        return sum;
    }
}
