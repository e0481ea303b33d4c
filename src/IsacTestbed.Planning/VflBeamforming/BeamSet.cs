using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>The beamformers of all base stations, for a power limit of one.</summary>
/// <remarks>Mutable and not thread safe. A beam is a row of N_T entries: base station after base station, user after user.</remarks>
internal sealed class BeamSet
{
    /// <summary>Beams of zeros.</summary>
    public BeamSet(NetworkShape shape)
    {
        Shape = shape;
        Re = new double[shape.Cells * shape.BeamEntries];
        Im = new double[shape.Cells * shape.BeamEntries];
    }

    /// <summary>The sizes.</summary>
    public NetworkShape Shape { get; }

    /// <summary>Real parts.</summary>
    public double[] Re { get; }

    /// <summary>Imaginary parts.</summary>
    public double[] Im { get; }

    /// <summary>Where a beam starts.</summary>
    public int Start(int cell, int user) => ((cell * Shape.Users) + user) * Shape.Antennas;

    /// <summary>Adds a multiple of a vector to a beam.</summary>
    public void Add(int cell, int user, Complex factor, ComplexVector vector)
    {
        int start = Start(cell, user), n = Shape.Antennas;
        ComplexRows.AddMultiple(factor.Real, factor.Imaginary, vector.Re, vector.Im, Re.AsSpan(start, n), Im.AsSpan(start, n));
    }

    /// <summary>Power of a base station, tr(W_m W_m^H).</summary>
    public double Power(int cell)
    {
        int start = Start(cell, 0), n = Shape.BeamEntries;
        ReadOnlySpan<double> re = Re.AsSpan(start, n), im = Im.AsSpan(start, n);
        return Kernels.Dot(re, re) + Kernels.Dot(im, im);
    }

    /// <summary>Scales a base station's beams to a power; beams of zeros stay.</summary>
    public void ScaleTo(int cell, double power)
    {
        double present = Power(cell);
        if (!(present > 0))
        {
            return;
        }

        double scale = Math.Sqrt(power / present);
        int start = Start(cell, 0);
        for (int i = start; i < start + Shape.BeamEntries; i++)
        {
            Re[i] *= scale;
            Im[i] *= scale;
        }
    }

    /// <summary>Scales every base station's beams to full power.</summary>
    public void ScaleToFullPower()
    {
        for (int m = 0; m < Shape.Cells; m++)
        {
            ScaleTo(m, 1);
        }
    }

    /// <summary>A copy.</summary>
    public BeamSet Clone()
    {
        var copy = new BeamSet(Shape);
        Re.CopyTo(copy.Re, 0);
        Im.CopyTo(copy.Im, 0);
        return copy;
    }

    /// <summary>W_m as N_T rows and K columns, in square root watts, within the power limit to the last bit.</summary>
    public IReadOnlyList<ComplexMatrix> ToMatrices(double powerWatts) =>
    [
        .. Enumerable.Range(0, Shape.Cells).Select(m =>
        {
            // Rounding must not carry a sum of squares beyond the limit.
            double scale = Math.Sqrt(powerWatts) * Math.Min(1, (1 - 1e-15) / Math.Sqrt(Math.Max(Power(m), double.Epsilon)));
            ComplexMatrix matrix;
            do
            {
                double factor = scale;
                matrix = ComplexMatrix.Create(Shape.Antennas, Shape.Users, (i, k) => factor * new Complex(Re[Start(m, k) + i], Im[Start(m, k) + i]));
                scale *= 1 - 1e-15;
            }
            while (matrix.SquaredFrobeniusNorm() > powerWatts);
            return matrix;
        }),
    ];
}
