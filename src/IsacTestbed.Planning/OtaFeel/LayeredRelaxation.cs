using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The layered relaxation of <see cref="AggregationBound"/>.</summary>
internal sealed class LayeredRelaxation
{
    private readonly OtaFeelCase _case;
    private readonly int[] _order;
    private readonly Layer[] _layers;
    private readonly ComplexMatrix[] _inverses;
    private readonly double[] _traces;
    private readonly JacobiWorkspace _spectrum;

    /// <summary>Divides a case into layers.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="gains">Per device its squared singular values over the noise, descending.</param>
    public LayeredRelaxation(OtaFeelCase problem, double[][] gains)
    {
        _case = problem;
        int devices = problem.Devices;
        double[] tops = [.. problem.Weights.Select(row => row.Max(w => w * w))];
        _order = [.. Enumerable.Range(0, devices).OrderByDescending(k => tops[k])];
        _layers = Layers(problem, gains, tops);
        _inverses = [.. Enumerable.Range(0, devices).Select(_ => new ComplexMatrix(problem.ServerAntennas, problem.ServerAntennas))];
        _traces = new double[devices];
        _spectrum = new JacobiWorkspace(problem.DeviceAntennas);
    }

    /// <summary>Looks for the largest bound by Frank-Wolfe steps.</summary>
    /// <param name="precoders">Precoders from which the search starts.</param>
    /// <param name="steps">Most steps.</param>
    /// <param name="known">A bound that is known already.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The larger of the best bound found and <paramref name="known"/>.</returns>
    public double Search(IReadOnlyList<ComplexMatrix> precoders, int steps, double known, CancellationToken cancellationToken)
    {
        ComplexMatrix[] covariances = [.. precoders.Select(Covariance)];
        double best = known;
        for (int step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Evaluate(covariances))
            {
                break;
            }

            // The relaxed value at this point lies above the best bound that tangents can give; little is left to gain near it.
            (double value, double bound) = Advance(covariances, 2.0 / (step + 8));
            best = Math.Max(best, bound);
            if (value - best <= 1e-4 * value)
            {
                break;
            }
        }

