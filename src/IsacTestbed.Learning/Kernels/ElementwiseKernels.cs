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

    /// <summary>
    /// output = bias + row matrix, each element one chain of fused multiply-adds in the order of the rows, as <see cref="MatrixProduct"/> has it.
    /// </summary>
    /// <param name="row">One factor per row of the matrix.</param>
    /// <param name="matrix">Row-major, as many columns as the output has values.</param>
    /// <param name="bias">One value per column; empty for zeros.</param>
    /// <param name="output">Receives one value per column.</param>
    public static void RowProduct(ReadOnlySpan<float> row, ReadOnlySpan<float> matrix, ReadOnlySpan<float> bias, Span<float> output)
    {
        if (bias.IsEmpty)
        {
            output.Clear();
        }
        else
        {
            bias.CopyTo(output);
        }

        Span<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(output);
        for (int p = 0; p < row.Length; p++)
        {
            ReadOnlySpan<float> source = matrix.Slice(p * output.Length, output.Length);
            ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(source)[..y.Length];
            var factor = new Vector<float>(row[p]);
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = Vector.FusedMultiplyAdd(factor, x[i], y[i]);
            }

            for (int i = y.Length * Vector<float>.Count; i < output.Length; i++)
            {
                output[i] = MathF.FusedMultiplyAdd(row[p], source[i], output[i]);
            }
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
