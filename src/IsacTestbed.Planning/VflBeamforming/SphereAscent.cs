using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>Ascent of a rate utility by limited-memory BFGS over all beams at once.</summary>
/// <remarks>
/// Each base station's beams, together with one entry that is not transmitted, are a point on a sphere: the limit holds at every point, with
/// equality or not, and the search is free. The utility never falls. Holds its memory: not thread safe.
/// </remarks>
internal sealed class SphereAscent
{
    private const int Memory = 12;
    private const double SufficientRise = 1e-4;
    private const double SteepnessLeft = 0.9;

    // An idle entry of zero has no slope: a power below the limit could not be found from there.
    private const double LeastIdle = 0.03;

    private readonly IReadOnlyList<StationLinks> _links;
    private readonly NetworkShape _shape;
    private readonly RateKernel _kernel;
    private readonly BeamSet _beams;
    private readonly BeamSet _slopes;
    private readonly int _block;
    private readonly double[][] _steps = new double[Memory][];
    private readonly double[][] _changes = new double[Memory][];
    private readonly double[] _curvatures = new double[Memory];
    private readonly double[] _factors = new double[Memory];

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
        for (int i = 0; i < Memory; i++)
        {
            _steps[i] = new double[_shape.Cells * _block];
            _changes[i] = new double[_shape.Cells * _block];
        }
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
        const int window = 10;
        double[] point = Encode(beams), gradient = new double[point.Length], next = new double[point.Length], nextGradient = new double[point.Length];
        double[] direction = new double[point.Length];
        double value = Evaluate(utility, point, gradient), earlier = value;
        int stored = 0, step = 0;
        while (step < maxSteps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Direct(gradient, stored, direction);
            double slope = Kernels.Dot(direction, gradient);
            if (!(slope > 0))
            {
                // The memory is worth nothing here; without it the direction is the gradient.
                if (stored == 0)
                {
                    break;
                }

                stored = 0;
                continue;
            }

            double length = stored == 0 ? 0.1 / Math.Sqrt(slope) : 1;
            if (!Search(utility, point, value, slope, direction, length, next, nextGradient, out double reached))
            {
                if (stored == 0)
                {
                    break;
                }

                stored = 0;
                continue;
            }

            stored = Remember(point, gradient, next, nextGradient, stored);
            (point, next) = (next, point);
            (gradient, nextGradient) = (nextGradient, gradient);
            value = reached;
            step++;
            if (step % window == 0)
            {
                if (value - earlier <= tolerance * Math.Abs(value))
                {
                    break;
                }

                earlier = value;
            }
        }

        Decode(point, beams);
        return (value, step);
    }

    // Doubling and bisection to a point that rises enough and is no longer steep.
    private bool Search(
        RateUtility utility, double[] point, double value, double slope, double[] direction, double length, double[] next, double[] nextGradient, out double reached)
    {
        double low = 0, high = double.PositiveInfinity;
        for (int trial = 0; trial < 40; trial++)
        {
            for (int i = 0; i < point.Length; i++)
            {
                next[i] = point[i] + (length * direction[i]);
            }

            reached = Evaluate(utility, next, nextGradient);
            if (!(reached >= value + (SufficientRise * length * slope)))
            {
                high = length;
            }
            else if (Kernels.Dot(direction, nextGradient) > SteepnessLeft * slope)
            {
                low = length;
            }
            else
            {
                return true;
            }

            length = double.IsInfinity(high) ? 2 * low : 0.5 * (low + high);
        }

        reached = value;
        return false;
    }

    private void Direct(double[] gradient, int stored, double[] direction)
    {
        gradient.CopyTo(direction, 0);
        int first = Math.Max(0, stored - Memory);
        for (int i = stored - 1; i >= first; i--)
        {
            int at = i % Memory;
            _factors[at] = Kernels.Dot(_steps[at], direction) / _curvatures[at];
            Kernels.Accumulate(-_factors[at], _changes[at], direction);
        }

        if (stored > 0)
        {
            int last = (stored - 1) % Memory;
            double scale = _curvatures[last] / Kernels.Dot(_changes[last], _changes[last]);
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (int i = first; i < stored; i++)
        {
            int at = i % Memory;
            Kernels.Accumulate(_factors[at] - (Kernels.Dot(_changes[at], direction) / _curvatures[at]), _steps[at], direction);
        }
    }

    // A change of the gradient is counted downwards, so that the curvature of a hill is positive.
    private int Remember(double[] point, double[] gradient, double[] next, double[] nextGradient, int stored)
    {
        int at = stored % Memory;
        for (int i = 0; i < point.Length; i++)
        {
            _steps[at][i] = next[i] - point[i];
            _changes[at][i] = gradient[i] - nextGradient[i];
        }

        double curvature = Kernels.Dot(_steps[at], _changes[at]);
        if (!(curvature > 1e-14 * Math.Sqrt(Kernels.Dot(_steps[at], _steps[at]) * Kernels.Dot(_changes[at], _changes[at]))))
        {
            return stored;
        }

        _curvatures[at] = curvature;
        return stored + 1;
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
