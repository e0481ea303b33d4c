using MathNet.Numerics.Distributions;

namespace IsacTestbed.Control.Calibration;

/// <summary>
/// Estimate of how far the true mean gain of a channel with exponential power fading lies from the model's: the ratio true over modelled.
/// </summary>
/// <remarks>
/// Each look gives x = measured SNR / modelled mean SNR, exponential with mean c. The conjugate prior counts as <see cref="PriorLooks"/> looks
/// at c = 1, so that the estimate is (n0 + sum w x) / (n0 + sum w). A look whose SNR is known only to a variance v (in units of the modelled
/// SNR squared) weighs w = 1 / (1 + v / c^2), the share of the fading in its variance, with c as estimated before it: one far below the noise
/// hardly counts. A look that fell below the detection threshold is censored: it adds the threshold to the sum and nothing to the count (maximum
/// likelihood under censoring). Immutable.
/// </remarks>
/// <param name="Looks">Weight of the uncensored looks so far.</param>
/// <param name="Sum">Weighted sum of their ratios and of the censored bounds.</param>
public sealed record MeanGain(double Looks = 0, double Sum = 0)
{
    /// <summary>How many looks the prior belief in the model is worth.</summary>
    public const double PriorLooks = 2;

    // Without a floor a run of unlucky noise could push the estimate so low that no later look would count any more.
    private const double LeastWeighingRatio = 0.1;

    /// <summary>The estimated ratio, above zero.</summary>
    public double Ratio => Math.Max((PriorLooks + Sum) / (PriorLooks + Looks), 1e-6);

    /// <summary>With one more look.</summary>
    /// <param name="ratio">Measured over modelled SNR; may be negative when noise exceeds the signal.</param>
    /// <param name="variance">Variance of the measurement itself, in units of the modelled SNR squared.</param>
    public MeanGain Observe(double ratio, double variance = 0)
    {
        double gain = Math.Max(Ratio, LeastWeighingRatio);
        double weight = 1 / (1 + (variance / (gain * gain)));
        return new MeanGain(Looks + weight, Sum + (weight * ratio));
    }

    /// <summary>With one look of which only an upper bound is known.</summary>
    /// <param name="bound">Detection threshold over modelled SNR, not negative.</param>
    public MeanGain ObserveBelow(double bound) => new(Looks, Sum + bound);

    /// <summary>Interval that holds the true ratio with the given probability: 2 S / c is chi-square with 2 n degrees of freedom.</summary>
    /// <param name="confidence">Probability, between 0 and 1.</param>
    public (double Lower, double Upper) Interval(double confidence = 0.95)
    {
        double tail = (1 - confidence) / 2;
        double n = PriorLooks + Looks, s = n * Ratio;
        return (s / Gamma.InvCDF(n, 1, 1 - tail), s / Gamma.InvCDF(n, 1, tail));
    }
}
