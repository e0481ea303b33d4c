namespace IsacTestbed.Planning.IsacFl;

/// <summary>The constants of Theorem 1 of isac-fl and the bound (24) that they give for a plan.</summary>
/// <param name="StrongConvexity">mu of (17); above zero and at most <paramref name="Smoothness"/>.</param>
/// <param name="Smoothness">L of (18); above zero.</param>
/// <param name="LearningRate">eta; above zero and at most 1 / (2 L).</param>
/// <param name="GradientNoise">sigma_0^2 of (21); zero or above.</param>
/// <param name="Heterogeneity">zeta^2 of (20); zero or above.</param>
/// <param name="InitialGap">F(w_0) - F*; zero or above.</param>
public sealed record ConvergenceBound(
    double StrongConvexity, double Smoothness, double LearningRate, double GradientNoise, double Heterogeneity, double InitialGap)
{
    /// <summary>Bound (23) on the aggregated gradient noise: sigma_0^2 K / (gamma_min sum D q), the term that dominates (24).</summary>
    /// <param name="objective">The plan's objective, gamma_min sum D q; zero gives infinity.</param>
    /// <param name="devices">Number of devices, K.</param>
    /// <param name="gradientNoise">sigma_0^2.</param>
    public static double DominantTerm(double objective, int devices, double gradientNoise = 1) => gradientNoise * devices / objective;

    /// <summary>Bound (24) on the expected optimality gap E[F(w_t) - F*] after some iterations.</summary>
    /// <param name="answer">A feasible plan; the weights (37) and the noise bound (23) follow from it.</param>
    /// <param name="iterations">t; zero or above.</param>
    /// <returns>The bound; infinite if no sample is expected to arrive.</returns>
    /// <exception cref="ArgumentException">The plan is infeasible.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A constant violates the assumptions of Theorem 1, or t is negative.</exception>
    public double OptimalityGap(IsacFlAnswer answer, int iterations)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        Validate();
        if (!answer.Feasible)
        {
            throw new ArgumentException("An infeasible answer has no plan to bound.", nameof(answer));
        }

        double arriving = answer.Devices.Sum(device => device.Samples * device.UploadSuccess);
        if (!(arriving > 0))
        {
            return double.PositiveInfinity;
        }

        double weights = answer.Devices.Sum(device => Math.Pow(device.Samples * device.UploadSuccess / arriving, 2));
        double noise = DominantTerm(answer.MinSensingSnr * arriving, answer.Devices.Count, GradientNoise) + (Heterogeneity * weights);

        // 1 - A is formed directly: A is close to 1 where the learning rate is small.
        double step = 2 * StrongConvexity * LearningRate * (1 - (Smoothness * LearningRate));
        double power = Math.Pow(1 - step, iterations);
        return (power * InitialGap) + (2 * Smoothness * LearningRate * LearningRate * (1 - power) / step * noise);
    }

    private void Validate()
    {
        Require(Smoothness > 0 && double.IsFinite(Smoothness), Smoothness, nameof(Smoothness), "above zero");
        Require(StrongConvexity > 0 && StrongConvexity <= Smoothness, StrongConvexity, nameof(StrongConvexity), "above zero and at most L");
        Require(LearningRate > 0 && LearningRate <= 1 / (2 * Smoothness), LearningRate, nameof(LearningRate), "above zero and at most 1 / (2 L)");
        Require(GradientNoise >= 0 && double.IsFinite(GradientNoise), GradientNoise, nameof(GradientNoise), "zero or above");
        Require(Heterogeneity >= 0 && double.IsFinite(Heterogeneity), Heterogeneity, nameof(Heterogeneity), "zero or above");
        Require(InitialGap >= 0 && double.IsFinite(InitialGap), InitialGap, nameof(InitialGap), "zero or above");
    }

    private static void Require(bool holds, double value, string name, string wanted)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {wanted}.");
        }
    }
}
