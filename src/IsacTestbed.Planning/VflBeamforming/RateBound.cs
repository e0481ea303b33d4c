using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>An upper bound of the objective of (10): no beams within the power limit have a larger one.</summary>
/// <remarks>
/// Without the interference of other cells every SINR rises. What is left of R_c in a cell is a rate of linear beams over a broadcast
/// channel, at most its sum capacity: by duality the largest log2 det(I + sum of q_k h_k h_k^H) over powers q that sum to one, bounded from
/// above by its tangent at any q. What is left of R_s in a cell has, with x_j = gamma_j / (1 + gamma_j): x_j at most that of the target
/// alone, and the sum of x_j at most Q / (Q + 1), Q the largest sum of echo powers; the sum of -log2(1 - x_j) is convex and symmetric, and so
/// largest where the largest limits are used up first. The two parts are bounded apart, each at full power.
/// </remarks>
internal static class RateBound
{
    private const int MostSteps = 400;
    private const double Tolerance = 1e-5;

    /// <summary>Computes the bound.</summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    public static double Compute(IReadOnlyList<StationLinks> links, double rho)
    {
        double sum = 0;
        for (int m = 0; m < links.Count; m++)
        {
            sum += (rho > 0 ? rho * Communication(links[m], m) : 0) + (rho < 1 ? (1 - rho) * Sensing(links[m], m) : 0);
        }

        return sum;
    }

    private static double Communication(StationLinks station, int cell)
    {
        NetworkShape shape = station.Shape;
        int users = shape.Users;
        double[] powers = [.. Enumerable.Repeat(1.0 / users, users)], slopes = new double[users];
        ComplexVector[] channels = [.. Enumerable.Range(0, users).Select(k => station.Vector(shape.UserLink(cell, k)))];
        double best = double.PositiveInfinity;
        for (int step = 0; step < MostSteps; step++)
        {
            var covariance = new ComplexMatrix(shape.Antennas, shape.Antennas);
            for (int k = 0; k < users; k++)
            {
                ClosedFormBeams.AddOuter(covariance, station, shape.UserLink(cell, k), powers[k]);
            }

            for (int i = 0; i < shape.Antennas; i++)
            {
                covariance.Re[(i * shape.Antennas) + i] += 1;
            }

            // Not positive definite only by rounding, with channels hundreds of decibels above the noise.
            if (CholeskyFactor.TryCreate(covariance) is not { } factor)
            {
                break;
            }

            double value = factor.LogDeterminant() / Math.Log(2), used = 0, largest = 0;
            for (int k = 0; k < users; k++)
            {
                ComplexVector solution = channels[k].Clone();
                factor.Solve(solution);
                slopes[k] = channels[k].Inner(solution).Real / Math.Log(2);
                used += powers[k] * slopes[k];
                largest = Math.Max(largest, slopes[k]);
            }

            best = Math.Min(best, value + largest - used);
            if (largest - used <= Tolerance * Math.Max(value, double.Epsilon) || !(used > 0))
            {
                break;
            }

            double total = 0;
            for (int k = 0; k < users; k++)
            {
                // A multiplicative step raises the value; the floor lets a user come back.
                powers[k] = Math.Max(powers[k] * slopes[k] / used, 1e-9);
                total += powers[k];
            }

            for (int k = 0; k < users; k++)
            {
                powers[k] /= total;
            }
        }

        // Rounding of a few units in the last place must not lower it below what is reached.
        double alone = channels.Sum(h => Math.Log2(1 + h.SquaredNorm()));
        return Math.Min(best, alone) * (1 + 1e-12);
    }

    private static double Sensing(StationLinks station, int cell)
    {
        NetworkShape shape = station.Shape;
        ComplexVector[] echoes = [.. Enumerable.Range(0, shape.Targets).Select(j => station.Vector(shape.TargetLink(cell, j)))];
        var gram = ComplexMatrix.Create(shape.Targets, shape.Targets, (i, j) => echoes[i].Inner(echoes[j]));
        double power = SpectralNorm.Of(gram).SquaredUpperBound;
        double largest = Math.Min(Math.Sqrt(power), echoes.Sum(g => g.SquaredNorm()));
        double left = largest / (1 + largest), sum = 0;
        foreach (double gain in echoes.Select(g => g.SquaredNorm()).OrderDescending())
        {
            // -log2(1 - x); at its own limit a target alone, log2(1 + gain), without the loss of digits of 1 - x.
            double limit = gain / (1 + gain);
            sum += left >= limit ? Math.Log2(1 + gain) : left > 0 ? -Math.Log2(Math.Max(1 - left, 1 / (1 + largest))) : 0;
            left -= Math.Min(left, limit);
        }

        return sum * (1 + 1e-9);
    }
}
