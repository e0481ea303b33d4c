using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>
/// How far the predicted SINRs of echoes can be off because the channels that they rest on were sounded: variances by the delta method.
/// </summary>
/// <remarks>
/// A sounded coefficient has a circular Gaussian error of a known variance. A power that is a weighted sum of |g_i|^2 with errors of covariance
/// C_ik = E[e_i e_k^*] has the variance sum over i and k of d_i d_k (2 Re(g_i^* g_k C_ik) + |C_ik|^2) for its weights d_i.
/// </remarks>
/// <param name="scenario">The scenario.</param>
/// <param name="combiners">Per base station how it listens.</param>
/// <param name="channels">The sounded channels.</param>
/// <param name="problem">The case that was made of them.</param>
/// <param name="plan">The plan.</param>
internal sealed class PredictionVariances(
    VflBeamformingScenario scenario,
    IReadOnlyList<EchoCombiners> combiners,
    SoundedChannels channels,
    VflBeamformingCase problem,
    VflBeamformingPlan plan)
{
    /// <summary>Variance of a target's SINR (8).</summary>
    /// <param name="cell">The cell m.</param>
    /// <param name="target">The target j.</param>
    /// <param name="sinr">Its predicted SINR.</param>
    /// <param name="leak">Share of the power of the cell's target i that stands in the rest.</param>
    public double OfTarget(int cell, int target, double sinr, Func<int, double> leak)
    {
        if (!(sinr > 0))
        {
            return 0;
        }

        ChannelEstimate echo = Between(cell, cell);
        Complex[] strengths = combiners[cell].Strengths(echo.Channel);
        double[] powers = [.. Enumerable.Range(0, strengths.Length).Select(i => Power(Row(problem.SensingChannels[cell][cell], i), plan.Beamformers[cell]))];
        // What the SINR changes by per change of the squared strength of each echo.
        double rest = powers[target] / sinr;
        double[] weights =
        [
            .. strengths.Select((strength, i) =>
                powers[i] / (strength.Magnitude * strength.Magnitude) / rest * (i == target ? 1 : -leak(i) * sinr)),
        ];
        double variance = Variance(strengths, (i, k) => echo.ErrorVariance * combiners[cell].StrengthCovariance(i, k), i => weights[i]);
        for (int n = 0; n < plan.Beamformers.Count; n++)
        {
            variance += n == cell ? 0 : sinr * sinr / (rest * rest) * OfReceivedPower(cell, target, n);
        }

        return variance;
    }

    /// <summary>Variance of the predicted power of all streams of a base station behind the matched combiner of a target.</summary>
    /// <param name="cell">Whose combiner, m.</param>
    /// <param name="target">Of which of its targets.</param>
    /// <param name="sender">The sending base station n.</param>
    public double OfReceivedPower(int cell, int target, int sender)
    {
        ChannelEstimate channel = Between(sender, cell);
        ComplexMatrix beams = plan.Beamformers[sender];
        Complex[] row = EchoCombiners.Behind(combiners[cell].Matched[target], channel.Channel);
        Complex[] gains = [.. Enumerable.Range(0, beams.Columns).Select(k => Gain(row, beams, k))];
        return Variance(gains, (i, k) => channel.ErrorVariance * Inner(beams, k, i), _ => 1);
    }

    private ChannelEstimate Between(int sender, int receiver) => channels.Between(scenario.Cells[sender].Station.Id, scenario.Cells[receiver].Station.Id);

    private static double Variance(Complex[] values, Func<int, int, Complex> covariance, Func<int, double> weight)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            for (int k = 0; k < values.Length; k++)
            {
                Complex shared = covariance(i, k);
                double linear = 2 * (Complex.Conjugate(values[i]) * values[k] * shared).Real;
                sum += weight(i) * weight(k) * (linear + (shared.Real * shared.Real) + (shared.Imaginary * shared.Imaginary));
            }
        }

        return sum;
    }

    // The rows of a case are g; what multiplies the beams is g^H.
    private static Complex[] Row(ComplexMatrix channels, int row) => [.. Enumerable.Range(0, channels.Columns).Select(i => Complex.Conjugate(channels[row, i]))];

    private static double Power(Complex[] row, ComplexMatrix beams) =>
        Enumerable.Range(0, beams.Columns).Sum(k => Math.Pow(Gain(row, beams, k).Magnitude, 2));

    private static Complex Gain(Complex[] row, ComplexMatrix beams, int beam)
    {
        Complex sum = Complex.Zero;
        for (int i = 0; i < row.Length; i++)
        {
            sum += row[i] * beams[i, beam];
        }

        return sum;
    }

    // b_i^H b_k.
    private static Complex Inner(ComplexMatrix beams, int i, int k)
    {
        Complex sum = Complex.Zero;
        for (int r = 0; r < beams.Rows; r++)
        {
            sum += Complex.Conjugate(beams[r, i]) * beams[r, k];
        }

        return sum;
    }
}
