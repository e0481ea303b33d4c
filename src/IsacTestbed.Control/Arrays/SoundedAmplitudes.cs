using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.Arrays;

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

    /// <summary>
    /// The same through the part of rank one nearest to the sounded channel, s y x^H. Of the errors E of the coefficients it keeps, to first
    /// order, y y^H E + E x x^H - y y^H E x x^H: what is along y or along x.
    /// </summary>
    /// <param name="transmitter">The transmitting radio.</param>
    /// <param name="receiver">The receiving radio.</param>
    /// <param name="combiner">w.</param>
    /// <param name="beam">b.</param>
    public UncertainAmplitude ThroughDominant(string transmitter, string receiver, IReadOnlyList<Complex> combiner, IReadOnlyList<Complex> beam)
    {
        ChannelEstimate found = channels.Between(transmitter, receiver);
        ComplexMatrix dominant = found.DominantPart();
        double deviation = Math.Sqrt(found.ErrorVariance);
        Complex[] left = Unit(Enumerable.Range(0, dominant.Columns).Select(c => Enumerable.Range(0, dominant.Rows).Select(r => dominant[r, c]).ToArray()));
        Complex[] right = Unit(Enumerable.Range(0, dominant.Rows).Select(r =>
            Enumerable.Range(0, dominant.Columns).Select(c => Complex.Conjugate(dominant[r, c])).ToArray()));
        Complex[] alongLeft = Along(left, combiner), alongRight = Along(right, beam);
        var errors = new Complex[combiner.Count * beam.Count];
        Complex sum = Complex.Zero;
        for (int r = 0; r < combiner.Count; r++)
        {
            for (int c = 0; c < beam.Count; c++)
            {
                sum += Complex.Conjugate(combiner[r]) * dominant[r, c] * beam[c];
                errors[(r * beam.Count) + c] = deviation
                    * ((Complex.Conjugate(alongLeft[r]) * beam[c]) + (Complex.Conjugate(combiner[r] - alongLeft[r]) * alongRight[c]));
            }
        }

        return UncertainAmplitude.Of(sum, ErrorSource.Channel(transmitter, receiver), errors);
    }

    // All are multiples of one; the longest is the most accurate.
    private static Complex[] Unit(IEnumerable<Complex[]> vectors)
    {
        Complex[] longest = vectors.MaxBy(Energy)!;
        double length = Math.Sqrt(Energy(longest));
        return [.. longest.Select(z => length > 0 ? z / length : z)];
    }

    private static Complex[] Along(Complex[] direction, IReadOnlyList<Complex> vector)
    {
        Complex part = direction.Zip(vector, (d, v) => Complex.Conjugate(d) * v).Aggregate(Complex.Zero, (sum, z) => sum + z);
        return [.. direction.Select(d => part * d)];
    }

    private static double Energy(Complex[] vector) => vector.Sum(z => (z.Real * z.Real) + (z.Imaginary * z.Imaginary));

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
