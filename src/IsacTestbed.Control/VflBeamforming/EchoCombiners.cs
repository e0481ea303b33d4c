using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>
/// How one base station listens to its targets. It knows their bearings from an earlier observation, as the paper has it; how strong and with
/// which phase they answer, it finds by sounding.
/// </summary>
internal sealed class EchoCombiners
{
    // Amplification of noise by telling echoes apart that is not worth having: 20 dB.
    private const double LargestNorm = 10;

    private readonly Complex[][] _steering;

    /// <summary>Prepares the combiners of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <exception cref="ConfigurationException">Two targets stand in the same direction.</exception>
    public EchoCombiners(CellSection cell)
    {
        ArraySite site = cell.Station;
        _steering = [.. cell.Targets.Select(t => Steering(site, SineOf(site, t)))];
        int elements = site.Elements;
        double root = Math.Sqrt(elements);
        Matched = [.. _steering.Select(a => a.Select(entry => entry / root).ToArray())];

        // Z = sqrt(N) A (A^H A)^-1: the smallest combiners that pass their own target as the matched one does and none of the others.
        Matrix<Complex> steering = Matrix<Complex>.Build.Dense(elements, _steering.Length, (i, j) => _steering[j][i]);
        Matrix<Complex> separating = steering * (steering.ConjugateTranspose() * steering).Inverse() * root;
        Separating = [.. Enumerable.Range(0, _steering.Length).Select(j => separating.Column(j).ToArray())];
        int worst = Enumerable.Range(0, _steering.Length).MaxBy(j => separating.Column(j).L2Norm());
        if (!(separating.Column(worst).L2Norm() < LargestNorm))
        {
            throw new ConfigurationException(
                "scenario",
                "cells",
                $"{cell.Targets[worst].Id} stands in the same direction from {site.Id} as another target; {elements} antennas cannot tell their echoes apart, set them further apart");
        }
    }

    /// <summary>v_j = b(theta_j) / sqrt(N_R) of (5), with a norm of one so that noise stays as it is.</summary>
    public IReadOnlyList<Complex[]> Matched { get; }

    /// <summary>The same gain for target j, and zeros for the cell's other targets.</summary>
    public IReadOnlyList<Complex[]> Separating { get; }

    /// <summary>Share of an echo's power that passes the matched combiner of another target, |b_j^H b_i|^2 / N_R^2.</summary>
    /// <param name="target">Whose combiner, j.</param>
    /// <param name="other">Whose echo, i.</param>
    public double Overlap(int target, int other)
    {
        Complex passed = Inner(Matched[target], Matched[other]);
        return (passed.Real * passed.Real) + (passed.Imaginary * passed.Imaginary);
    }

    /// <summary>alpha_j of each target, as the sounded echo has them.</summary>
    /// <param name="echo">What the base station hears of itself.</param>
    /// <remarks>Z tells the echoes apart on both ends of the echo, since the array that receives is the one that transmits.</remarks>
    public Complex[] Strengths(ComplexMatrix echo) =>
        [.. Separating.Select(z => Inner(z, Behind(z, echo)) / echo.Rows)];

    /// <summary>sqrt(N_R) a^H(theta_j) w: what a beam comes to behind the combiners of a target that answers with a strength of one.</summary>
    /// <param name="target">The target j.</param>
    /// <param name="beam">w.</param>
    public Complex Illumination(int target, IReadOnlyList<Complex> beam) =>
        Math.Sqrt(beam.Count) * beam.Select((w, i) => w * _steering[target][i]).Aggregate(Complex.Zero, (sum, term) => sum + term);

    /// <summary>g_{m,m,j} of (8), a row per target: sqrt(N_R) alpha_j a^H(theta_j) with the alpha_j that the sounded echo has.</summary>
    /// <param name="echo">What the base station hears of itself.</param>
    public ComplexMatrix EchoChannels(ComplexMatrix echo)
    {
        Complex[] strengths = Strengths(echo);
        return ComplexMatrix.Create(
            _steering.Length, echo.Rows, (j, i) => Complex.Conjugate(Math.Sqrt(echo.Rows) * strengths[j] * _steering[j][i]));
    }

    /// <summary>g_{n,m,j} of (8), a row per target: what a neighbour's beams come to behind the matched combiner.</summary>
    /// <param name="channel">G from the neighbour to this base station.</param>
    public ComplexMatrix NeighbourChannels(ComplexMatrix channel)
    {
        Complex[][] rows = [.. Matched.Select(v => Behind(v, channel))];
        return ComplexMatrix.Create(rows.Length, channel.Columns, (j, i) => Complex.Conjugate(rows[j][i]));
    }

    /// <summary>w^H H: a channel behind a combiner.</summary>
    public static Complex[] Behind(Complex[] combiner, ComplexMatrix channel)
    {
        var row = new Complex[channel.Columns];
        for (int i = 0; i < channel.Rows; i++)
        {
            for (int c = 0; c < row.Length; c++)
            {
                row[c] += Complex.Conjugate(combiner[i]) * channel[i, c];
            }
        }

        return row;
    }

    private static Complex Inner(Complex[] combiner, Complex[] vector) =>
        combiner.Zip(vector, (w, a) => Complex.Conjugate(w) * a).Aggregate(Complex.Zero, (sum, term) => sum + term);

    // Projection of the target's direction on the array's axis, a quarter turn left of the broadside.
    private static double SineOf(ArraySite site, PlacedTarget target)
    {
        double x = target.X - site.X, y = target.Y - site.Y, z = target.Z - site.Z, broadside = site.BroadsideDegrees * Math.PI / 180;
        double length = Math.Sqrt((x * x) + (y * y) + (z * z));
        return length > 0
            ? ((y * Math.Cos(broadside)) - (x * Math.Sin(broadside))) / length
            : throw new ConfigurationException("scenario", "cells", $"{target.Id} stands where {site.Id} does");
    }

    // A wave from the left of the broadside reaches the first element last of all: element i is ahead of it by i half wavelengths times the sine.
    private static Complex[] Steering(ArraySite site, double sine) =>
        [.. Enumerable.Range(0, site.Elements).Select(i => Complex.FromPolarCoordinates(1, -Math.PI * i * sine))];

    /// <summary>alpha_j of a target, as <see cref="Strengths"/> finds it.</summary>
    /// <param name="sounded">The sounded channels.</param>
    /// <param name="station">The base station.</param>
    /// <param name="target">The target j.</param>
    public UncertainAmplitude Strength(SoundedAmplitudes sounded, string station, int target)
    {
        Complex[] z = Separating[target];
        return new Complex(1.0 / z.Length, 0) * sounded.Through(station, station, z, [.. z.Select(Complex.Conjugate)]);
    }
}
