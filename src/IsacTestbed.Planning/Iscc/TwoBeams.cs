namespace IsacTestbed.Planning.Iscc;

/// <summary>The least power of a user's data and sensing beams f, u alone, where both its channels have rank one.</summary>
/// <remarks>
/// With unit vectors a and b along the two channels, (8) demands |a^H u|^2 at least s + gamma_th |a^H f|^2 and (7) |b^H f|^2 at least
/// gamma (1 / g + |b^H u|^2). For multipliers lambda, nu of the two with I + lambda gamma_th a a^H - nu b b^H and I - lambda a a^H + nu gamma b b^H
/// positive semidefinite, lambda s + nu gamma / g is a lower bound of the power by weak duality; the largest such pair solves
/// lambda (1 + nu gamma d) = 1 + nu gamma and nu (1 + lambda gamma_th d) = 1 + lambda gamma_th with d = 1 - |a^H b|^2, a quadratic equation.
/// </remarks>
/// <param name="Threshold">gamma_th.</param>
/// <param name="Gain">g per watt.</param>
/// <param name="Floor">s in watts.</param>
/// <param name="Separation">d.</param>
internal readonly record struct TwoBeams(double Threshold, double Gain, double Floor, double Separation)
{
    /// <summary>What rounding leaves of a bound.</summary>
    public const double Margin = 1 - 1e-9;

    /// <summary>The least power in watts; infinite where there is none.</summary>
    /// <param name="sinr">gamma.</param>
    public double Least(double sinr)
    {
        (double lambda, double nu) = Multipliers(sinr, Threshold, Separation);
        return double.IsFinite(lambda) ? Margin * ((lambda * Floor) + (nu * sinr / Gain)) : double.PositiveInfinity;
    }

    /// <summary>lambda and nu.</summary>
    /// <param name="sinr">gamma.</param>
    /// <param name="threshold">gamma_th.</param>
    /// <param name="separation">d.</param>
    public static (double Lambda, double Nu) Multipliers(double sinr, double threshold, double separation)
    {
        double square = threshold * separation * (1 + sinr), linear = 1 + (sinr * separation) - (threshold * separation) - (threshold * sinr);
        double root = Math.Sqrt((linear * linear) + (4 * square * (1 + sinr)));

        // The positive root, in the form without cancellation.
        double lambda = linear > 0 ? 2 * (1 + sinr) / (linear + root) : square > 0 ? (root - linear) / (2 * square) : double.PositiveInfinity;
        return (lambda, (1 + (lambda * threshold)) / (1 + (lambda * threshold * separation)));
    }
}