        return best;
    }

    private static Layer[] Layers(OtaFeelCase problem, double[][] gains, double[] tops)
    {
        double[] levels = [.. problem.Weights.SelectMany(row => row.Select(w => w * w)).Where(w => w > 0).Distinct().OrderDescending()];
        double[][] alone =
        [
            .. gains.Select(g => Enumerable.Range(0, problem.Tasks + 1)
                .Select(n => n == 0 ? 0 : AggregationBound.Alone(g, [.. Enumerable.Repeat(1.0, n)], problem.PowerWatts)).ToArray()),
        ];
        return
        [
            .. levels.Select((level, j) =>
            {
                int[] counts = [.. problem.Weights.Select(row => row.Count(w => w * w >= level))];
                return new Layer(
                    level - (j + 1 < levels.Length ? levels[j + 1] : 0), counts.Sum(), tops.Count(top => top >= level), counts.Select((n, k) => alone[k][n]).Sum());
            }),
        ];
    }

    private static ComplexMatrix Covariance(ComplexMatrix precoder) => ComplexMatrix.Create(
        precoder.Rows,
        precoder.Rows,
        (a, b) =>
        {
            System.Numerics.Complex sum = System.Numerics.Complex.Zero;
            for (int i = 0; i < precoder.Columns; i++)
            {
                sum += precoder[a, i] * System.Numerics.Complex.Conjugate(precoder[b, i]);
            }

            return sum;
        });

    // Inverse of S and its trace for every group of the devices with the largest weights.
    private bool Evaluate(ComplexMatrix[] covariances)
    {
        int n = _case.ServerAntennas, m = _case.DeviceAntennas;
        var sum = new ComplexMatrix(n, n);
        for (int i = 0; i < n; i++)
        {
            sum.Re[(i * n) + i] = _case.NoiseVariance;
        }

        for (int p = 0; p < _order.Length; p++)
        {
            ComplexMatrix channel = _case.Channels[_order[p]];
            ComplexMatrix spread = channel.Times(covariances[_order[p]]);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    (double re, double im) = ComplexRows.DotConjugate(
                        spread.Re.AsSpan(i * m, m), spread.Im.AsSpan(i * m, m), channel.Re.AsSpan(j * m, m), channel.Im.AsSpan(j * m, m));
                    sum.Re[(i * n) + j] += re;
                    sum.Im[(i * n) + j] += im;
                }
            }

            if (CholeskyFactor.TryCreate(sum) is not { } factor)
            {
                return false;
            }

            _inverses[p] = factor.Inverse();
            _traces[p] = 0;
            for (int i = 0; i < n; i++)
            {
                _traces[p] += _inverses[p].Re[(i * n) + i];
            }
        }

        return true;
    }

    // The relaxed value and the least value of its tangent; then a step towards the point where the tangent is least.
    private (double Value, double Bound) Advance(ComplexMatrix[] covariances, double stride)
    {
        int n = _case.ServerAntennas, m = _case.DeviceAntennas;
        double noise = _case.NoiseVariance, value = 0;
        double[] slopes = new double[_order.Length];
        foreach (Layer layer in _layers)
        {
            double relaxed = layer.Streams - n + (noise * _traces[layer.Devices - 1]);
            value += layer.Weight * Math.Max(relaxed, layer.Alone);
            slopes[layer.Devices - 1] += relaxed > layer.Alone ? layer.Weight : 0;
        }

        double bound = value;
        var slope = new ComplexMatrix(n, n);
        for (int p = _order.Length - 1; p >= 0; p--)
        {
            if (slopes[p] > 0)
            {
                AddSquare(_inverses[p], slopes[p] * noise, slope);
            }

            int k = _order[p];
            ComplexMatrix channel = _case.Channels[k], covariance = covariances[k];
            ComplexMatrix gradient = AdjointProduct(channel, slope.Times(channel));
            _spectrum.Decompose(gradient);

            // tr(gradient Q) of this point against P times the largest eigenvalue.
            double here = 0;
            for (int x = 0; x < m * m; x++)
            {
                here += (gradient.Re[x] * covariance.Re[x]) + (gradient.Im[x] * covariance.Im[x]);
            }

            bound += here - (_case.PowerWatts * Math.Max(0, _spectrum.Values[^1]));
            for (int a = 0; a < m; a++)
            {
                for (int b = 0; b < m; b++)
                {
                    System.Numerics.Complex corner =
                        _case.PowerWatts * System.Numerics.Complex.Conjugate(_spectrum.Vectors[m - 1, a]) * _spectrum.Vectors[m - 1, b];
                    covariance[a, b] += stride * (corner - covariance[a, b]);
                }
            }
        }

        // Rounding of sums of this size stays far below this margin.
        return (value, bound - (1e-12 * (1 + Math.Abs(value)) * _layers.Sum(layer => layer.Weight * layer.Streams)));
    }

    // Adds factor times the square of a Hermitian matrix.
    private static void AddSquare(ComplexMatrix matrix, double factor, ComplexMatrix target)
    {
        int n = matrix.Rows;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                (double re, double im) = ComplexRows.DotConjugate(
                    matrix.Re.AsSpan(i * n, n), matrix.Im.AsSpan(i * n, n), matrix.Re.AsSpan(j * n, n), matrix.Im.AsSpan(j * n, n));
                target.Re[(i * n) + j] += factor * re;
                target.Im[(i * n) + j] += factor * im;
            }
        }
    }

    private static ComplexMatrix AdjointProduct(ComplexMatrix left, ComplexMatrix right)
    {
        var product = new ComplexMatrix(left.Columns, right.Columns);
        int width = right.Columns;
        for (int i = 0; i < left.Rows; i++)
        {
            for (int j = 0; j < left.Columns; j++)
            {
                int x = (i * left.Columns) + j;
                ComplexRows.AddMultiple(
                    left.Re[x], -left.Im[x], right.Re.AsSpan(i * width, width), right.Im.AsSpan(i * width, width),
                    product.Re.AsSpan(j * width, width), product.Im.AsSpan(j * width, width));
            }
        }

        return product;
    }

    /// <summary>The streams whose squared weight reaches a level.</summary>
    /// <param name="Weight">Height of the layer.</param>
    /// <param name="Streams">Number of streams.</param>
    /// <param name="Devices">Number of devices they belong to: those with the largest weights.</param>
    /// <param name="Alone">Least sum of their errors if every device were alone on the air.</param>
    private readonly record struct Layer(double Weight, int Streams, int Devices, double Alone);
}
