namespace IsacTestbed.Control.Calibration;

/// <summary>
/// Estimate of the modem's gap to Shannon: an upload fails if its SNR is below Gap (2^(R/B) - 1). Found as the threshold that best separates
/// the uploads that decoded from those that did not.
/// </summary>
/// <remarks>
/// Among the thresholds with the fewest contradictions the one nearest to the prior (in dB) is taken, so that without evidence the gap
/// stays where the scenario put it. Normalised SNR is the measured SNR over (2^(R/B) - 1). Immutable; cost O(n log n) per estimate.
/// </remarks>
/// <param name="PriorGap">The gap assumed before any measurement, linear, at least 1.</param>
/// <param name="Decoded">Normalised SNRs of the uploads that decoded.</param>
/// <param name="Failed">Normalised SNRs of the uploads that did not.</param>
public sealed record OutageGap(double PriorGap, IReadOnlyList<double> Decoded, IReadOnlyList<double> Failed)
{
    /// <summary>An estimate without evidence.</summary>
    public static OutageGap FromPrior(double gap) => new(gap, [], []);

    /// <summary>The estimated gap, linear.</summary>
    public double Gap
    {
        get
        {
            double[] edges = [.. Decoded.Concat(Failed).Where(s => s > 0).Distinct().Order()];
            double best = PriorGap;
            int fewest = Contradictions(PriorGap);
            for (int i = 0; i <= edges.Length; i++)
            {
                // Any threshold between two neighbouring SNRs explains the evidence alike; of each such interval take the point nearest the prior.
                double low = i == 0 ? 0 : edges[i - 1], high = i == edges.Length ? double.PositiveInfinity : edges[i];
                double candidate = i == 0 ? Math.Min(PriorGap, high) : i == edges.Length ? Math.Max(PriorGap, low * 1.0001) : Midpoint(low, high);
                int count = Contradictions(candidate);
                bool nearer = Math.Abs(Math.Log(candidate / PriorGap)) < Math.Abs(Math.Log(best / PriorGap));
                if (count < fewest || (count == fewest && nearer))
                {
                    (best, fewest) = (candidate, count);
                }
            }

            return best;
        }
    }

    /// <summary>With one more upload.</summary>
    /// <param name="normalisedSnr">Measured SNR over (2^(R/B) - 1).</param>
    /// <param name="decoded">Whether it decoded.</param>
    public OutageGap Observe(double normalisedSnr, bool decoded) =>
        decoded ? this with { Decoded = [.. Decoded, normalisedSnr] } : this with { Failed = [.. Failed, normalisedSnr] };

    private static double Midpoint(double low, double high) => Math.Sqrt(low * high);

    private int Contradictions(double gap) => Decoded.Count(s => s < gap) + Failed.Count(s => s >= gap);
}
