namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>How much a sample counts in the training.</summary>
internal static class LossWeight
{
    // In bit/s/Hz: a sample in which nothing can be reached must not drown the others.
    private const double LeastSize = 0.1;

    /// <summary>The factor of a sample's derivatives.</summary>
    /// <param name="value">Its rho R_c + (1 - rho) R_s.</param>
    /// <param name="relative">Whether it counts relative to its own size.</param>
    public static double Of(double value, bool relative) => relative ? 1 / Math.Max(value, LeastSize) : 1;
}
