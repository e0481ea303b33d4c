using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Control.Iscc;

/// <summary>The band in which one user sends and is received.</summary>
/// <remarks>
/// It stands between the modem's rate, samples per symbol of its own bandwidth, and the radios'. The whole band has the radios' rate: nothing is
/// converted, not a bit changes. Immutable and thread safe.
/// </remarks>
internal sealed class UserBand
{
    private readonly SubBand? _subBand;

    private UserBand(SubBand? subBand) => _subBand = subBand;

    /// <summary>The band that all users share.</summary>
    public static UserBand Whole { get; } = new(null);

    /// <summary>A part of it.</summary>
    public static UserBand Of(SubBand subBand) => new(subBand);

    /// <summary>Whether it is the band that all users share.</summary>
    public bool IsWhole => _subBand is null;

    /// <summary>Its bandwidth over the whole one, and the modem's rate over the radios'.</summary>
    public double Share => _subBand?.RateShare ?? 1;

    /// <summary>Its centre in cycles per sample of the radios.</summary>
    internal double CentreCyclesPerSample => _subBand is null ? 0 : (double)_subBand.CentreBin / _subBand.Period;

    /// <summary>Samples of the radios from the first to the last of some of the modem.</summary>
    /// <param name="samples">Samples of the modem, at least one.</param>
    public int AtRadio(int samples) => _subBand is { } band
        ? (int)((((samples - 1L) * band.Period) + band.Samples - 1) / band.Samples) + 1
        : samples;

    /// <summary>Samples of the modem that fit into some of the radios.</summary>
    /// <param name="samples">Samples of the radios, at least one.</param>
    public int AtModem(int samples) => _subBand is { } band ? (int)((samples - 1L) * band.Samples / band.Period) + 1 : samples;

    /// <summary>A waveform of the modem as the radio sends it.</summary>
    public (float[] Re, float[] Im) ToRadio((float[] Re, float[] Im) waveform)
    {
        if (_subBand is null)
        {
            return waveform;
        }

        float[] re = new float[AtRadio(waveform.Re.Length)], im = new float[re.Length];
        _subBand.Raise(waveform.Re, waveform.Im, re, im);
        return (re, im);
    }

    /// <summary>What a radio sends as the modem sees it; the phase counts from the first sample.</summary>
    public Waveform ToModem(Waveform waveform)
    {
        if (_subBand is null)
        {
            return waveform;
        }

        (float[] re, float[] im) = ToModem(waveform.Real, waveform.Imaginary);
        return new Waveform(waveform.Id, re, im);
    }

    /// <summary>What a radio received as the modem sees it; the phase counts from the first sample.</summary>
    public (float[] Re, float[] Im) ToModem(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        if (_subBand is null)
        {
            return (re.ToArray(), im.ToArray());
        }

        float[] lowRe = new float[AtModem(re.Length)], lowIm = new float[lowRe.Length];
        _subBand.Lower(re, im, lowRe, lowIm);
        return (lowRe, lowIm);
    }
}
