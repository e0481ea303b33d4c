using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Planning.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra;
using Complex = System.Numerics.Complex;

namespace IsacTestbed.Control.Arrays;

/// <summary>What a combiner's output holds of each of several known streams, and what is left.</summary>
/// <param name="Gains">Complex gain of each stream: w^H H b.</param>
/// <param name="Variances">Variance of each gain around the true one.</param>
/// <param name="NoisePower">Mean power of what no stream explains, per symbol.</param>
/// <param name="NoiseVariance">Variance of that power around its mean.</param>
/// <param name="InverseGram">Inverse of the Gram matrix of the streams' symbols: the covariance of the gains over the noise power.</param>
/// <param name="Symbols">Symbols that it was measured from.</param>
public sealed record SeparatedStreams(
    IReadOnlyList<Complex> Gains, IReadOnlyList<double> Variances, double NoisePower, double NoiseVariance, ComplexMatrix InverseGram, int Symbols)
{
    /// <summary>Power of a stream, unbiased: what noise adds to the square of an estimate is taken away. Possibly negative.</summary>
    public double Power(int stream) => (Gains[stream].Magnitude * Gains[stream].Magnitude) - Variances[stream];

    /// <summary>Variance of <see cref="Power"/>: 2 |g|^2 v + v^2 for a complex Gaussian error of variance v.</summary>
    public double PowerVariance(int stream) => ((2 * Math.Max(0, Power(stream))) + Variances[stream]) * Variances[stream];
}

/// <summary>Separates known streams behind a combiner by least squares, symbol by symbol: each term of an SINR by itself. Not thread safe.</summary>
/// <param name="streams">Number of streams S, at least one.</param>
public sealed class StreamSeparator(int streams)
{
    private readonly Matrix<Complex> _gram = Matrix<Complex>.Build.Dense(streams, streams);
    private readonly Vector<Complex> _cross = Vector<Complex>.Build.Dense(streams);
    private double _observed;
    private int _symbols;

    /// <summary>Adds symbols.</summary>
    /// <param name="observedRe">z, n symbols.</param>
    /// <param name="observedIm">z, n symbols.</param>
    /// <param name="known">Per stream its n symbols as they are at the instants of z, at unit power.</param>
    /// <exception cref="ArgumentException">Counts or lengths differ.</exception>
    public void Add(ReadOnlySpan<float> observedRe, ReadOnlySpan<float> observedIm, IReadOnlyList<(float[] Re, float[] Im)> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (known.Count != streams)
        {
            throw new ArgumentException($"{known.Count} streams for a separator of {streams}.", nameof(known));
        }

        for (int s = 0; s < streams; s++)
        {
            (double re, double im) = SplitComplex.InnerProduct(known[s].Re, known[s].Im, observedRe, observedIm);
            _cross[s] += new Complex(re, im);
            for (int t = 0; t < streams; t++)
            {
                (re, im) = SplitComplex.InnerProduct(known[s].Re, known[s].Im, known[t].Re, known[t].Im);
                _gram[s, t] += new Complex(re, im);
            }
        }

        _observed += SplitComplex.Energy(observedRe, observedIm);
        _symbols += observedRe.Length;
    }

    /// <summary>Adds what another separator of the same streams has seen.</summary>
    public void Add(StreamSeparator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _gram.Add(other._gram, _gram);
        _cross.Add(other._cross, _cross);
        _observed += other._observed;
        _symbols += other._symbols;
    }

    /// <summary>Solves for the gains.</summary>
    /// <exception cref="InvalidOperationException">No more symbols than streams.</exception>
    public SeparatedStreams Read()
    {
        if (_symbols <= streams)
        {
            throw new InvalidOperationException($"{_symbols} symbols cannot separate {streams} streams.");
        }

        Matrix<Complex> inverse = _gram.Inverse();
        Vector<Complex> gains = inverse * _cross;
        int left = _symbols - streams;
        double noise = Math.Max(0, _observed - _cross.ConjugateDotProduct(gains).Real) / left;
        return new SeparatedStreams(
            gains.ToArray(),
            [.. Enumerable.Range(0, streams).Select(s => noise * inverse[s, s].Real)],
            noise,
            noise * noise / left,
            ComplexMatrix.Create(streams, streams, (s, t) => inverse[s, t]),
            _symbols);
    }
}
