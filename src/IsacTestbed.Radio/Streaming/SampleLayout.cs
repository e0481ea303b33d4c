using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IsacTestbed.Radio;

/// <summary>Kernels between the interleaved samples of drivers and the split-complex samples of everything above.</summary>
/// <remarks>
/// Each has a vectorised body and a scalar tail, which is also its reference: <see cref="Vector512"/> where the machine has it, else
/// <see cref="Vector256"/>. Nothing is allocated. A pair of floats is read as one 64-bit lane, so that narrowing splits and widening joins.
/// </remarks>
internal static class SampleLayout
{
    /// <summary>Splits floats: real[k] = x[2k] * scale, imaginary[k] = x[2k + 1] * scale.</summary>
    public static void Split(ReadOnlySpan<float> interleaved, float scale, Span<float> real, Span<float> imaginary)
    {
        int count = real.Length, k = 0;
        RequireLengths(interleaved.Length, count, imaginary.Length);
        ReadOnlySpan<ulong> pairs = MemoryMarshal.Cast<float, ulong>(interleaved);
        if (Vector512.IsHardwareAccelerated)
        {
            for (; k <= count - 16; k += 16)
            {
                Vector512<ulong> low = Vector512.Create(pairs[k..]), high = Vector512.Create(pairs[(k + 8)..]);
                (Vector512.Narrow(low, high).AsSingle() * scale).CopyTo(real[k..]);
                (Vector512.Narrow(low >>> 32, high >>> 32).AsSingle() * scale).CopyTo(imaginary[k..]);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; k <= count - 8; k += 8)
            {
                Vector256<ulong> low = Vector256.Create(pairs[k..]), high = Vector256.Create(pairs[(k + 4)..]);
                (Vector256.Narrow(low, high).AsSingle() * scale).CopyTo(real[k..]);
                (Vector256.Narrow(low >>> 32, high >>> 32).AsSingle() * scale).CopyTo(imaginary[k..]);
            }
        }

        for (; k < count; k++)
        {
            real[k] = interleaved[2 * k] * scale;
            imaginary[k] = interleaved[(2 * k) + 1] * scale;
        }
    }

    /// <summary>Splits integers: real[k] = x[2k] * scale, imaginary[k] = x[2k + 1] * scale.</summary>
    public static void Split(ReadOnlySpan<short> interleaved, float scale, Span<float> real, Span<float> imaginary)
    {
        int count = real.Length, k = 0;
        RequireLengths(interleaved.Length, count, imaginary.Length);
        ReadOnlySpan<int> pairs = MemoryMarshal.Cast<short, int>(interleaved);
        if (Vector512.IsHardwareAccelerated)
        {
            for (; k <= count - 16; k += 16)
            {
                Vector512<int> pair = Vector512.Create(pairs[k..]);
                (Vector512.ConvertToSingle((pair << 16) >> 16) * scale).CopyTo(real[k..]);
                (Vector512.ConvertToSingle(pair >> 16) * scale).CopyTo(imaginary[k..]);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; k <= count - 8; k += 8)
            {
                Vector256<int> pair = Vector256.Create(pairs[k..]);
                (Vector256.ConvertToSingle((pair << 16) >> 16) * scale).CopyTo(real[k..]);
                (Vector256.ConvertToSingle(pair >> 16) * scale).CopyTo(imaginary[k..]);
            }
        }

        for (; k < count; k++)
        {
            real[k] = interleaved[2 * k] * scale;
            imaginary[k] = interleaved[(2 * k) + 1] * scale;
        }
    }

    /// <summary>Joins to floats with a complex gain: x[2k], x[2k + 1] = Re, Im of gain * (real[k] + j imaginary[k]).</summary>
    public static void Join(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Complex gain, Span<float> interleaved)
    {
        int count = real.Length, k = 0;
        RequireLengths(interleaved.Length, count, imaginary.Length);
        float gainReal = (float)gain.Real, gainImaginary = (float)gain.Imaginary;
        Span<ulong> pairs = MemoryMarshal.Cast<float, ulong>(interleaved);
        if (Vector512.IsHardwareAccelerated)
        {
            for (; k <= count - 16; k += 16)
            {
                Vector512<float> re = Vector512.Create(real[k..]), im = Vector512.Create(imaginary[k..]);
                (Vector512<ulong> lowRe, Vector512<ulong> highRe) = Vector512.Widen(((re * gainReal) - (im * gainImaginary)).AsUInt32());
                (Vector512<ulong> lowIm, Vector512<ulong> highIm) = Vector512.Widen(((re * gainImaginary) + (im * gainReal)).AsUInt32());
                (lowRe | (lowIm << 32)).CopyTo(pairs[k..]);
                (highRe | (highIm << 32)).CopyTo(pairs[(k + 8)..]);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; k <= count - 8; k += 8)
            {
                Vector256<float> re = Vector256.Create(real[k..]), im = Vector256.Create(imaginary[k..]);
                (Vector256<ulong> lowRe, Vector256<ulong> highRe) = Vector256.Widen(((re * gainReal) - (im * gainImaginary)).AsUInt32());
                (Vector256<ulong> lowIm, Vector256<ulong> highIm) = Vector256.Widen(((re * gainImaginary) + (im * gainReal)).AsUInt32());
                (lowRe | (lowIm << 32)).CopyTo(pairs[k..]);
                (highRe | (highIm << 32)).CopyTo(pairs[(k + 4)..]);
            }
        }

        for (; k < count; k++)
        {
            interleaved[2 * k] = (real[k] * gainReal) - (imaginary[k] * gainImaginary);
            interleaved[(2 * k) + 1] = (real[k] * gainImaginary) + (imaginary[k] * gainReal);
        }
    }

    /// <summary>Joins to integers with a complex gain, rounded to the nearest and held within 16 bits.</summary>
    /// <remarks>Scalar: integers go to radios behind USB or Ethernet at a few tens of MS/s, which this carries many times over.</remarks>
    public static void Join(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Complex gain, Span<short> interleaved)
    {
        RequireLengths(interleaved.Length, real.Length, imaginary.Length);
        float gainReal = (float)gain.Real, gainImaginary = (float)gain.Imaginary;
        for (int k = 0; k < real.Length; k++)
        {
            interleaved[2 * k] = ToInteger((real[k] * gainReal) - (imaginary[k] * gainImaginary));
            interleaved[(2 * k) + 1] = ToInteger((real[k] * gainImaginary) + (imaginary[k] * gainReal));
        }
    }

    /// <summary>The largest |x[k]|; zero for no samples.</summary>
    public static float Peak(ReadOnlySpan<float> samples)
    {
        float peak = 0;
        int k = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> peaks = Vector256<float>.Zero;
            for (; k <= samples.Length - 8; k += 8)
            {
                peaks = Vector256.Max(peaks, Vector256.Abs(Vector256.Create(samples[k..])));
            }

            for (int lane = 0; lane < 8; lane++)
            {
                peak = MathF.Max(peak, peaks[lane]);
            }
        }

        for (; k < samples.Length; k++)
        {
            peak = MathF.Max(peak, MathF.Abs(samples[k]));
        }

        return peak;
    }

    private static short ToInteger(float value) => (short)Math.Clamp(MathF.Round(value), short.MinValue, short.MaxValue);

    private static void RequireLengths(int interleaved, int real, int imaginary)
    {
        if (imaginary != real || interleaved != 2 * real)
        {
            throw new ArgumentException($"{real} real and {imaginary} imaginary samples against {interleaved} interleaved values; twice as many.");
        }
    }
}
