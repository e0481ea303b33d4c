using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What the combiners of an echo receiver can trade: the gain g = |w^H H~|^2 of the own sensing beam against the part c = |w^H H~ b|^2 of
/// it that lies along the uplink's direction b.
/// </summary>
/// <remarks>
/// Behind any unit combiner w the echo has rank one with the direction a = H~^H w / |H~^H w|, the gain g and
/// |a^H b|^2 = c / g, so that <see cref="UplinkLimit"/>'s form bounds the power; a user needs at least the least over all w. That form
/// falls with g and rises with c. For every kappa at least 0, g - kappa c is at most the largest eigenvalue of H~ (I - kappa b b^H) H~^H: with
/// H~ H~^H of eigenvalues l_i, and eta_i the parts of H~ b along its eigenvectors, the largest root s of
/// sum over i of kappa |eta_i|^2 / (l_i - s) = 1, which interlaces with the l_i. These half-planes cut a polygon that holds all (g, c);
/// along its edge, from corner to corner, the form is at least its value with the larger g and the smaller c.
/// </remarks>
internal static class EchoFrontier
{
    private const int LargestArray = 24;
    private const double Margin = 1 + 1e-9;
    private static readonly double[] Slopes = [0, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 5, 8, 13, 20, 35, 60, 100, 300, 1e3, 1e4];

    /// <summary>Pairs of which at least one bounds every combiner: no larger g, no smaller c.</summary>
    /// <param name="echo">H~.</param>
    /// <param name="direction">b, of unit norm.</param>
    /// <returns>Null where both sides of H~ have many antennas.</returns>
    public static (double Gain, double Aligned)[]? Of(ComplexMatrix echo, ComplexVector direction)
    {
        bool wide = echo.Columns > echo.Rows;
        int n = Math.Min(echo.Rows, echo.Columns);
        if (n > LargestArray)
        {
            return null;
        }

        // H~^H H~ has the same eigenvalues l, and eta = l^(1/2) times the parts of b along its eigenvectors.
        ComplexVector[] columns = [.. Enumerable.Range(0, n).Select(i => Line(echo, i, wide))];
        var eigen = HermitianEigen.Of(ComplexMatrix.Create(n, n, (i, j) => columns[i].Inner(columns[j])));
        ComplexVector image = wide ? echo.Times(direction) : direction;
        double[] value = new double[n], part = new double[n];
        double most = Math.Max(0, eigen.Values.Max());
        for (int i = 0; i < n; i++)
        {
            Complex inner = Complex.Zero;
            for (int j = 0; j < n; j++)
            {
                inner += Complex.Conjugate(eigen.Vectors[j, i]) * image[j];
            }

            value[i] = Math.Max(0, eigen.Values[i]);
            part[i] = ((inner.Real * inner.Real) + (inner.Imaginary * inner.Imaginary)) * (wide ? 1 : value[i]);
        }

        Array.Sort(value, part);
        double[] height = [.. Slopes.Select(kappa => (Largest(value, part, kappa) + (1e-12 * most)) * Margin)];
        var corners = new List<(double Gain, double Aligned)>();
        for (int i = 0; i + 1 < Slopes.Length; i++)
        {
            double aligned = Math.Max(0, height[i] - height[i + 1]) / (Slopes[i + 1] - Slopes[i]);
            corners.Add((height[i] + (Slopes[i] * aligned), aligned));
        }

        corners.Add((height[^1], 0));
        return [.. Pieces(corners).Select(p => (p.Gain * Margin, p.Aligned / Margin))];
    }

    // Cuts the edge into pieces over which neither g nor c / g changes much: the g of a piece's begin, the c of its end.
    private static IEnumerable<(double Gain, double Aligned)> Pieces(List<(double Gain, double Aligned)> corners)
    {
        yield return corners[0];
        (double gain, double aligned) = corners[0];
        for (int i = 1; i < corners.Count; i++)
        {
            (double nextGain, double nextAligned) = (Math.Min(gain, corners[i].Gain), Math.Min(aligned, corners[i].Aligned));
            (double fromGain, double fromAligned) = corners[i - 1];
            for (double at = 0; at < 1;)
            {
                // The farthest point of this side that is still near the begin of the piece.
                double step = 1 - at;
                while (step > 1e-3
                    && !Near(gain, aligned, Along(fromGain, nextGain, at + step), Along(fromAligned, nextAligned, at + step)))
                {
                    step *= 0.5;
                }

                at += step;
                double nowGain = Along(fromGain, nextGain, at), nowAligned = Along(fromAligned, nextAligned, at);
                if (at < 1 || !Near(gain, aligned, nowGain, nowAligned) || i == corners.Count - 1)
                {
                    yield return (gain, nowAligned);
                    (gain, aligned) = (nowGain, nowAligned);
                }
            }
        }
    }

    private static double Along(double from, double to, double share) => Math.Max(0, from + (share * (to - from)));

    private static bool Near(double gain, double aligned, double nextGain, double nextAligned) =>
        nextGain >= 0.97 * gain
        && aligned - nextAligned <= (0.08 * (gain - aligned)) + (2e-4 * gain)
        && (nextAligned >= 0.6 * aligned || aligned <= 1e-4 * gain);

    private static ComplexVector Line(ComplexMatrix matrix, int index, bool row)
    {
        var line = new ComplexVector(row ? matrix.Columns : matrix.Rows);
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = row ? Complex.Conjugate(matrix[index, i]) : matrix[i, index];
        }

        return line;
    }

    // An upper bound of the largest eigenvalue of diag(value) - kappa eta eta^H; the values rise.
    private static double Largest(double[] value, double[] part, double kappa)
    {
        double low = value.Length > 1 ? value[^2] : value[0] - (kappa * part[0]), high = value[^1];
        if (value.Length == 1)
        {
            return Math.Max(0, low);
        }

        for (int i = 0; i < 100 && high - low > 1e-14 * high; i++)
        {
            double middle = 0.5 * (low + high), sum = 0;
            for (int j = 0; j < value.Length; j++)
            {
                sum += kappa * part[j] / (value[j] - middle);
            }

            (low, high) = sum < 1 ? (middle, high) : (low, middle);
        }

        return high;
    }
}
