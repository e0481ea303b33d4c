using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Control.Arrays;

/// <summary>One stream that an array sends: a stored waveform and its beam.</summary>
/// <param name="Waveform">The waveform, stored in the radio.</param>
/// <param name="MeanPower">Mean of |x|^2 that stands for a stream of unit power, relative to full scale.</param>
/// <param name="Beam">One weight per transmit element in square root watts; the stream radiates their squared norm in watts.</param>
public sealed record BeamLayer(Waveform Waveform, double MeanPower, IReadOnlyList<Complex> Beam)
{
    /// <summary>Compiles layers into a burst.</summary>
    /// <param name="burstId">Identifier, unique within the schedule.</param>
    /// <param name="startTick">Tick of the first sample.</param>
    /// <param name="layers">What is sent at once; layers without power are left out.</param>
    /// <param name="fullScalePowerWatts">Power per channel of a full-scale signal.</param>
    /// <returns>The burst; null when no layer has any power.</returns>
    /// <exception cref="ConfigurationException">The sum exceeds full scale.</exception>
    public static TxBurst? Compile(int burstId, long startTick, IReadOnlyList<BeamLayer> layers, double fullScalePowerWatts)
    {
        ArgumentNullException.ThrowIfNull(layers);
        BeamLayer[] sent = [.. layers.Where(l => l.Beam.Any(w => w != Complex.Zero))];
        if (sent.Length == 0)
        {
            return null;
        }

        double peak = Enumerable.Range(0, sent[0].Beam.Count).Max(
            c => sent.Sum(l => l.Weight(c, fullScalePowerWatts).Magnitude * l.Waveform.PeakAmplitude));
        if (peak > 1)
        {
            throw new ConfigurationException(
                "scenario",
                "radio.fullScalePowerWatts",
                FormattableString.Invariant(
                    $"found {fullScalePowerWatts}; the planned beams peak at {peak:G4} of full scale, at least {fullScalePowerWatts * peak * peak:G4} is needed"));
        }

        // Weights are at most one in magnitude; what is common to all of them is the amplitude.
        double amplitude = sent.Max(l => Enumerable.Range(0, l.Beam.Count).Max(c => l.Weight(c, fullScalePowerWatts).Magnitude));
        TxLayer Layer(BeamLayer l) =>
            new(l.Waveform.Id, [.. Enumerable.Range(0, l.Beam.Count).Select(c => l.Weight(c, fullScalePowerWatts) / amplitude)]);
        return new TxBurst(burstId, startTick, [.. sent.Select(Layer)], 1, sent.Max(l => l.Waveform.Length), amplitude);
    }

    /// <summary>The stream's symbols of unit power as they are at symbol instants somewhere.</summary>
    /// <param name="pulse">Their pulse.</param>
    /// <param name="firstInstant">First instant in samples after the waveform's first, with the fraction.</param>
    /// <param name="symbols">Number of instants.</param>
    public (float[] Re, float[] Im) SymbolsAt(SymbolPulse pulse, double firstInstant, int symbols)
    {
        ArgumentNullException.ThrowIfNull(pulse);
        float[] re = new float[symbols], im = new float[symbols];
        pulse.Match(Waveform.Real, Waveform.Imaginary, firstInstant, re, im);
        float scale = (float)(1 / Math.Sqrt(MeanPower));
        for (int n = 0; n < symbols; n++)
        {
            (re[n], im[n]) = (scale * re[n], scale * im[n]);
        }

        return (re, im);
    }

    private Complex Weight(int element, double fullScalePowerWatts) => Beam[element] / Math.Sqrt(fullScalePowerWatts * MeanPower);
}
