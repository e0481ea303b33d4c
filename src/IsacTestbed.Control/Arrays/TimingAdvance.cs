using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Control.Arrays;

/// <summary>
/// What a transmitter does to arrive on a whole tick: it starts whole ticks early and delays its waveforms by the part of a sample that is
/// left, since a radio can only start on whole ticks.
/// </summary>
/// <param name="Ticks">Ticks by which it starts early.</param>
/// <param name="Fraction">Part of a sample, -0.5 to 0.5, by which its waveforms are delayed.</param>
public readonly record struct TimingAdvance(int Ticks, double Fraction)
{
    /// <summary>Samples before the first of a waveform that was not advanced.</summary>
    public const int Margin = BandLimitedShift.Margin;

    /// <summary>The advance that makes up for a delay.</summary>
    /// <param name="delaySamples">The delay, as sounded.</param>
    public static TimingAdvance For(double delaySamples)
    {
        int ticks = (int)Math.Round(delaySamples);
        return new TimingAdvance(ticks, ticks - delaySamples);
    }

    /// <summary>The waveform to store: 2 <see cref="Margin"/> samples longer, its content delayed by <see cref="Fraction"/>.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="re">Samples.</param>
    /// <param name="im">Samples.</param>
    public Waveform Apply(string id, ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        float[] shiftedRe = new float[re.Length + (2 * Margin)], shiftedIm = new float[shiftedRe.Length];
        BandLimitedShift.Delay(re, im, Fraction, shiftedRe, shiftedIm);
        return new Waveform(id, shiftedRe, shiftedIm);
    }
}
