using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Anderson mixing of a fixed-point iteration x -> F(x): from the last steps, the point at which their residuals cancel best.</summary>
/// <remarks>
/// The point is F(x) - sum of gamma_j (F_j+1 - F_j) with gamma the least-squares solution of F(x) - x = sum of gamma_j (g_j+1 - g_j), g the
/// residuals F(x) - x. It has the fixed points of F and no guarantee of its own: the caller decides whether to take it. Mutable
/// workspace, not thread safe; allocates nothing after construction.
/// </remarks>
internal sealed class AndersonMixing
{
    private const double Ridge = 1e-11;
    private readonly int _length;
    private readonly int _depth;
    private readonly double[][] _imageSteps;
    private readonly double[][] _residualSteps;
    private readonly double[] _gram;
    private readonly double[] _factor;
    private readonly double[] _shares;
    private readonly double[] _image;
    private readonly double[] _residual;
    private int _points;

    /// <summary>Creates the workspace.</summary>
    /// <param name="length">Real unknowns.</param>
    /// <param name="depth">Steps that are remembered.</param>
    public AndersonMixing(int length, int depth)
    {
        (_length, _depth) = (length, depth);
        _imageSteps = [.. Enumerable.Range(0, depth).Select(_ => new double[length])];
        _residualSteps = [.. Enumerable.Range(0, depth).Select(_ => new double[length])];
        _gram = new double[depth * depth];
        _factor = new double[depth * depth];
        _shares = new double[depth];
        _image = new double[length];
        _residual = new double[length];
    }

    /// <summary>Forgets all steps.</summary>
    public void Restart() => _points = 0;

    /// <summary>Takes note of a step and proposes a point.</summary>
    /// <param name="point">x.</param>
    /// <param name="image">F(x).</param>
    /// <param name="proposal">Receives the point, if there is one.</param>
    /// <returns>Whether there is one: the first step has nothing to be mixed with.</returns>
    public bool Propose(ReadOnlySpan<double> point, ReadOnlySpan<double> image, Span<double> proposal)
    {
        if (_points > 0)
        {
            Remember((_points - 1) % _depth, point, image);
        }

        image.CopyTo(_image);
        for (int i = 0; i < _length; i++)
        {
            _residual[i] = image[i] - point[i];
        }

        int steps = Math.Min(_points++, _depth);
        if (steps == 0 || !Solve(steps))
        {
            return false;
        }

        image.CopyTo(proposal);
        for (int j = 0; j < steps; j++)
        {
            Kernels.Accumulate(-_shares[j], _imageSteps[j], proposal);
        }

        return true;
    }

    private void Remember(int slot, ReadOnlySpan<double> point, ReadOnlySpan<double> image)
    {
        double[] imageStep = _imageSteps[slot], residualStep = _residualSteps[slot];
        for (int i = 0; i < _length; i++)
        {
            imageStep[i] = image[i] - _image[i];
            residualStep[i] = image[i] - point[i] - _residual[i];
        }

        for (int j = 0; j < Math.Min(_points, _depth); j++)
        {
            _gram[(slot * _depth) + j] = _gram[(j * _depth) + slot] = Kernels.Dot(residualStep, _residualSteps[j]);
        }
    }

    // The normal equations by Cholesky's method. Steps can be nearly parallel: a ridge against that, far below the shares that matter.
    private bool Solve(int steps)
    {
        double trace = 0;
        for (int j = 0; j < steps; j++)
        {
            trace += _gram[(j * _depth) + j];
        }

        if (!(trace > 0))
        {
            return false;
        }

        for (int i = 0; i < steps; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = _gram[(i * _depth) + j] + (i == j ? Ridge * trace : 0);
                for (int k = 0; k < j; k++)
                {
                    sum -= _factor[(i * _depth) + k] * _factor[(j * _depth) + k];
                }

                if (i == j && !(sum > 0))
                {
                    return false;
                }

                _factor[(i * _depth) + j] = i == j ? Math.Sqrt(sum) : sum / _factor[(j * _depth) + j];
            }
        }

        for (int i = 0; i < steps; i++)
        {
            double sum = Kernels.Dot(_residualSteps[i], _residual);
            for (int k = 0; k < i; k++)
            {
                sum -= _factor[(i * _depth) + k] * _shares[k];
            }

            _shares[i] = sum / _factor[(i * _depth) + i];
        }

        for (int i = steps - 1; i >= 0; i--)
        {
            double sum = _shares[i];
            for (int k = i + 1; k < steps; k++)
            {
                sum -= _factor[(k * _depth) + i] * _shares[k];
            }

            _shares[i] = sum / _factor[(i * _depth) + i];
        }

        return true;
    }
}
