using System.Numerics;

namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>A dense complex matrix.</summary>
/// <remarks>Immutable from outside this project and thread safe for readers.</remarks>
public sealed class ComplexMatrix
{
    /// <summary>A matrix of zeros.</summary>
    internal ComplexMatrix(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        Re = new double[rows * columns];
        Im = new double[rows * columns];
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Real parts, row by row.</summary>
    internal double[] Re { get; }

    /// <summary>Imaginary parts, row by row.</summary>
    internal double[] Im { get; }

    /// <summary>One entry.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    public Complex this[int row, int column]
    {
        get => new(Re[(row * Columns) + column], Im[(row * Columns) + column]);
        internal set => (Re[(row * Columns) + column], Im[(row * Columns) + column]) = (value.Real, value.Imaginary);
    }

    /// <summary>A matrix whose entries are computed.</summary>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    /// <param name="entry">The entry of a row and a column, both from 0.</param>
    /// <exception cref="ArgumentException">There is no row or no column.</exception>
    public static ComplexMatrix Create(int rows, int columns, Func<int, int, Complex> entry)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentNullException.ThrowIfNull(entry);
        var matrix = new ComplexMatrix(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = entry(i, j);
            }
        }

        return matrix;
    }

    /// <summary>A copy of a column.</summary>
    internal ComplexVector Column(int column)
    {
        var copy = new ComplexVector(Rows);
        for (int i = 0; i < Rows; i++)
        {
            copy[i] = this[i, column];
        }

        return copy;
    }

    /// <summary>The squared Frobenius norm.</summary>
    public double SquaredFrobeniusNorm() => Kernels.Dot(Re, Re) + Kernels.Dot(Im, Im);

    /// <summary>This times its adjoint.</summary>
    internal ComplexMatrix Gram()
    {
        var gram = new ComplexMatrix(Rows, Rows);
        for (int i = 0; i < Rows; i++)
        {
            ReadOnlySpan<double> reI = Re.AsSpan(i * Columns, Columns), imI = Im.AsSpan(i * Columns, Columns);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> reJ = Re.AsSpan(j * Columns, Columns), imJ = Im.AsSpan(j * Columns, Columns);
                double re = Kernels.Dot(reI, reJ) + Kernels.Dot(imI, imJ), im = Kernels.Dot(imI, reJ) - Kernels.Dot(reI, imJ);
                (gram.Re[(i * Rows) + j], gram.Im[(i * Rows) + j]) = (re, im);
                (gram.Re[(j * Rows) + i], gram.Im[(j * Rows) + i]) = (re, -im);
            }
        }

        return gram;
    }

    /// <summary>This times a column vector.</summary>
    internal ComplexVector Times(ComplexVector x)
    {
        var result = new ComplexVector(Rows);
        for (int i = 0; i < Rows; i++)
        {
            ReadOnlySpan<double> re = Re.AsSpan(i * Columns, Columns), im = Im.AsSpan(i * Columns, Columns);
            result.Re[i] = Kernels.Dot(re, x.Re) - Kernels.Dot(im, x.Im);
            result.Im[i] = Kernels.Dot(re, x.Im) + Kernels.Dot(im, x.Re);
        }

        return result;
    }

    /// <summary>This times a matrix with as many rows as this has columns.</summary>
    internal ComplexMatrix Times(ComplexMatrix right)
    {
        var product = new ComplexMatrix(Rows, right.Columns);
        int width = right.Columns;
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                int x = (i * Columns) + j;
                ComplexRows.AddMultiple(
                    Re[x], Im[x], right.Re.AsSpan(j * width, width), right.Im.AsSpan(j * width, width),
                    product.Re.AsSpan(i * width, width), product.Im.AsSpan(i * width, width));
            }
        }

        return product;
    }

    /// <summary>This, conjugated and transposed, times a column vector.</summary>
    internal ComplexVector AdjointTimes(ComplexVector x)
    {
        var result = new ComplexVector(Columns);
        for (int i = 0; i < Rows; i++)
        {
            ReadOnlySpan<double> re = Re.AsSpan(i * Columns, Columns), im = Im.AsSpan(i * Columns, Columns);
            Kernels.Accumulate(x.Re[i], re, result.Re);
            Kernels.Accumulate(x.Im[i], im, result.Re);
            Kernels.Accumulate(x.Im[i], re, result.Im);
            Kernels.Accumulate(-x.Re[i], im, result.Im);
        }

        return result;
    }

    /// <summary>A multiple of this, as a matrix of its own.</summary>
    /// <param name="factor">The factor; 1 for a copy.</param>
    internal ComplexMatrix Times(double factor)
    {
        var product = new ComplexMatrix(Rows, Columns);
        for (int i = 0; i < Re.Length; i++)
        {
            (product.Re[i], product.Im[i]) = (factor * Re[i], factor * Im[i]);
        }

        return product;
    }
}
