using System.Numerics;
using IsacTestbed.Control.Arrays;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>Gains that follow from sounded channels, with the errors that the sounded coefficients have.</summary>
/// <param name="channels">The sounded channels.</param>
/// <param name="symbols">Pilot symbols that each was found from.</param>
internal sealed class SoundedAmplitudes(SoundedChannels channels, int symbols)
{
    /// <summary>w^H H b: a stream with a beam, from one radio to another, behind a combiner.</summary>
    /// <param name="transmitter">The transmitting radio.</param>
    /// <param name="receiver">The receiving radio.</param>
    /// <param name="combiner">w.</param>
    /// <param name="beam">b.</param>
    public UncertainAmplitude Through(string transmitter, string receiver, IReadOnlyList<Complex> combiner, IReadOnlyList<Complex> beam)
    {
        ChannelEstimate found = channels.Between(transmitter, receiver);
        double deviation = Math.Sqrt(found.ErrorVariance);
        var errors = new Complex[combiner.Count * beam.Count];
        Complex sum = Complex.Zero;
        for (int r = 0; r < combiner.Count; r++)
        {
            for (int c = 0; c < beam.Count; c++)
            {
                Complex weight = Complex.Conjugate(combiner[r]) * beam[c];
                sum += weight * found.Channel[r, c];
                errors[(r * beam.Count) + c] = deviation * weight;
            }
        }

        return UncertainAmplitude.Of(sum, ErrorSource.Channel(transmitter, receiver), errors);
    }

    /// <summary>alpha_j of a target, as <see cref="EchoCombiners.Strengths"/> finds it.</summary>
    /// <param name="station">The base station.</param>
    /// <param name="combiners">How it listens.</param>
    /// <param name="target">The target j.</param>
    public UncertainAmplitude Strength(string station, EchoCombiners combiners, int target)
    {
        Complex[] z = combiners.Separating[target];
        return new Complex(1.0 / z.Length, 0) * Through(station, station, z, [.. z.Select(Complex.Conjugate)]);
    }

    /// <summary>Mean noise over channels, as the planner is given it.</summary>
    /// <param name="links">Transmitter and receiver of each.</param>
    public UncertainFigure Noise(IReadOnlyList<(string Transmitter, string Receiver)> links) =>
        1.0 / links.Count * UncertainFigure.Sum(links.Select(link =>
        {
            ChannelEstimate found = channels.Between(link.Transmitter, link.Receiver);
            double deviation = found.NoiseWatts / Math.Sqrt(found.Channel.Rows * (symbols - found.Channel.Columns));
            return UncertainFigure.Of(
                found.NoiseWatts, new Dictionary<ErrorSource, double[]> { [ErrorSource.Noise(link.Transmitter, link.Receiver)] = [deviation] });
        }));
}
