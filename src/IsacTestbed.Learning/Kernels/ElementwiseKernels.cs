using System.Numerics;
using System.Runtime.CompilerServices;
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
    /// <remarks>Bound by the memory that the matrix streams from. Compiled in full at once: a network that runs now and then would not get there.</remarks>
    /// <param name="row">One factor per row of the matrix.</param>
    /// <param name="matrix">Row-major, as many columns as the output has values.</param>
    /// <param name="bias">One value per column; empty for zeros.</param>
    /// <param name="output">Receives one value per column.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

        // Four rows at a time, one after the other within an element: the output passes through the registers once for all of them.
        const int rows = 4;
        int columns = output.Length, p = 0;
        Span<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(output);
        for (; p + rows <= row.Length; p += rows)
        {
            ReadOnlySpan<float> source = matrix.Slice(p * columns, rows * columns);
            ReadOnlySpan<Vector<float>> x0 = MemoryMarshal.Cast<float, Vector<float>>(source[..columns])[..y.Length];
            ReadOnlySpan<Vector<float>> x1 = MemoryMarshal.Cast<float, Vector<float>>(source.Slice(columns, columns))[..y.Length];
            ReadOnlySpan<Vector<float>> x2 = MemoryMarshal.Cast<float, Vector<float>>(source.Slice(2 * columns, columns))[..y.Length];
            ReadOnlySpan<Vector<float>> x3 = MemoryMarshal.Cast<float, Vector<float>>(source.Slice(3 * columns, columns))[..y.Length];
            Vector<float> f0 = new(row[p]), f1 = new(row[p + 1]), f2 = new(row[p + 2]), f3 = new(row[p + 3]);
            for (int i = 0; i < y.Length; i++)
            {
                Vector<float> sum = Vector.FusedMultiplyAdd(f1, x1[i], Vector.FusedMultiplyAdd(f0, x0[i], y[i]));
                y[i] = Vector.FusedMultiplyAdd(f3, x3[i], Vector.FusedMultiplyAdd(f2, x2[i], sum));
            }
        }

        for (int q = p; q < row.Length; q++)
        {
            ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(matrix.Slice(q * columns, columns))[..y.Length];
            var factor = new Vector<float>(row[q]);
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = Vector.FusedMultiplyAdd(factor, x[i], y[i]);
            }
        }

        for (int i = y.Length * Vector<float>.Count; i < columns; i++)
        {
            for (int q = 0; q < row.Length; q++)
            {
                output[i] = MathF.FusedMultiplyAdd(row[q], matrix[(q * columns) + i], output[i]);
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
