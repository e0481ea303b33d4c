using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What a user whose channels both have several paths can trade: the gains g = 1 / X of its data behind an access point's combiner and
/// h = 1 / Y of its echo behind its own, against the overlap of the two directions in which it then transmits.
/// </summary>
/// <remarks>
/// Behind combiners w and z the two channels have rank one, along v ~ H^H w and t ~ H~^H z, of gains g at most 1 / (v^H A v) and h at most
/// 1 / (t^H B t) per unit of noise, A = (H^H H / sigma_1^2)^-1 and B = (H~^H H~ / sigma_2^2)^-1. <see cref="UplinkLimit"/>'s form
/// then bounds the power by lambda gamma_th Y + nu gamma X, with multipliers that rise with rho = |v^H t|. For the unit vectors of overlap
/// at most rho, alpha v v^H + beta t t^H is at most Lambda I with Lambda = (alpha + beta + ((alpha - beta)^2 + 4 alpha beta rho^2)^(1/2)) / 2.
/// Hence for any unit z and alpha, beta at least 0, p X + q Y is at least
/// lambda_min(p A + alpha z z^H) + lambda_min(q B + beta z z^H) - Lambda: a lower bound for every rho, whatever the search for the three has
/// found. Both eigenvalues solve secular equations. For given rho the least of p X + q Y is concave in (p, q), so that values
/// between those on a grid are at least their chords. Immutable and thread safe.
/// </remarks>
internal sealed class BeamPairFrontier
{
    private const double Margin = 1 - 1e-9;

    // Weights q / (p + q) and overlaps at which the least is sought, and overlaps between which it is tabled.
    private static readonly double[] Weights = [0, 0.01, 0.03, 0.07, 0.13, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.93, 0.97, 0.99, 1];
    private static readonly double[] Sought = [0, 0.03, 0.07, 0.12, 0.18, 0.25, 0.33, 0.42, 0.51, 0.6, 0.69, 0.78, 0.86, 0.93, 0.98];
    private const int Cells = 160;
    private readonly double[][] _least;
    private readonly double _firstX;
    private readonly double _firstY;

    private BeamPairFrontier(double[][] least, double firstX, double firstY)
    {
        _least = least;
        (_firstX, _firstY) = (firstX, firstY);
    }

    /// <summary>Number of ranges of the overlap.</summary>
    public static int Count => Cells;

    /// <summary>The frontier of a user. Takes time with the third power of its transmit antennas.</summary>
    /// <param name="uplink">H.</param>
    /// <param name="uplinkNoise">sigma_1^2 in watts.</param>
    /// <param name="echo">H~.</param>
    /// <param name="echoNoise">sigma_2^2 in watts.</param>
    public static BeamPairFrontier Of(ComplexMatrix uplink, double uplinkNoise, ComplexMatrix echo, double echoNoise)
    {
        Side data = Side.Of(uplink, uplinkNoise), sensing = Side.Of(echo, echoNoise);
        var least = new double[Cells + 1][];
        for (int cell = 0; cell <= Cells; cell++)
        {
            // Each of the two alone can be at its best.
            least[cell] = [.. Weights.Select(_ => 1.0)];
        }

        Parallel.For(1, Weights.Length - 1, weight =>
        {
            var search = new Search(data, sensing, 1 - Weights[weight], Weights[weight]);
            foreach (double overlap in Sought)
            {
                (double constant, double alpha, double beta) = search.Best(overlap);
                for (int cell = 0; cell <= Cells; cell++)
                {
                    least[cell][weight] = Math.Max(least[cell][weight], (constant - Search.Largest(alpha, beta, Overlap(cell))) * Margin);
                }
            }
        });

        return new BeamPairFrontier(least, data.First, sensing.First);
    }

    /// <summary>The lower end of a range of the squared overlap.</summary>
    public static double SquaredOverlap(int cell) => Overlap(cell) * Overlap(cell);

    /// <summary>A lower bound of p X + q Y over all pairs of a range of overlaps.</summary>
    /// <param name="cell">The range.</param>
    /// <param name="p">Weight of X, at least 0.</param>
    /// <param name="q">Weight of Y, at least 0.</param>
    public double Least(int cell, double p, double q)
    {
        double x = p * _firstX, y = q * _firstY, share = y / (x + y);
        int right = 1;
        while (right + 1 < Weights.Length && Weights[right] < share)
        {
            right++;
        }

        double[] least = _least[cell + 1];
        double along = (share - Weights[right - 1]) / (Weights[right] - Weights[right - 1]);
        return (x + y) * (least[right - 1] + (along * (least[right] - least[right - 1])));
    }

    // Even in the angle between the directions, so that small overlaps and small separations both have fine ranges.
    private static double Overlap(int cell) => cell == Cells ? 1 : Math.Sin(0.5 * Math.PI * cell / Cells);

    /// <summary>One channel: eigenvectors of H^H H, and 1 over its eigenvalues in units of the least of these.</summary>
    private sealed record Side(double First, double[] Inverse, ComplexVector[] Vectors)
    {
        // No gain counts as less than this part of the largest, which keeps the values finite and only lowers the bound.
        private const double Faintest = 1e-12;

