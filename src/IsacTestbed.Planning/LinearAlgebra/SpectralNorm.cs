namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>The largest singular value of a matrix: an upper bound of its square that is proven, and a vector that nearly attains it.</summary>
/// <param name="SquaredUpperBound">
/// Not below the square of the largest singular value; above it by <see cref="Tolerance"/> or little more.
/// </param>
/// <param name="Right">Unit vector x with a large |A x|, the dominant right singular vector up to the accuracy of the iteration.</param>
/// <param name="IsRankOne">Whether all but 1e-12 of the squared Frobenius norm lies in one singular value.</param>
internal sealed record SpectralNorm(double SquaredUpperBound, ComplexVector Right, bool IsRankOne)
{
    private const double Tolerance = 2e-4;
    private const int MaxIterations = 60;

    /// <summary>Power iteration from a column, then a Cholesky factorisation of s I - A A^H as proof.</summary>
    public static SpectralNorm Of(ComplexMatrix matrix)
    {
        double frobenius = matrix.SquaredFrobeniusNorm();
        ComplexVector right = Start(matrix);
        if (!(frobenius > 0))
        {
            return new SpectralNorm(0, right, true);
        }

        double estimate = 0;
        for (int i = 0; i < MaxIterations; i++)
        {
            double attained = Step(matrix, ref right);
            bool settled = attained <= estimate * (1 + (0.05 * Tolerance));
            estimate = Math.Max(estimate, attained);
            if (settled)
            {
                break;
            }
        }

        if (frobenius <= estimate * (1 + Tolerance))
        {
            return new SpectralNorm(frobenius, right, frobenius <= estimate * (1 + 1e-12));
        }

        ComplexMatrix gram = Gram(matrix);
        for (double slack = Tolerance; ; slack *= 3)
        {
            // The factorisation of a matrix of this size errs by far less than 1e-12 of its norm, which the margin covers.
            double candidate = estimate * (1 + slack);
            if (candidate >= frobenius)
            {
                return new SpectralNorm(frobenius, right, false);
            }

            if (CholeskyFactor.TryCreate(Shifted(gram, candidate * (1 - 1e-11))) is not null)
            {
                return new SpectralNorm(candidate, right, false);
            }
        }
    }

    // The adjoint of the longest row: never orthogonal to everything, and exact for a matrix of rank one.
    private static ComplexVector Start(ComplexMatrix matrix)
    {
        var start = new ComplexVector(matrix.Columns);
        double longest = -1;
        for (int i = 0; i < matrix.Rows; i++)
        {
            ReadOnlySpan<double> re = matrix.Re.AsSpan(i * matrix.Columns, matrix.Columns), im = matrix.Im.AsSpan(i * matrix.Columns, matrix.Columns);
            double length = Kernels.Dot(re, re) + Kernels.Dot(im, im);
            if (length > longest)
            {
                longest = length;
                for (int j = 0; j < matrix.Columns; j++)
                {
                    (start.Re[j], start.Im[j]) = (re[j], -im[j]);
                }
            }
        }

        if (!start.Normalise())
        {
            start.Re[0] = 1;
        }

        return start;
    }

    private static double Step(ComplexMatrix matrix, ref ComplexVector right)
    {
        ComplexVector left = matrix.Times(right);
        double attained = left.SquaredNorm();
        ComplexVector next = matrix.AdjointTimes(left);
        if (next.Normalise())
        {
            right = next;
        }

        return attained;
    }

    // A A^H or A^H A, whichever is smaller.
    private static ComplexMatrix Gram(ComplexMatrix matrix) => matrix.Rows <= matrix.Columns
        ? matrix.Gram()
        : ComplexMatrix.Create(matrix.Columns, matrix.Rows, (i, j) => System.Numerics.Complex.Conjugate(matrix[j, i])).Gram();

    private static ComplexMatrix Shifted(ComplexMatrix gram, double shift)
    {
        var shifted = new ComplexMatrix(gram.Rows, gram.Rows);
        for (int i = 0; i < gram.Re.Length; i++)
        {
            shifted.Re[i] = -gram.Re[i];
            shifted.Im[i] = -gram.Im[i];
        }

        for (int i = 0; i < gram.Rows; i++)
        {
            shifted.Re[(i * gram.Rows) + i] += shift;
        }

        return shifted;
    }
}
