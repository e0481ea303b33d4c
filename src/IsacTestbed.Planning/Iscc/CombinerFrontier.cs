using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What the combiners of a receiver can trade: the gain g = |w^H H|^2 of the beam that it wants against the part c = |w^H H b|^2 of it that
/// lies along a direction b, which another beam of the same user has to take.
/// </summary>
/// <remarks>
/// Behind any unit combiner w the channel has rank one with the direction a = H^H w / |H^H w|, the gain g and |a^H b|^2 = c / g, so that
/// <see cref="UplinkLimit"/>'s form bounds the power; a user needs at least the least over all w. That form falls with g and rises with c.
/// For every kappa at least 0, g - kappa c is at most the largest eigenvalue of H (I - kappa b b^H) H^H: with H H^H of eigenvalues l_i, and
/// eta_i the parts of H b along its eigenvectors, the largest root s of sum over i of kappa |eta_i|^2 / (l_i - s) = 1, which interlaces with
/// the l_i. All (g, c) fill a convex set, the joint numerical range of H H^H and H b b^H H^H, so that its tangents, chosen where those
/// present leave the most between them and the points where they touch, lose as little as one likes. Immutable and thread safe.
/// </remarks>
internal sealed class CombinerFrontier
{
    private const int MaxTangents = 200;
    private const int MostPieces = 200;
    private const double Margin = 1 + 1e-9;

    // What the tangents may leave of g - c beyond the set, by what g and g - c may change over a piece, and by what c where it is not
    // negligible: the sensing power pays for c alone, and where it takes nearly all of the budget little is left to the data.
    private const double Outside = 5e-4;
    private const double Step = 5e-3;
    private const double AlignedStep = 3e-2;
    private const double Negligible = 1e-6;
    private readonly double[] _gain;
    private readonly double[] _aligned;
    private readonly double[] _slope;
    private readonly Edge? _edge;

    private CombinerFrontier(double[] gain, double[] aligned, double[] slope, Edge? edge)
    {
        (_gain, _aligned) = (gain, aligned);
        (_slope, _edge) = (slope, edge);
    }

    /// <summary>Points along the edge; between two of them lies a piece.</summary>
    public int Count => _gain.Length;

    /// <summary>The frontier of a channel of rank one: a point.</summary>
    /// <param name="gain">g.</param>
    /// <param name="aligned">c.</param>
    public static CombinerFrontier Point(double gain, double aligned) => new([gain, gain], [aligned, aligned], [], null);

    /// <summary>The frontier of a channel. Takes time with the third power of its smaller side.</summary>
    /// <param name="channel">H.</param>
    /// <param name="direction">b, of unit norm.</param>
    public static CombinerFrontier Of(ComplexMatrix channel, ComplexVector direction)
    {
        var edge = new Edge(channel, direction);
        Tangent first = edge.At(0), last = edge.At(1e5);
        var tangents = new List<Tangent> { first };
        Cut(edge, first, last, tangents);
        tangents.Add(last);
        return Along(edge, tangents);
    }

    /// <summary>No combiner of the pieces between two points has a larger g.</summary>
    public double Gain(int first) => _gain[first];

    /// <summary>No combiner of the pieces up to this point has a smaller c.</summary>
    public double Aligned(int last) => _aligned[last];

    /// <summary>
    /// H^H w, of unit norm, for the combiner w at which the tangent of the piece behind a point touches; null for a channel of rank one.
    /// </summary>
    public ComplexVector? Through(int first) => _edge?.Through(_slope[first]);

    // Tangents between two, until what lies beyond the touching points is small: in the middle the one along their chord.
    private static void Cut(Edge edge, Tangent left, Tangent right, List<Tangent> tangents)
    {
        (double gain, double aligned) = Corner(left, right);
        double run = left.Aligned - right.Aligned, slope = (left.Gain - right.Gain) / run;
        if (tangents.Count >= MaxTangents || !(run > 0) || !(slope > left.Slope && slope < right.Slope))
        {
            return;
        }

        double chord = right.Gain + (slope * (aligned - right.Aligned));
        if (gain - chord <= Outside * Math.Max(gain - aligned, 1e-9 * gain))
        {
            return;
        }

        Tangent middle = edge.At(slope);
        Cut(edge, left, middle, tangents);
        tangents.Add(middle);
        Cut(edge, middle, right, tangents);
    }

    private static (double Gain, double Aligned) Corner(Tangent left, Tangent right)
    {
        double aligned = Math.Max(0, left.Height - right.Height) / (right.Slope - left.Slope);
        return (left.Height + (left.Slope * aligned), aligned);
    }

