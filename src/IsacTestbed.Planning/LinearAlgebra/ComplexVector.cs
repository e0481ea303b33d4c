using System.Numerics;

namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>A dense complex column vector in split form.</summary>
/// <remarks>Mutable and not thread safe; the inner product is a^H b throughout.</remarks>
internal sealed class ComplexVector
{
    /// <summary>A vector of zeros.</summary>
    public ComplexVector(int length)
    {
        Re = new double[length];
        Im = new double[length];
    }

    /// <summary>Real parts.</summary>
    public double[] Re { get; }

    /// <summary>Imaginary parts.</summary>
    public double[] Im { get; }

    /// <summary>Number of entries.</summary>
    public int Length => Re.Length;

    /// <summary>One entry.</summary>
    public Complex this[int index]
    {
        get => new(Re[index], Im[index]);
        set => (Re[index], Im[index]) = (value.Real, value.Imaginary);
    }

    /// <summary>A vector of the given entries.</summary>
    public static ComplexVector From(IReadOnlyList<Complex> entries)
    {
        var vector = new ComplexVector(entries.Count);
        for (int i = 0; i < entries.Count; i++)
        {
            vector[i] = entries[i];
        }

        return vector;
    }

    /// <summary>A copy.</summary>
    public ComplexVector Clone()
    {
        var copy = new ComplexVector(Length);
        Re.CopyTo(copy.Re, 0);
        Im.CopyTo(copy.Im, 0);
        return copy;
    }

    /// <summary>The entries.</summary>
    public Complex[] ToArray() => [.. Enumerable.Range(0, Length).Select(i => this[i])];

    /// <summary>The squared norm.</summary>
    public double SquaredNorm() => Kernels.Dot(Re, Re) + Kernels.Dot(Im, Im);

    /// <summary>The inner product of this, conjugated, with another vector.</summary>
    public Complex Inner(ComplexVector other) =>
        new(Kernels.Dot(Re, other.Re) + Kernels.Dot(Im, other.Im), Kernels.Dot(Re, other.Im) - Kernels.Dot(Im, other.Re));

    /// <summary>Adds a multiple of another vector.</summary>
    public void Add(Complex factor, ComplexVector other)
    {
        Kernels.Accumulate(factor.Real, other.Re, Re);
        Kernels.Accumulate(-factor.Imaginary, other.Im, Re);
        Kernels.Accumulate(factor.Real, other.Im, Im);
        Kernels.Accumulate(factor.Imaginary, other.Re, Im);
    }

    /// <summary>Multiplies every entry.</summary>
    public void Scale(double factor)
    {
        for (int i = 0; i < Length; i++)
        {
            Re[i] *= factor;
            Im[i] *= factor;
        }
    }

    /// <summary>Scales to unit norm; a zero vector stays.</summary>
    /// <returns>Whether there was something to scale.</returns>
    public bool Normalise()
    {
        // Two steps, since the square of an entry near 1e-200 underflows.
        double largest = 0;
        for (int i = 0; i < Length; i++)
        {
            largest = Math.Max(largest, Math.Max(Math.Abs(Re[i]), Math.Abs(Im[i])));
        }

        if (!(largest > 0) || !double.IsFinite(largest))
        {
            return false;
        }

        for (int i = 0; i < Length; i++)
        {
            Re[i] /= largest;
            Im[i] /= largest;
        }

        Scale(1 / Math.Sqrt(SquaredNorm()));
        return true;
    }
}
