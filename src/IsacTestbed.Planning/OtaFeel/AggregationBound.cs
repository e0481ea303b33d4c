using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>
/// A rigorous lower bound of the error (7) over all precoders within the power limits, for orthogonal pulses and precoders that are
/// constant over the frame.
/// </summary>
/// <remarks>
/// With such pulses (7) is the weighted sum of the errors of all streams, each decoded by its own best receiver. Three relaxations, of
/// which the largest counts. One: every device alone on the air, solved in closed form by its singular values. Two and three: write the
/// squared weights as layers, so that (7) is a sum over layers of the unweighted error of the streams whose weight reaches that layer;
/// streams of lower weight only disturb them and are dropped. A layer of n streams has at least the error of its devices each alone,
/// and at least n - N + sigma^2 tr S^-1, where S holds the covariances Q_k of its devices: convex once the rank of Q_k is not limited
/// to the number of streams, so that any tangent at any Q bounds it from below, and the least value of a tangent over the power limits
/// is P times the largest eigenvalue per device. Frank-Wolfe steps look for a good Q; the bound holds at each. The demand for sensing power
/// only shrinks the set and is left out.
/// </remarks>
internal static class AggregationBound
{
    private const int Steps = 150;

    /// <summary>Computes the bound.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="precoders">Precoders near the best, from which the search for a good tangent starts.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static double Compute(OtaFeelCase problem, IReadOnlyList<ComplexMatrix> precoders, CancellationToken cancellationToken)
    {
        double[][] gains = [.. problem.Channels.Select(channel => Gains(channel, problem.NoiseVariance))];
        double alone = problem.Weights.Select((row, k) => Alone(gains[k], [.. row.Select(w => w * w)], problem.PowerWatts)).Sum();
        return Math.Max(alone, new LayeredRelaxation(problem, gains).Search(precoders, Steps, alone, cancellationToken));
    }

    /// <summary>Least weighted error of one device alone on the air, from below.</summary>
    /// <param name="gains">Squared singular values over the noise, descending.</param>
    /// <param name="weights">Squared weights.</param>
    /// <param name="power">Power limit.</param>
    internal static double Alone(double[] gains, double[] weights, double power)
    {
        double[] sorted = [.. weights.OrderDescending()];
        int pairs = Math.Min(gains.Length, sorted.Length);
        double rest = sorted.Skip(pairs).Sum();

        // The dual function is a lower bound at every price; the price at which the power is used up gives the largest.
        double low = 0, high = 0;
        for (int j = 0; j < pairs; j++)
        {
            high = Math.Max(high, sorted[j] * gains[j]);
        }

        if (!(high > 0))
        {
            return sorted.Sum();
        }

        double best = 0;
        for (int i = 0; i < 100; i++)
        {
            double price = 0.5 * (low + high), used = 0, value = -price * power;
            for (int j = 0; j < pairs; j++)
            {
                double amount = sorted[j] * gains[j] > price ? Math.Sqrt(sorted[j] / (price * gains[j])) - (1 / gains[j]) : 0;
                used += amount;
                value += (sorted[j] / (1 + (amount * gains[j]))) + (price * amount);
            }

            best = Math.Max(best, value);
            (low, high) = used > power ? (price, high) : (low, price);
        }

        return best + rest;
    }

    private static double[] Gains(ComplexMatrix channel, double noise)
    {
        var gram = ComplexMatrix.Create(
            channel.Columns,
            channel.Columns,
            (a, b) =>
            {
                System.Numerics.Complex sum = System.Numerics.Complex.Zero;
                for (int n = 0; n < channel.Rows; n++)
                {
                    sum += System.Numerics.Complex.Conjugate(channel[n, a]) * channel[n, b];
                }

                return sum;
            });
        var spectrum = new JacobiWorkspace(channel.Columns);
        spectrum.Decompose(gram);
        return [.. spectrum.Values.Reverse().Select(value => Math.Max(value, 0) / noise)];
    }
}
