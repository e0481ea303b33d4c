using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Estimation;

/// <summary>The SNR of an echo from matched-filter outputs of its cell and of noise-only cells that went through the same
/// processing.</summary>
/// <remarks>
/// With K looks y of the target's cell, M noise cells z, all noise circular complex Gaussian of one unknown power and independent, the
/// statistic is F = (sum |y|^2 / K) / (sum |z|^2 / M), and (M - 1)/M F - 1 is an unbiased estimate of the SNR per look in both models,
/// since E[1/chi^2] is known. Oversampled or windowed cells are correlated: count cells that are independent, or the interval is too
/// narrow. Thread safe, no allocation.
/// </remarks>
public static class SnrEstimator
{
    /// <summary>Echo of constant power over the looks, any phases: the SNR of one frame.</summary>
    /// <remarks>
    /// F is noncentral F with (2 K, 2 M) degrees of freedom and noncentrality 2 K SNR; the interval is the set of SNRs that neither tail,
    /// each (1 - confidence)/2, rejects. If the statistic is below what even zero SNR explains, both ends are zero.
    /// </remarks>
    /// <param name="targetRe">Looks y, K floats, at least one.</param>
    /// <param name="targetIm">Looks y.</param>
    /// <param name="noiseRe">Noise cells z, M floats, at least two.</param>
    /// <param name="noiseIm">Noise cells z.</param>
    /// <param name="confidence">Coverage wanted, in (0, 1).</param>
    /// <exception cref="ArgumentException">Lengths differ, there are too few values, or the noise cells are all zero or not
    /// finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not in (0, 1).</exception>
    public static SnrEstimate ConstantEcho(
        ReadOnlySpan<float> targetRe, ReadOnlySpan<float> targetIm, ReadOnlySpan<float> noiseRe, ReadOnlySpan<float> noiseIm,
        double confidence = 0.95) =>
        ConstantEcho(
            SplitComplex.Energy(targetRe, targetIm), targetRe.Length, SplitComplex.Energy(noiseRe, noiseIm), noiseRe.Length, confidence);

    /// <summary>Echo of constant power over the looks, from sums of powers.</summary>
    /// <param name="targetEnergy">sum |y|^2.</param>
    /// <param name="looks">K, at least one.</param>
    /// <param name="noiseEnergy">sum |z|^2, positive.</param>
    /// <param name="noiseCells">M, at least two.</param>
    /// <param name="confidence">Coverage wanted, in (0, 1).</param>
    /// <exception cref="ArgumentException">An energy is negative or not finite, or the noise has none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is too small, or the confidence is not in (0, 1).</exception>
    public static SnrEstimate ConstantEcho(double targetEnergy, int looks, double noiseEnergy, int noiseCells, double confidence = 0.95)
    {
        double ratio = Ratio(targetEnergy, looks, noiseEnergy, noiseCells, confidence);
        double tail = (1 - confidence) / 2;
        return new SnrEstimate(
            Unbiased(ratio, noiseCells), SnrAt(ratio, looks, noiseCells, 1 - tail), SnrAt(ratio, looks, noiseCells, tail), confidence);
    }

    /// <summary>Echo that fades exponentially in power, independently from look to look (Rayleigh amplitude): the mean SNR over
    /// frames.</summary>
    /// <remarks>y is circular Gaussian of power (1 + SNR) sigma^2, so F / (1 + SNR) is F with (2 K, 2 M) degrees of freedom.</remarks>
    /// <param name="targetRe">One output per frame, K floats, at least one.</param>
    /// <param name="targetIm">One output per frame.</param>
    /// <param name="noiseRe">Noise cells z, M floats, at least two.</param>
    /// <param name="noiseIm">Noise cells z.</param>
    /// <param name="confidence">Coverage wanted, in (0, 1).</param>
    /// <exception cref="ArgumentException">Lengths differ, there are too few values, or the noise cells are all zero or not
    /// finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not in (0, 1).</exception>
    public static SnrEstimate FadingEcho(
        ReadOnlySpan<float> targetRe, ReadOnlySpan<float> targetIm, ReadOnlySpan<float> noiseRe, ReadOnlySpan<float> noiseIm,
        double confidence = 0.95) =>
        FadingEcho(
            SplitComplex.Energy(targetRe, targetIm), targetRe.Length, SplitComplex.Energy(noiseRe, noiseIm), noiseRe.Length, confidence);

    /// <summary>Echo that fades exponentially in power, from sums of powers.</summary>
    /// <inheritdoc cref="ConstantEcho(double, int, double, int, double)" path="/param"/>
    /// <inheritdoc cref="ConstantEcho(double, int, double, int, double)" path="/exception"/>
    public static SnrEstimate FadingEcho(double targetEnergy, int looks, double noiseEnergy, int noiseCells, double confidence = 0.95)
    {
        double ratio = Ratio(targetEnergy, looks, noiseEnergy, noiseCells, confidence);
        double tail = (1 - confidence) / 2;
        double lower = Math.Max(0, (ratio / FQuantile(1 - tail, looks, noiseCells)) - 1);
        double upper = Math.Max(lower, (ratio / FQuantile(tail, looks, noiseCells)) - 1);
        return new SnrEstimate(Unbiased(ratio, noiseCells), lower, upper, confidence);
    }

    private static double Unbiased(double ratio, int noiseCells) => (ratio * (noiseCells - 1) / noiseCells) - 1;

    private static double Ratio(double targetEnergy, int looks, double noiseEnergy, int noiseCells, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(looks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(noiseCells, 2);
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1.");
        }

        if (!double.IsFinite(targetEnergy) || targetEnergy < 0)
        {
            throw new ArgumentException($"The target's energy is {targetEnergy}.", nameof(targetEnergy));
        }

        if (!double.IsFinite(noiseEnergy) || noiseEnergy <= 0)
        {
            throw new ArgumentException($"The noise cells' energy is {noiseEnergy}; without noise there is no ratio.", nameof(noiseEnergy));
        }

        return targetEnergy / looks / (noiseEnergy / noiseCells);
    }

    /// <summary>The SNR at which the statistic is at most the observed ratio with a probability; zero if there is none.</summary>
    private static double SnrAt(double ratio, int looks, int noiseCells, double probability)
    {
        if (SpecialFunctions.NoncentralF(ratio, looks, noiseCells, 0) <= probability)
        {
            return 0;
        }

        double low = 0, high = Math.Max(1, 2 * ratio);
        while (SpecialFunctions.NoncentralF(ratio, looks, noiseCells, looks * high) > probability)
        {
            low = high;
            high *= 2;
        }

        // Far finer than the interval is wide.
        while (high - low > 1e-7 * high)
        {
            double middle = 0.5 * (low + high);
            bool above = SpecialFunctions.NoncentralF(ratio, looks, noiseCells, looks * middle) > probability;
            (low, high) = above ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }

    private static double FQuantile(double probability, int looks, int noiseCells)
    {
        double x = SpecialFunctions.InverseRegularizedBeta(probability, looks, noiseCells);
        return noiseCells * x / (looks * (1 - x));
    }
}
