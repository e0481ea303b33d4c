using System.Numerics;
using IsacTestbed.Control.Chains;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.Arrays;

/// <summary>What a window of pilots says, before it is judged.</summary>
/// <param name="Channel">H in the units of the samples over square root watts.</param>
/// <param name="Delay">Delay in samples.</param>
/// <param name="Noise">Noise power per element in the symbol bandwidth.</param>
/// <param name="Flags">Degradations of the window.</param>
/// <param name="HasGap">Whether samples are missing.</param>
internal sealed record PilotReading(ComplexMatrix Channel, double Delay, double Noise, CaptureFlags Flags, bool HasGap);

/// <summary>Estimates a channel matrix and its delay from a captured window of pilots. Not thread safe: owns its buffers.</summary>
/// <remarks>
/// The delay is not known: geometry tells the propagation but not what cables, filters and converters of a real radio add, so it is found by
/// correlation. With the delay t the pilots fit best whose projections hold the most energy, sum over receive elements and pilots of
/// |p_m^H y_i(t)|^2: the maximum likelihood estimate in white noise. Whole samples are tried one by one, the fraction follows by golden
/// section. Given the delay, least squares is the projection itself, because the pilots are orthogonal; what is left of the samples is noise.
/// Pilots are taken as they leave the matched filter and not as they were written: the pulse is cut, and what that spreads over their
/// neighbours, 49 dB below them, would else count as noise where they are strong.
/// Clocks of both ends are taken as one: a carrier offset must be small against a cycle over the pilots.
/// </remarks>
internal sealed class PilotReceiver
{
    private const int RefinementSteps = 14;
    private static readonly double GoldenRatio = (Math.Sqrt(5) - 1) / 2;

    private readonly OrthogonalPilots _pilots;
    private readonly SymbolPulse _pulse;
    private readonly int _maxDelay;
    private readonly (float[] Re, float[] Im)[] _known;
    private readonly double[] _energies;
    private readonly float[] _re;
    private readonly float[] _im;

    /// <param name="pilots">The pilots.</param>
    /// <param name="pulse">Their pulse.</param>
    /// <param name="maxDelay">Longest delay, in samples.</param>
    public PilotReceiver(OrthogonalPilots pilots, SymbolPulse pulse, int maxDelay)
    {
        (_pilots, _pulse, _maxDelay) = (pilots, pulse, maxDelay);
        _known = [.. Enumerable.Range(0, pilots.Elements).Select(m => pilots.Matched(m, pulse))];
        _energies = [.. _known.Select(k => SplitComplex.Energy(k.Re, k.Im))];
        _re = new float[pilots.Symbols];
        _im = new float[pilots.Symbols];
    }

    /// <summary>Estimates the channel.</summary>
    /// <param name="window">The captured window; its first sample is that of the transmitter's waveform without a delay.</param>
    /// <param name="powerWatts">Power of all pilots together.</param>
    public PilotReading Estimate(CapturedWindow window, double powerWatts)
    {
        double delay = FindDelay(window);
        int elements = _pilots.Elements, symbols = _pilots.Symbols;
        double amplitude = Math.Sqrt(powerWatts / elements), left = 0;
        var projections = new Complex[window.ChannelCount, elements];
        for (int i = 0; i < window.ChannelCount; i++)
        {
            left += Project(window, i, delay);
            for (int m = 0; m < elements; m++)
            {
                Complex projection = Inner(m);
                left -= Power(projection) / _energies[m];
                projections[i, m] = projection / (_energies[m] * amplitude);
            }
        }

        double noise = left / (window.ChannelCount * (symbols - elements));
        var channel = ComplexMatrix.Create(window.ChannelCount, elements, (i, m) => projections[i, m]);
        return new PilotReading(channel, delay, noise, window.Flags, window.HasGap);
    }

    private double FindDelay(CapturedWindow window)
    {
        double best = 0, most = double.NegativeInfinity;
        for (int delay = 0; delay <= _maxDelay; delay++)
        {
            double energy = Energy(window, delay);
            (best, most) = energy > most ? (delay, energy) : (best, most);
        }

        double low = best - 1, high = best + 1;
        double a = high - (GoldenRatio * (high - low)), b = low + (GoldenRatio * (high - low));
        double atA = Energy(window, a), atB = Energy(window, b);
        for (int step = 0; step < RefinementSteps; step++)
        {
            if (atA > atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - (GoldenRatio * (high - low));
                atA = Energy(window, a);
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + (GoldenRatio * (high - low));
                atB = Energy(window, b);
            }
        }

        return (low + high) / 2;
    }

    private double Energy(CapturedWindow window, double delay)
    {
        double energy = 0;
        for (int i = 0; i < window.ChannelCount; i++)
        {
            Project(window, i, delay);
            for (int m = 0; m < _pilots.Elements; m++)
            {
                energy += Power(Inner(m));
            }
        }

        return energy;
    }

    // The symbols of one element at a delay, into the buffers; their energy.
    private double Project(CapturedWindow window, int element, double delay)
    {
        _pulse.Match(window.Real(element), window.Imaginary(element), OrthogonalPilots.FirstInstant(_pulse) + delay, _re, _im);
        return SplitComplex.Energy(_re, _im);
    }

    private Complex Inner(int pilot)
    {
        (double re, double im) = SplitComplex.InnerProduct(_known[pilot].Re, _known[pilot].Im, _re, _im);
        return new Complex(re, im);
    }

    private static double Power(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
