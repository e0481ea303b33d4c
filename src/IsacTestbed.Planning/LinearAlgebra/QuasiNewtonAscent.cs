namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Climbs a smooth function by limited-memory BFGS with a weak Wolfe search; the value never falls.</summary>
/// <remarks>Holds its memory: not thread safe.</remarks>
internal sealed class QuasiNewtonAscent
{
    private const int Memory = 12;
    private const double SufficientRise = 1e-4;
    private const double SteepnessLeft = 0.9;
    private readonly double[][] _steps = new double[Memory][];
    private readonly double[][] _changes = new double[Memory][];
    private readonly double[] _curvatures = new double[Memory];
    private readonly double[] _factors = new double[Memory];

    /// <summary>Prepares the search.</summary>
    /// <param name="length">Number of variables.</param>
    public QuasiNewtonAscent(int length)
    {
        for (int i = 0; i < Memory; i++)
        {
            _steps[i] = new double[length];
            _changes[i] = new double[length];
        }
    }

    /// <summary>The function to climb.</summary>
    /// <param name="point">Where.</param>
    /// <param name="gradient">Receives the gradient there.</param>
    /// <returns>The value there.</returns>
    public delegate double Function(double[] point, double[] gradient);

    /// <summary>Climbs.</summary>
    /// <param name="function">What to maximise.</param>
    /// <param name="point">Where to start; receives the end.</param>
    /// <param name="tolerance">Ends where ten steps gain less than this share.</param>
    /// <param name="maxSteps">Largest number of steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The value at the end and the number of steps.</returns>
    public (double Value, int Steps) Climb(Function function, double[] point, double tolerance, int maxSteps, CancellationToken cancellationToken)
    {
        const int window = 10;
        double[] end = point, gradient = new double[point.Length], next = new double[point.Length], nextGradient = new double[point.Length];
        double[] direction = new double[point.Length];
        double value = function(point, gradient), earlier = value;
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
            if (!Search(function, point, value, slope, direction, length, next, nextGradient, out double reached))
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

        point.CopyTo(end, 0);
        return (value, step);
    }

    // Doubling and bisection to a point that rises enough and is no longer steep.
    private static bool Search(
        Function function, double[] point, double value, double slope, double[] direction, double length, double[] next, double[] nextGradient, out double reached)
    {
        double low = 0, high = double.PositiveInfinity;
        for (int trial = 0; trial < 40; trial++)
        {
            for (int i = 0; i < point.Length; i++)
            {
                next[i] = point[i] + (length * direction[i]);
            }

            reached = function(next, nextGradient);
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
}
