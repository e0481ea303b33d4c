using System.Numerics;
using System.Runtime.InteropServices;

namespace IsacTestbed.Learning.Kernels;

/// <summary>Passes over vectors of equal length. Multiply and add are separate roundings, so the vector width does not show in the
/// bits.</summary>
internal static class ElementwiseKernels
{
    /// <summary>output = input where positive, slope input elsewhere.</summary>
    public static void LeakyRelu(float slope, ReadOnlySpan<float> input, Span<float> output)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(input);
        Span<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(output)[..x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = Vector.ConditionalSelect(Vector.GreaterThan(x[i], Vector<float>.Zero), x[i], x[i] * slope);
        }

        for (int i = x.Length * Vector<float>.Count; i < input.Length; i++)
        {
            output[i] = input[i] > 0 ? input[i] : input[i] * slope;
        }
    }

    /// <summary>inputGradient = outputGradient where input is positive, slope outputGradient elsewhere.</summary>
    public static void LeakyReluGradient(
        float slope, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(input);
        ReadOnlySpan<Vector<float>> dy = MemoryMarshal.Cast<float, Vector<float>>(outputGradient)[..x.Length];
        Span<Vector<float>> dx = MemoryMarshal.Cast<float, Vector<float>>(inputGradient)[..x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            dx[i] = Vector.ConditionalSelect(Vector.GreaterThan(x[i], Vector<float>.Zero), dy[i], dy[i] * slope);
        }

        for (int i = x.Length * Vector<float>.Count; i < input.Length; i++)
        {
            inputGradient[i] = input[i] > 0 ? outputGradient[i] : outputGradient[i] * slope;
        }
    }

    /// <summary>destination += scale source.</summary>
    public static void AddScaled(float scale, ReadOnlySpan<float> source, Span<float> destination)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(source);
        Span<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(destination)[..x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            y[i] += x[i] * scale;
        }

        for (int i = x.Length * Vector<float>.Count; i < source.Length; i++)
        {
            destination[i] += source[i] * scale;
        }
    }

    /// <summary>Sums of the columns of a row-major matrix, row after row.</summary>
    /// <param name="matrix">A whole number of rows.</param>
    /// <param name="sums">One per column.</param>
    public static void ColumnSums(ReadOnlySpan<float> matrix, Span<float> sums)
    {
        sums.Clear();
        for (int start = 0; start < matrix.Length; start += sums.Length)
        {
            AddScaled(1, matrix.Slice(start, sums.Length), sums);
        }
    }
}
