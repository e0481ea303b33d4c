using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Complex matrices of one shape, stored entry by entry: the values of one entry in all matrices lie side by side.</summary>
/// <remarks>
/// Loops over many small matrices run over the matrices, one per lane of a vector, instead of over rows of two or four values. The lanes
/// behind the last matrix hold zeros, and every operation keeps them so. Mutable, not thread safe.
/// </remarks>
internal sealed class MatrixBatch
{
    /// <summary>A batch of zeros.</summary>
    /// <param name="count">Number of matrices.</param>
    /// <param name="rows">Rows of each.</param>
    /// <param name="columns">Columns of each.</param>
    public MatrixBatch(int count, int rows, int columns)
    {
        (Count, Rows, Columns) = (count, rows, columns);
        Stride = RoundUp(count);
        Values = new ComplexMatrix(rows, columns * Stride);
    }

    /// <summary>Number of matrices.</summary>
    public int Count { get; }

    /// <summary>Rows of each matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of each matrix.</summary>
    public int Columns { get; }

    /// <summary>Values from one entry to the next: the number of matrices, rounded up to whole vectors.</summary>
    public int Stride { get; }

    /// <summary>All values: row r holds row r of every matrix, column after column, in each column one matrix after the other.</summary>
    public ComplexMatrix Values { get; }