        public static Side Of(ComplexMatrix channel, double noise)
        {
            int n = channel.Columns;
            ComplexVector[] columns = [.. Enumerable.Range(0, n).Select(j => channel.Column(j))];
            var eigen = HermitianEigen.Of(ComplexMatrix.Create(n, n, (i, j) => columns[i].Inner(columns[j])));
            int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => eigen.Values[i])];
            double most = eigen.Values[order[0]] * (1 + 1e-12);
            return new Side(
                noise / most,
                [.. order.Select((i, place) => place == 0 ? 1 : most / Math.Max((eigen.Values[i] * (1 + 1e-12)) + (1e-13 * most), Faintest * most))],
                [.. order.Select(i => eigen.Vectors.Column(i))]);
        }

        public Complex[] Parts(ComplexVector vector) => [.. Vectors.Select(v => v.Inner(vector))];

        // The least eigenvalue of weight diag(Inverse) + amount c c^H, from below, and its eigenvector's parts.
        public double Least(double weight, double amount, Complex[] parts, int halvings, Complex[]? vector = null)
        {
            double low = weight * Inverse[0], first = Square(parts[0]);
            double high = Math.Min(Inverse.Length > 1 ? weight * Inverse[1] : double.PositiveInfinity, low + (amount * parts.Sum(Square)));
            double root = low;
            if (Inverse.Length == 1)
            {
                root = low + (amount * first);
            }
            else if (amount * first > 0)
            {
                for (int i = 0; i < halvings; i++)
                {
                    double middle = 0.5 * (root + high), sum = 0;
                    for (int j = 0; j < Inverse.Length; j++)
                    {
                        sum += Square(parts[j]) / (middle - (weight * Inverse[j]));
                    }

                    (root, high) = amount * sum > 1 ? (middle, high) : (root, middle);
                }
            }

            for (int j = 0; vector is not null && j < vector.Length; j++)
            {
                double distance = (weight * Inverse[j]) - root;
                vector[j] = distance == 0 ? (j == 0 ? 1 : 0) : parts[j] / distance;
            }

            return root;
        }

        public ComplexVector Sum(Complex[] parts)
        {
            var sum = new ComplexVector(Vectors[0].Length);
            for (int j = 0; j < parts.Length; j++)
            {
                sum.Add(parts[j], Vectors[j]);
            }

            _ = sum.Normalise();
            return sum;
        }

        private static double Square(Complex z) => (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
    }

    /// <summary>The search for z, alpha and beta at one pair of weights: z from v and t, alpha and beta for z, v and t for these, and so on.</summary>
    private sealed class Search(Side data, Side sensing, double p, double q)
    {
        private const int Turns = 4;
        private const int Sections = 11;

        // Halvings of a secular equation's interval while searching, and for the result.
        private const int Coarse = 24;
        private const int Fine = 60;

        public static double Largest(double alpha, double beta, double overlap) =>
            0.5 * (alpha + beta + Math.Sqrt(((alpha - beta) * (alpha - beta)) + (4 * alpha * beta * overlap * overlap)));

        public (double Constant, double Alpha, double Beta) Best(double overlap)
        {
            double alpha = 1, beta = 1, best = p + q;
            (double Constant, double Alpha, double Beta) found = (best, 0, 0);
            (ComplexVector v, ComplexVector t) = (data.Vectors[0], sensing.Vectors[0]);
            if (v.Inner(t).Magnitude <= overlap)
            {
                // Both at their best at once.
                return found;
            }

            for (int turn = 0; turn < Turns; turn++)
            {
                // The dominant eigenvector of alpha v v^H + beta t t^H, up to the phase between the two.
                Complex inner = t.Inner(v);
                double size = inner.Magnitude, most = Largest(alpha, beta, size);
                ComplexVector z = v.Clone();
                double share = most - alpha;
                z.Scale(alpha * size > 0 ? alpha * size : 1);
                z.Add(share * (size > 0 ? inner / size : 1), t);
                if (!z.Normalise())
                {
                    break;
                }

                Complex[] onData = data.Parts(z), onSensing = sensing.Parts(z);
                (alpha, beta) = Maximise(onData, onSensing, overlap);
                Complex[] inV = new Complex[onData.Length], inT = new Complex[onSensing.Length];
                double constant = data.Least(p, alpha, onData, Fine, inV) + sensing.Least(q, beta, onSensing, Fine, inT);
                double value = constant - Largest(alpha, beta, overlap);
                if (value > best)
                {
                    (best, found) = (value, (constant, alpha, beta));
                }

                (v, t) = (data.Sum(inV), sensing.Sum(inT));
            }

            return found;
        }

        // Over the angle of (alpha, beta); along each, where the bound is concave, over five decades of their size.
        private (double Alpha, double Beta) Maximise(Complex[] onData, Complex[] onSensing, double overlap)
        {
            double best = GoldenSection.Least(angle => -Along(angle).Value, 0, 0.5 * Math.PI, Sections), size = Along(best).Size;
            return (size * Math.Cos(best), size * Math.Sin(best));

            (double Size, double Value) Along(double angle)
            {
                double cos = Math.Cos(angle), sin = Math.Sin(angle);
                double Value(double decades)
                {
                    double alpha = Math.Pow(10, decades) * cos, beta = Math.Pow(10, decades) * sin;
                    return data.Least(p, alpha, onData, Coarse) + sensing.Least(q, beta, onSensing, Coarse) - Largest(alpha, beta, overlap);
                }

                double decades = GoldenSection.Least(d => -Value(d), -3, 2.5, Sections);
                return (Math.Pow(10, decades), Value(decades));
            }
        }
    }
}
