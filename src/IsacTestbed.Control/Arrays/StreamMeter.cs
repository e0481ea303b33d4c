using System.Numerics;
using IsacTestbed.Control.Records;
using IsacTestbed.Dsp.Estimation;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Control.Arrays;

/// <summary>What a combiner's output says about one known stream.</summary>
/// <param name="Gain">The stream's complex gain: w^H H b.</param>
/// <param name="Sinr">Power of the stream, at unit power of its symbols, over that of all the rest, linear; unbiased, so possibly negative near zero.</param>
/// <param name="Lower">Lower end of the 95 % interval, at least zero.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Symbols">Symbols that it was measured from.</param>
public sealed record StreamReading(Complex Gain, double Sinr, double Lower, double Upper, int Symbols);

/// <summary>Measures the SINR of a known stream behind a combiner, symbol by symbol. Not thread safe.</summary>
/// <remarks>
/// With N symbols s and observations z = g s + r, the projection p = |s^H z|^2 / |s|^2 holds N |g|^2 and one degree of freedom of the rest, the
/// residual |z|^2 - p the other N - 1. For a rest that is white and Gaussian from symbol to symbol, which noise behind the matched filter is and
/// other streams of independent symbols nearly are, their ratio is noncentral F with (2, 2 N - 2) degrees of freedom, so that
/// <see cref="SnrEstimator"/> gives an unbiased |s|^2 SINR and its interval: the interval follows from the number of symbols alone. Streams of
/// constant modulus vary less than Gaussian ones, so where they are most of the rest the interval is a little too wide.
/// </remarks>
public sealed class StreamMeter
{
    private double _observed;
    private double _known;
    private Complex _cross;

    /// <summary>Symbols so far.</summary>
    public int Symbols { get; private set; }

    /// <summary>Adds symbols; runs that are apart in time may be added one after the other while the channel stands.</summary>
    /// <param name="observedRe">z, n symbols.</param>
    /// <param name="observedIm">z, n symbols.</param>
    /// <param name="knownRe">s, n symbols of unit power.</param>
    /// <param name="knownIm">s, n symbols.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public void Add(ReadOnlySpan<float> observedRe, ReadOnlySpan<float> observedIm, ReadOnlySpan<float> knownRe, ReadOnlySpan<float> knownIm)
    {
        (double re, double im) = SplitComplex.InnerProduct(knownRe, knownIm, observedRe, observedIm);
        _cross += new Complex(re, im);
        _known += SplitComplex.Energy(knownRe, knownIm);
        _observed += SplitComplex.Energy(observedRe, observedIm);
        Symbols += knownRe.Length;
    }

    /// <summary>Adds what another meter of the same stream has seen.</summary>
    public void Add(StreamMeter other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _cross += other._cross;
        _known += other._known;
        _observed += other._observed;
        Symbols += other.Symbols;
    }

    /// <summary>Reads the meter.</summary>
    /// <exception cref="InvalidOperationException">Fewer than three symbols, a stream without power, or nothing but the stream.</exception>
    public StreamReading Read()
    {
        double projection = ((_cross.Real * _cross.Real) + (_cross.Imaginary * _cross.Imaginary)) / _known;
        double residual = _observed - projection;
        if (Symbols < 3 || !(_known > 0) || !(residual > 0))
        {
            throw new InvalidOperationException($"{Symbols} symbols of energy {_known} with a residual of {residual} say nothing about an SINR.");
        }

        SnrEstimate estimate = SnrEstimator.ConstantEcho(projection, 1, residual, Symbols - 1, Comparison.Confidence);
        return new StreamReading(
            _cross / _known, estimate.SnrLinear / _known, estimate.LowerLinear / _known, estimate.UpperLinear / _known, Symbols);
    }
}
