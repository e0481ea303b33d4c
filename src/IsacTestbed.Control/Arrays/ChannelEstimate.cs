using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.Arrays;

/// <summary>What sounding found out about one path between two arrays, which may be a radio's own echo.</summary>
/// <param name="TransmitterId">The transmitting radio.</param>
/// <param name="ReceiverId">The receiving radio; the same one for its own echo.</param>
/// <param name="Channel">
/// H: a row per receive element, a column per transmit element. A stream of unit-power symbols with a beam of b square root watts arrives
/// as H b, in the units of the captured samples.
/// </param>
/// <param name="DelaySamples">Delay from the transmitter's tick to the receiver's, in samples with their fraction.</param>
/// <param name="NoiseWatts">Noise power per receive element in the symbol bandwidth, in the units of the captured samples squared.</param>
/// <param name="ErrorVariance">Variance of each coefficient around the true one, noise M / (L P) for M elements, L symbols and a power P.</param>
/// <param name="Verdict">Whether it may be used.</param>
/// <param name="Reason">Why not, when it may not; empty otherwise.</param>
public sealed record ChannelEstimate(
    string TransmitterId,
    string ReceiverId,
    ComplexMatrix Channel,
    double DelaySamples,
    double NoiseWatts,
    double ErrorVariance,
    Verdict Verdict,
    string Reason)
{
    private const int Iterations = 60;

    /// <summary>
    /// The part of rank one nearest to the channel. For a path that is known to have rank one, as an echo of one target in its far field,
    /// it is the better estimate: of M_r M_t noisy coefficients it keeps M_r + M_t - 1.
    /// </summary>
    public ComplexMatrix DominantPart()
    {
        int rows = Channel.Rows, columns = Channel.Columns;
        Complex[] left = new Complex[rows], right = new Complex[columns];

        // The power method from the column with the most energy, which cannot be orthogonal to the dominant direction.
        int start = Enumerable.Range(0, columns).MaxBy(c => Enumerable.Range(0, rows).Sum(r => SquaredMagnitude(Channel[r, c])));
        right[start] = 1;
        double scale = 0;
        for (int i = 0; i < Iterations; i++)
        {
            for (int r = 0; r < rows; r++)
            {
                left[r] = Complex.Zero;
                for (int c = 0; c < columns; c++)
                {
                    left[r] += Channel[r, c] * right[c];
                }
            }

            double norm = Math.Sqrt(left.Sum(SquaredMagnitude));
            if (!(norm > 0))
            {
                return Channel;
            }

            for (int c = 0; c < columns; c++)
            {
                right[c] = Complex.Zero;
                for (int r = 0; r < rows; r++)
                {
                    right[c] += Complex.Conjugate(Channel[r, c]) * left[r] / norm;
                }
            }

            scale = Math.Sqrt(right.Sum(SquaredMagnitude));
            for (int c = 0; c < columns; c++)
            {
                right[c] /= scale;
            }

            for (int r = 0; r < rows; r++)
            {
                left[r] /= norm;
            }
        }

        return ComplexMatrix.Create(rows, columns, (r, c) => scale * left[r] * Complex.Conjugate(right[c]));
    }

    private static double SquaredMagnitude(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