    /// <summary>The number of lanes that hold a number of matrices in whole vectors.</summary>
    public static int RoundUp(int count) => (count + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    /// <summary>Where the values of an entry start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Entry(int row, int column) => ((row * Columns) + column) * Stride;

    /// <summary>Overwrites all matrices.</summary>
    /// <param name="matrices">As many matrices of the same shape.</param>
    public void Load(IReadOnlyList<ComplexMatrix> matrices)
    {
        for (int k = 0; k < Count; k++)
        {
            ComplexMatrix source = matrices[k];
            for (int x = 0; x < source.Re.Length; x++)
            {
                Values.Re[(x * Stride) + k] = source.Re[x];
                Values.Im[(x * Stride) + k] = source.Im[x];
            }
        }
    }

    /// <summary>Copies all matrices.</summary>
    /// <param name="matrices">Receive them; as many, of the same shape.</param>
    public void CopyTo(IReadOnlyList<ComplexMatrix> matrices)
    {
        for (int k = 0; k < Count; k++)
        {
            ComplexMatrix target = matrices[k];
            for (int x = 0; x < target.Re.Length; x++)
            {
                target.Re[x] = Values.Re[(x * Stride) + k];
                target.Im[x] = Values.Im[(x * Stride) + k];
            }
        }
    }

    /// <summary>Overwrites all matrices by those of a batch of the same shape.</summary>
    public void CopyFrom(MatrixBatch source)
    {
        source.Values.Re.CopyTo(Values.Re, 0);
        source.Values.Im.CopyTo(Values.Im, 0);
    }

    /// <summary>Adds the matrices of a batch of the same shape.</summary>
    public void Add(MatrixBatch other)
    {
        Kernels.Accumulate(1, other.Values.Re, Values.Re);
        Kernels.Accumulate(1, other.Values.Im, Values.Im);
    }

    /// <summary>The squared Frobenius norm of every matrix.</summary>
    /// <param name="norms">Receives one value per lane, <see cref="Stride"/> of them.</param>
    public void SquaredNorms(Span<double> norms)
    {
        Span<Vector<double>> sums = Wide(norms);
        sums.Clear();
        ReadOnlySpan<Vector<double>> re = Wide(Values.Re), im = Wide(Values.Im);
        for (int x = 0; x < re.Length; x += sums.Length)
        {
            for (int lane = 0; lane < sums.Length; lane++)
            {
                sums[lane] = Vector.FusedMultiplyAdd(re[x + lane], re[x + lane], Vector.FusedMultiplyAdd(im[x + lane], im[x + lane], sums[lane]));
            }
        }
    }

    /// <summary>Multiplies every matrix by a factor of its own.</summary>
    /// <param name="factors">One per lane.</param>
    public void Scale(ReadOnlySpan<double> factors)
    {
        ReadOnlySpan<Vector<double>> wide = Wide(factors);
        Span<Vector<double>> re = Wide(Values.Re), im = Wide(Values.Im);
        for (int x = 0; x < re.Length; x += wide.Length)
        {
            for (int lane = 0; lane < wide.Length; lane++)
            {
                re[x + lane] *= wide[lane];
                im[x + lane] *= wide[lane];
            }
        }
    }

    /// <summary>Becomes the products of the matrices of two batches, index by index.</summary>
    /// <param name="left">As many rows as this; not this.</param>
    /// <param name="right">As many columns as this; not this.</param>
    /// <exception cref="ArgumentException">The shapes or the numbers of matrices do not fit.</exception>
    public void SetProduct(MatrixBatch left, MatrixBatch right)
    {
        RequireFit(left, left.Rows, left.Columns, right);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                Accumulate(left, left.Entry(i, 0), left.Stride, 1, right, j, left.Columns, Entry(i, j));
            }
        }
    }

    /// <summary>Becomes the products of the conjugate transposes of one batch and the matrices of another, index by index.</summary>
    /// <param name="left">As many columns as this has rows; not this.</param>
    /// <param name="right">As many columns as this; not this.</param>
    /// <exception cref="ArgumentException">The shapes or the numbers of matrices do not fit.</exception>
    public void SetAdjointProduct(MatrixBatch left, MatrixBatch right)
    {
        RequireFit(left, left.Columns, left.Rows, right);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                Accumulate(left, left.Entry(0, i), left.Columns * left.Stride, -1, right, j, left.Rows, Entry(i, j));
            }
        }
    }

    private void RequireFit(MatrixBatch left, int rows, int inner, MatrixBatch right)
    {
        if (left.Count != Count || right.Count != Count || rows != Rows || right.Columns != Columns || inner != right.Rows)
        {
            throw new ArgumentException(
                $"{left.Count} factors of {rows} x {inner} and {right.Count} of {right.Rows} x {right.Columns} do not make {Count} products of {Rows} x {Columns}.");
        }
    }

    // An entry of a product: the sum over the inner index, in registers. The sign is that of the left factors' imaginary parts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Accumulate(MatrixBatch left, int leftEntry, int leftStep, double sign, MatrixBatch right, int column, int inner, int target)
    {
        int rightEntry = right.Entry(0, column), rightStep = right.Columns * right.Stride;
        ref double leftRe = ref MemoryMarshal.GetArrayDataReference(left.Values.Re), leftIm = ref MemoryMarshal.GetArrayDataReference(left.Values.Im);
        ref double rightRe = ref MemoryMarshal.GetArrayDataReference(right.Values.Re), rightIm = ref MemoryMarshal.GetArrayDataReference(right.Values.Im);
        var signs = new Vector<double>(sign);
        for (int lane = 0; lane < Stride; lane += Vector<double>.Count)
        {
            Vector<double> realReal = Vector<double>.Zero, imaginaryImaginary = Vector<double>.Zero;
            Vector<double> realImaginary = Vector<double>.Zero, imaginaryReal = Vector<double>.Zero;
            nuint a = (nuint)(leftEntry + lane), b = (nuint)(rightEntry + lane);
            for (int p = 0; p < inner; p++, a += (nuint)leftStep, b += (nuint)rightStep)
            {
                Vector<double> aRe = Vector.LoadUnsafe(ref leftRe, a), aIm = Vector.LoadUnsafe(ref leftIm, a);
                Vector<double> bRe = Vector.LoadUnsafe(ref rightRe, b), bIm = Vector.LoadUnsafe(ref rightIm, b);
                realReal = Vector.FusedMultiplyAdd(aRe, bRe, realReal);
                imaginaryImaginary = Vector.FusedMultiplyAdd(aIm, bIm, imaginaryImaginary);
                realImaginary = Vector.FusedMultiplyAdd(aRe, bIm, realImaginary);
                imaginaryReal = Vector.FusedMultiplyAdd(aIm, bRe, imaginaryReal);
            }

            (realReal - (signs * imaginaryImaginary)).CopyTo(Values.Re, target + lane);
            (realImaginary + (signs * imaginaryReal)).CopyTo(Values.Im, target + lane);
        }
    }

    private static Span<Vector<double>> Wide(Span<double> values) => MemoryMarshal.Cast<double, Vector<double>>(values);

    private static ReadOnlySpan<Vector<double>> Wide(ReadOnlySpan<double> values) => MemoryMarshal.Cast<double, Vector<double>>(values);

    private static Span<Vector<double>> Wide(double[] values) => MemoryMarshal.Cast<double, Vector<double>>(values.AsSpan());
}