    // Divides the sides of the polygon into pieces over which neither g nor g - c changes much, and sees that both fall along them.
    private static CombinerFrontier Along(Edge edge, List<Tangent> tangents)
    {
        (double gain, double aligned) = Corner(tangents[0], tangents[1]);
        List<double> gains = [gain], parts = [aligned], slopes = [];
        for (int side = 1; side < tangents.Count; side++)
        {
            (double nextGain, double nextAligned) = side + 1 < tangents.Count ? Corner(tangents[side], tangents[side + 1]) : (tangents[side].Height, 0);
            (nextGain, nextAligned) = (Math.Clamp(nextGain, 0, gain), Math.Clamp(nextAligned, 0, aligned));
            double fall = gain - nextGain, turn = aligned - nextAligned;
            for (double at = 0; at < 1;)
            {
                double g = gain - (at * fall), c = aligned - (at * turn);
                double most = Math.Min(Step * (g - c + (1e-3 * g)), AlignedStep * Math.Max(c, Negligible * g));
                at = Math.Min(1, at + Math.Max(1.0 / MostPieces, 1 / Math.Max(fall / (Step * g), turn / most)));
                gains.Add(gain - (at * fall));
                parts.Add(aligned - (at * turn));
                slopes.Add(tangents[side].Slope);
            }

            (gain, aligned) = (nextGain, nextAligned);
        }

        return new CombinerFrontier([.. gains.Select(g => g * Margin)], [.. parts.Select(c => c / Margin)], [.. slopes], edge);
    }

    /// <param name="Slope">kappa.</param>
    /// <param name="Height">No g - kappa c is larger.</param>
    /// <param name="Gain">g where it touches the set, up to rounding.</param>
    /// <param name="Aligned">c there.</param>
    private readonly record struct Tangent(double Slope, double Height, double Gain, double Aligned);

    /// <summary>The tangents of one channel.</summary>
    private sealed class Edge
    {
        private readonly double[] _value;
        private readonly double[] _part;
        private readonly ComplexVector[] _right;
        private readonly Complex[] _image;

        public Edge(ComplexMatrix channel, ComplexVector direction)
        {
            // H^H H has the same eigenvalues l as H H^H, and right singular vectors v; eta = l^(1/2) v^H b.
            bool wide = channel.Columns > channel.Rows;
            int n = Math.Min(channel.Rows, channel.Columns);
            ComplexVector[] lines = [.. Enumerable.Range(0, n).Select(i => wide ? ConjugateRow(channel, i) : channel.Column(i))];
            var eigen = HermitianEigen.Of(ComplexMatrix.Create(n, n, (i, j) => lines[i].Inner(lines[j])));
            int[] order = [.. Enumerable.Range(0, n).OrderBy(i => eigen.Values[i])];
            _value = [.. order.Select(i => Math.Max(0, eigen.Values[i]))];

            // Scaled by l^(1/2): a line of H^H v is no unit vector, and needs no division by a small l.
            _right = [.. order.Select(i => Scaled(i))];
            _image = [.. _right.Select(v => v.Inner(direction))];
            _part = [.. _image.Select(z => (z.Real * z.Real) + (z.Imaginary * z.Imaginary))];

            ComplexVector Scaled(int column)
            {
                ComplexVector vector = eigen.Vectors.Column(column);
                if (wide)
                {
                    return channel.AdjointTimes(vector);
                }

                vector.Scale(Math.Sqrt(Math.Max(0, eigen.Values[column])));
                return vector;
            }
        }

        // The eigenvector has the parts eta / (l - s) along the left singular vectors.
        public ComplexVector? Through(double slope)
        {
            double height = Largest(slope);
            var sum = new ComplexVector(_right[0].Length);
            for (int i = 0; i < _right.Length; i++)
            {
                double distance = _value[i] - height;
                sum.Add(distance == 0 ? 0 : _image[i] / distance, _right[i]);
            }

            return sum.Normalise() ? sum : null;
        }

        public Tangent At(double slope)
        {
            double height = Largest(slope), sum = 0, square = 0;
            for (int i = 0; i < _value.Length; i++)
            {
                double distance = _value[i] - height;
                sum += _part[i] / distance;
                square += _part[i] / (distance * distance);
            }

            // Not a number where b has no part along the dominant eigenvector: then nothing of the largest gain is aligned.
            double aligned = slope > 0 ? sum * sum / square : _part[^1];
            aligned = double.IsFinite(aligned) ? aligned : 0;
            return new Tangent(slope, (height + (1e-12 * _value[^1])) * Margin, height + (slope * aligned), aligned);
        }

        // An upper bound of the largest eigenvalue of diag(l) - kappa eta eta^H; the l rise.
        private double Largest(double slope)
        {
            if (_value.Length == 1)
            {
                return Math.Max(0, _value[0] - (slope * _part[0]));
            }

            double low = _value[^2], high = _value[^1];
            for (int i = 0; i < 100 && high - low > 1e-14 * high; i++)
            {
                double middle = 0.5 * (low + high), sum = 0;
                for (int j = 0; j < _value.Length; j++)
                {
                    sum += slope * _part[j] / (_value[j] - middle);
                }

                (low, high) = sum < 1 ? (middle, high) : (low, middle);
            }

            return high;
        }

        private static ComplexVector ConjugateRow(ComplexMatrix matrix, int row)
        {
            var line = new ComplexVector(matrix.Columns);
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = Complex.Conjugate(matrix[row, i]);
            }

            return line;
        }
    }
}
