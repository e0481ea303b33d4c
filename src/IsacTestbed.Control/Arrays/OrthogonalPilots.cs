using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Control.Arrays;

/// <summary>Pilots of all elements of an array, sent at once: circular shifts of one Zadoff-Chu sequence, which are exactly orthogonal.</summary>
/// <remarks>
/// Pilot m is z[(n + m s) mod L] with s = floor(L / M). It is extended circularly by <see cref="GuardSymbols"/> on each side, so that the
/// L symbols between see the whole period through the pulse's tails whatever the delay. A delay of s symbols would make one pilot look like
/// the next; delays are searched for below it.
/// </remarks>
internal sealed class OrthogonalPilots
{
    /// <summary>Symbols of circular extension on each side: the span of the pulse.</summary>
    public const int GuardSymbols = 12;

    private const double HeadroomAmplitude = 0.25;

    private readonly float[] _re;
    private readonly float[] _im;

    /// <summary>Makes the sequence.</summary>
    /// <param name="elements">Elements M.</param>
    /// <param name="symbols">Length L, more than M.</param>
    public OrthogonalPilots(int elements, int symbols)
    {
        Elements = elements;
        Symbols = symbols;
        Shift = symbols / elements;
        _re = new float[symbols];
        _im = new float[symbols];
        Pulses.ZadoffChu(1, _re, _im);
    }

    /// <summary>Mean power of a pilot's waveform relative to full scale: 12 dB of headroom, as packets have it.</summary>
    public static double MeanPower => HeadroomAmplitude * HeadroomAmplitude;

    /// <summary>Elements M.</summary>
    public int Elements { get; }

    /// <summary>Length L.</summary>
    public int Symbols { get; }

    /// <summary>Symbols from one pilot's shift to the next.</summary>
    public int Shift { get; }

    /// <summary>Symbols of a waveform, extension included.</summary>
    public int WaveformSymbols => Symbols + (2 * GuardSymbols);

    /// <summary>Instant of the first of the L symbols, in samples after the first of a waveform.</summary>
    public static double FirstInstant(SymbolPulse pulse) => pulse.HalfSpanSamples + (GuardSymbols * pulse.SamplesPerSymbol);

    /// <summary>The L symbols of one pilot as they leave the matched filter, of unit magnitude up to the cut of the pulse.</summary>
    public (float[] Re, float[] Im) Matched(int element, SymbolPulse pulse) =>
        new BeamLayer(Waveform(element, pulse), MeanPower, []).SymbolsAt(pulse, FirstInstant(pulse), Symbols);

    /// <summary>The waveform of one pilot.</summary>
    public Waveform Waveform(int element, SymbolPulse pulse)
    {
        float[] symbolRe = new float[WaveformSymbols], symbolIm = new float[WaveformSymbols];
        for (int n = 0; n < WaveformSymbols; n++)
        {
            int at = (n - GuardSymbols + (element * Shift) + Symbols) % Symbols;
            (symbolRe[n], symbolIm[n]) = ((float)HeadroomAmplitude * _re[at], (float)HeadroomAmplitude * _im[at]);
        }

        float[] re = new float[pulse.LengthInSamples(WaveformSymbols)], im = new float[re.Length];
        pulse.Shape(symbolRe, symbolIm, 0, re, im);
        return new Waveform($"pilot-{element}", re, im);
    }
}
