using System.Numerics;
using IsacTestbed.Control.Chains;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Control.Arrays;

/// <summary>Combines the channels of a captured window into one: w^H y, sample by sample. Not thread safe: owns its buffers.</summary>
public sealed class ArrayCombiner
{
    private float[] _re = [];
    private float[] _im = [];
    private int _length;

    /// <summary>In-phase samples of the last combination.</summary>
    public ReadOnlySpan<float> Real => _re.AsSpan(0, _length);

    /// <summary>Quadrature samples of the last combination.</summary>
    public ReadOnlySpan<float> Imaginary => _im.AsSpan(0, _length);

    /// <summary>Combines a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="combiner">w, one weight per channel.</param>
    /// <exception cref="ArgumentException">The combiner has another number of weights than the window has channels.</exception>
    public void Combine(CapturedWindow window, IReadOnlyList<Complex> combiner)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(combiner);
        if (combiner.Count != window.ChannelCount)
        {
            throw new ArgumentException($"The combiner has {combiner.Count} weights for {window.ChannelCount} channels.", nameof(combiner));
        }

        _length = window.SampleCount;
        if (_re.Length < _length)
        {
            (_re, _im) = (new float[_length], new float[_length]);
        }

        _re.AsSpan(0, _length).Clear();
        _im.AsSpan(0, _length).Clear();
        for (int channel = 0; channel < window.ChannelCount; channel++)
        {
            SplitComplex.AddTurned(
                window.Real(channel),
                window.Imaginary(channel),
                (float)combiner[channel].Real,
                (float)-combiner[channel].Imaginary,
                _re.AsSpan(0, _length),
                _im.AsSpan(0, _length));
        }
    }
}
