using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Iscc;

/// <summary>The band of each user: one for all, or sub-bands side by side in the spectrum of that one.</summary>
/// <remarks>
/// The shared band's pulse occupies (1 + rollOff) B around the carrier. A user with the share s of the bandwidth gets s of that, the first user
/// at the lower edge, so that together they occupy what the shared band does. Shares and edges lie on the bins of a slot, a period of
/// the next power of two: bandwidths are rounded to one bin of the modem's rate, 1 / period of the whole band. Immutable and thread safe.
/// </remarks>
internal sealed class UserBands
{
    private readonly UserBand[] _bands;

    private UserBands(UserBand[] bands) => _bands = bands;

    /// <summary>One user's band.</summary>
    public UserBand this[int user] => _bands[user];

    /// <summary>The bands that a plan asks for.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="slotSamples">Samples of a slot at the radios' rate; no waveform is longer.</param>
    /// <param name="pulse">Pulse of all streams.</param>
    /// <exception cref="ConfigurationException">A user's band is too narrow for a pulse within a slot.</exception>
    public static UserBands Of(IsccPlan plan, int slotSamples, SymbolPulse pulse)
    {
        int users = plan.BandwidthHz.Count;
        if (!plan.Orthogonal)
        {
            return new UserBands([.. Enumerable.Repeat(UserBand.Whole, users)]);
        }

        int period = (int)BitOperations.RoundUpToPowerOf2((uint)slotSamples);
        double total = plan.BandwidthHz.Sum(), occupied = (1 + pulse.RollOff) / pulse.SamplesPerSymbol, reached = 0;
        int begin = 0;
        var bands = new UserBand[users];
        for (int k = 0; k < users; k++)
        {
            reached += plan.BandwidthHz[k];
            int end = k == users - 1 ? period : (int)Math.Round(period * (reached / total));
            double low = occupied * (begin - (period / 2.0)), high = occupied * (end - (period / 2.0));
            if (end - begin < pulse.LengthInSamples(1))
            {
                string share = FormattableString.Invariant($"the {100 * plan.BandwidthHz[k] / total:G3} % of the band that the plan gives to user {k}");
                throw new ConfigurationException(
                    "scenario",
                    "offload.slotSamples",
                    $"found {slotSamples}; {share} make {end - begin} samples of a slot, fewer than the {pulse.LengthInSamples(1)} of one pulse; "
                    + "longer slots are needed");
            }

            int first = (int)Math.Ceiling(low), centre = (int)Math.Round((low + high) / 2);
            bands[k] = UserBand.Of(new SubBand(period, end - begin, centre, first, (int)Math.Ceiling(high) - first));
            begin = end;
        }

        return new UserBands(bands);
    }

    /// <summary>Whether two users' signals meet; a user meets itself.</summary>
    public bool Meet(int one, int other) => one == other || _bands[one].IsWhole;
}
