using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>Ascent of a rate utility by limited-memory BFGS over all beams at once.</summary>
/// <remarks>
/// Each base station's beams, together with one entry that is not transmitted, are a point on a sphere: the limit holds at every point, with
/// equality or not, and the search is free. The utility never falls. Holds its memory: not thread safe.
/// </remarks>
internal sealed class SphereAscent
{
    // An idle entry of zero has no slope: a power below the limit could not be found from there.
    private const double LeastIdle = 0.03;

    private readonly IReadOnlyList<StationLinks> _links;
    private readonly NetworkShape _shape;
    private readonly RateKernel _kernel;
    private readonly BeamSet _beams;
    private readonly BeamSet _slopes;
    private readonly int _block;
    private readonly QuasiNewtonAscent _ascent;

    /// <summary>Prepares the search.</summary>
    /// <param name="links">The links of each base station.</param>
    public SphereAscent(IReadOnlyList<StationLinks> links)
    {
        _links = links;
        _shape = links[0].Shape;
        _kernel = new RateKernel(_shape);
        _beams = new BeamSet(_shape);
        _slopes = new BeamSet(_shape);
        _block = (2 * _shape.BeamEntries) + 1;
        _ascent = new QuasiNewtonAscent(_shape.Cells * _block);
    }

    /// <summary>Climbs.</summary>
    /// <param name="utility">What to maximise.</param>
    /// <param name="beams">Where to start; receives the end.</param>
    /// <param name="tolerance">Ends where ten steps gain less than this share.</param>
    /// <param name="maxSteps">Largest number of steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The utility at the end and the number of steps.</returns>
    public (double Value, int Steps) Climb(RateUtility utility, BeamSet beams, double tolerance, int maxSteps, CancellationToken cancellationToken)
    {
        double[] point = Encode(beams);
        (double value, int steps) = _ascent.Climb((at, gradient) => Evaluate(utility, at, gradient), point, tolerance, maxSteps, cancellationToken);
        Decode(point, beams);
        return (value, steps);
    }

    private double Evaluate(RateUtility utility, double[] point, double[] gradient)
    {
        Decode(point, _beams);
        double value = _kernel.Evaluate(_links, utility, _beams, _slopes);
        int entries = _shape.BeamEntries;
        for (int m = 0; m < _shape.Cells; m++)
        {
            int start = m * _block, from = m * entries;
            ReadOnlySpan<double> block = point.AsSpan(start, _block);
            double norm = Math.Sqrt(Kernels.Dot(block, block));
            Span<double> slope = gradient.AsSpan(start, _block);
            _slopes.Re.AsSpan(from, entries).CopyTo(slope);
            _slopes.Im.AsSpan(from, entries).CopyTo(slope[entries..]);
            slope[^1] = 0;
            double radial = Kernels.Dot(slope, block) / (norm * norm);
            Kernels.Accumulate(-radial, block, slope);
            for (int i = 0; i < _block; i++)
            {
                slope[i] /= norm;
            }
        }

        return value;
    }

    private double[] Encode(BeamSet beams)
    {
        double[] point = new double[_shape.Cells * _block];
        int entries = _shape.BeamEntries;
        for (int m = 0; m < _shape.Cells; m++)
        {
            Span<double> block = point.AsSpan(m * _block, _block);
            beams.Re.AsSpan(m * entries, entries).CopyTo(block);
            beams.Im.AsSpan(m * entries, entries).CopyTo(block[entries..]);
            block[^1] = Math.Max(LeastIdle, Math.Sqrt(Math.Max(0, 1 - beams.Power(m))));
        }

        return point;
    }

    private void Decode(double[] point, BeamSet beams)
    {
        int entries = _shape.BeamEntries;
        for (int m = 0; m < _shape.Cells; m++)
        {
            ReadOnlySpan<double> block = point.AsSpan(m * _block, _block);
            double scale = 1 / Math.Sqrt(Kernels.Dot(block, block));
            for (int i = 0; i < entries; i++)
            {
                beams.Re[(m * entries) + i] = scale * block[i];
                beams.Im[(m * entries) + i] = scale * block[entries + i];
            }
        }
    }
}
