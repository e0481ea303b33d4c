using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>What a burst sends in one repetition: its layers' waveforms, weighted and summed per channel. Immutable and thread safe.</summary>
/// <param name="burst">The burst; already validated.</param>
/// <param name="waveforms">The waveform of each layer.</param>
public sealed class BurstSignal(TxBurst burst, IReadOnlyList<Waveform> waveforms)
{
    // What the sum of two waveforms reaches depends on how they meet; it is looked at in pieces of this many samples.
    private const int Piece = 1024;

    /// <summary>The burst.</summary>
    public TxBurst Burst => burst;

    /// <summary>The waveform of each layer.</summary>
    public IReadOnlyList<Waveform> Waveforms => waveforms;

    /// <summary>Samples until the longest layer has ended.</summary>
    public int Length { get; } = Longest(waveforms);

    /// <summary>Transmit channels.</summary>
    public int ChannelCount => burst.Layers[0].Weights.Count;

    /// <summary>No sample of a channel has a larger magnitude, relative to full scale; attained where there is one layer.</summary>
    public double PeakBound(int channel)
    {
        double sum = 0;
        for (int l = 0; l < waveforms.Count; l++)
        {
            sum += burst.Layers[l].Weights[channel].Magnitude * waveforms[l].PeakAmplitude;
        }

        return sum * burst.Amplitude;
    }

    /// <summary>Looks at every sample of a channel.</summary>
    public SignalLevels LevelsOf(int channel)
    {
        Span<float> real = stackalloc float[Piece], imaginary = stackalloc float[Piece];
        double peak = 0, part = 0, energy = 0;
        for (int first = 0; first < Length; first += Piece)
        {
            int count = Math.Min(Piece, Length - first);
            Render(channel, first, 1, real[..count], imaginary[..count]);
            for (int i = 0; i < count; i++)
            {
                double power = ((double)real[i] * real[i]) + ((double)imaginary[i] * imaginary[i]);
                energy += power;
                peak = Math.Max(peak, power);
                part = Math.Max(part, Math.Max(Math.Abs(real[i]), Math.Abs(imaginary[i])));
            }
        }

        return new SignalLevels(Math.Sqrt(peak), part, energy / Length);
    }

    /// <summary>Computes samples of one channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="first">Index of the first sample within the repetition, not negative.</param>
    /// <param name="scale">Full scale of the destination.</param>
    /// <param name="real">Receives scale * Amplitude * sum of weight * waveform; silence behind <see cref="Length"/>.</param>
    /// <param name="imaginary">Receives the imaginary parts; as long as <paramref name="real"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Render(int channel, int first, float scale, Span<float> real, Span<float> imaginary)
    {
        if (real.Length != imaginary.Length)
        {
            throw new ArgumentException($"{real.Length} real and {imaginary.Length} imaginary parts; both must be the same.");
        }

        real.Clear();
        imaginary.Clear();
        for (int l = 0; l < waveforms.Count; l++)
        {
            int count = Math.Min(real.Length, waveforms[l].Length - first);
            Complex weight = burst.Layers[l].Weights[channel] * burst.Amplitude * scale;
            if (count > 0 && weight != Complex.Zero)
            {
                Add((float)weight.Real, (float)weight.Imaginary, waveforms[l].Real.Slice(first, count), waveforms[l].Imaginary.Slice(first, count), real, imaginary);
            }
        }
    }

    // Schedules have tens of thousands of bursts, each of which is looked at several times.
    private static int Longest(IReadOnlyList<Waveform> waveforms)
    {
        int longest = 0;
        for (int l = 0; l < waveforms.Count; l++)
        {
            longest = Math.Max(longest, waveforms[l].Length);
        }

        return longest;
    }

    private static void Add(
        float weightReal, float weightImaginary, ReadOnlySpan<float> xReal, ReadOnlySpan<float> xImaginary, Span<float> yReal, Span<float> yImaginary)
    {
        int i = 0;
        var a = new Vector<float>(weightReal);
        var b = new Vector<float>(weightImaginary);
        for (; i + Vector<float>.Count <= xReal.Length; i += Vector<float>.Count)
        {
            var c = new Vector<float>(xReal[i..]);
            var d = new Vector<float>(xImaginary[i..]);
            (new Vector<float>(yReal[i..]) + (a * c) - (b * d)).CopyTo(yReal[i..]);
            (new Vector<float>(yImaginary[i..]) + (a * d) + (b * c)).CopyTo(yImaginary[i..]);
        }

        for (; i < xReal.Length; i++)
        {
            yReal[i] += (weightReal * xReal[i]) - (weightImaginary * xImaginary[i]);
            yImaginary[i] += (weightReal * xImaginary[i]) + (weightImaginary * xReal[i]);
        }
    }
}

/// <summary>Levels of a signal, relative to full scale.</summary>
/// <param name="Peak">Largest magnitude of a sample.</param>
/// <param name="LargestPart">Largest magnitude of an in-phase or quadrature part.</param>
/// <param name="MeanPower">Mean of the squared magnitude.</param>
public readonly record struct SignalLevels(double Peak, double LargestPart, double MeanPower);
