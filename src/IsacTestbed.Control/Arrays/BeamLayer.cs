using System.Numerics;
using IsacTestbed.Core;

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

    private Complex Weight(int element, double fullScalePowerWatts) => Beam[element] / Math.Sqrt(fullScalePowerWatts * MeanPower);
}
