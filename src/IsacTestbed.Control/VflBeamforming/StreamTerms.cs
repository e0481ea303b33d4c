using System.Numerics;
using IsacTestbed.Control.Arrays;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>What a combiner's output holds of each known stream and of all the rest, with what every symbol contributes to the errors.</summary>
/// <remarks>
/// Least squares finds the gains g = G^-1 S^H z of streams S with G = S^H S. Symbol n errs them by G^-1 s[n]^* r[n] with the rest r, and the
/// power of the rest by (|r[n]|^2 - its mean) / (N - S). These are the observed contributions and not their expected squares, so that sums over
/// receivers keep what these have in common: a stream that both hear in their rests, or one's own stream in the other's rest. That holds for
/// any rest that is independent from symbol to symbol.
/// </remarks>
internal sealed class StreamTerms
{
    /// <summary>Separates the streams.</summary>
    /// <param name="observedRe">z, n symbols.</param>
    /// <param name="observedIm">z, n symbols.</param>
    /// <param name="known">Per stream its n symbols as they are at the instants of z, at unit power.</param>
    /// <exception cref="InvalidOperationException">No more symbols than streams.</exception>
    public StreamTerms(float[] observedRe, float[] observedIm, IReadOnlyList<(float[] Re, float[] Im)> known)
    {
        var separator = new StreamSeparator(known.Count);
        separator.Add(observedRe, observedIm, known);
        SeparatedStreams found = separator.Read();
        int symbols = observedRe.Length, streams = known.Count;
        Complex[][] errors = [.. Enumerable.Range(0, streams).Select(_ => new Complex[symbols])];
        double[] powers = new double[symbols];
        for (int n = 0; n < symbols; n++)
        {
            Complex rest = new(observedRe[n], observedIm[n]);
            for (int s = 0; s < streams; s++)
            {
                rest -= found.Gains[s] * new Complex(known[s].Re[n], known[s].Im[n]);
            }

            for (int t = 0; t < streams; t++)
            {
                Complex product = rest * new Complex(known[t].Re[n], -known[t].Im[n]);
                for (int s = 0; s < streams; s++)
                {
                    errors[s][n] += found.InverseGram[s, t] * product;
                }
            }

            powers[n] = (rest.Real * rest.Real) + (rest.Imaginary * rest.Imaginary);
        }

        double mean = powers.Average();
        Gains = [.. errors.Select((e, s) => UncertainAmplitude.Of(found.Gains[s], ErrorSource.Symbols, e))];
        Rest = UncertainFigure.Of(
            found.NoisePower,
            new Dictionary<ErrorSource, double[]> { [ErrorSource.Symbols] = [.. powers.Select(p => (p - mean) / (symbols - streams))] });
    }

    /// <summary>w^H H b of each stream.</summary>
    public IReadOnlyList<UncertainAmplitude> Gains { get; }

    /// <summary>Power of what no stream explains, per symbol.</summary>
    public UncertainFigure Rest { get; }
}
