namespace IsacTestbed.Planning.Iscc;

/// <summary>What a user takes of a receiver beside its data, in proportion to them, where both beams arrive along one direction b.</summary>
/// <remarks>
/// Let f, u be beams with |f|^2 + |u|^2 at most P and |a^H u|^2 at least s + gamma |a^H f|^2, c = |a^H b|. For lambda, nu at least 0 with
/// lambda a a^H - b b^H at most nu I, rho b b^H at most nu I + lambda gamma a a^H and nu P at most mu + lambda s,
/// <code>mu + |b^H u|^2 >= rho |b^H f|^2.</code>
/// With nu = (mu + lambda s) / P the first asks for nu^2 - (lambda - 1) nu - lambda (1 - c^2) at least 0, a quadratic in lambda; rho is largest
/// at its root: whoever needs a beam along a can hide it from the receiver, or put power into data, not both.
/// </remarks>
/// <param name="Aligned">c^2.</param>
/// <param name="Floor">s in watts.</param>
/// <param name="Threshold">gamma.</param>
/// <param name="Budget">P in watts, above s.</param>
internal readonly record struct SensingLeak(double Aligned, double Floor, double Threshold, double Budget)
{
    /// <summary>The largest rho.</summary>
    /// <param name="noise">mu in watts, at least 0.</param>
    public double Share(double noise)
    {
        double m = noise / Budget, q = Floor / Budget;
        double half = 0.5 * ((2 * m * q) - m + q - (1 - Aligned)), square = q * (1 - q), constant = m * (1 + m);
        double root = Math.Sqrt((half * half) + (square * constant));

        // The sum without cancellation. Below the root every lambda is allowed; 0 always is.
        double lambda = (half > 0 ? (half + root) / square : root > half ? constant / (root - half) : 0) * (1 - 1e-9);
        double nu = m + (lambda * q), seen = lambda * Threshold;
        return nu > 0 ? nu / (1 - (Aligned * seen / (nu + seen))) * (1 - 1e-9) : 0;
    }
}
