namespace IsacTestbed.Dsp.Estimation;

/// <summary>A signal-to-noise ratio with its confidence interval, all linear power ratios.</summary>
/// <param name="SnrLinear">Unbiased estimate; at low SNR it may be negative, and must be kept so where estimates are averaged.</param>
/// <param name="LowerLinear">Lower end of the interval, at least zero.</param>
/// <param name="UpperLinear">Upper end of the interval, at least the lower.</param>
/// <param name="Confidence">Probability that the interval covers the true ratio, in (0, 1).</param>
public readonly record struct SnrEstimate(double SnrLinear, double LowerLinear, double UpperLinear, double Confidence);
