using System.Numerics;

namespace IsacTestbed.Core;

/// <summary>One complex baseband pulse or packet that radios store under a name and transmit on command.</summary>
/// <remarks>Immutable; amplitudes are relative to full scale (|x| = 1). Thread safe.</remarks>
public sealed class Waveform
{
    private readonly float[] _real;
    private readonly float[] _imaginary;

    /// <summary>Copies the samples.</summary>
    /// <param name="id">Name, unique within a session.</param>
    /// <param name="real">In-phase samples; the same length as <paramref name="imaginary"/>, at least one.</param>
    /// <param name="imaginary">Quadrature samples.</param>
    /// <exception cref="ArgumentException">The id is empty, the lengths differ or are zero, or a sample is not finite.</exception>
    public Waveform(string id, ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (real.Length == 0 || real.Length != imaginary.Length)
        {
            throw new ArgumentException($"Waveform {id} has {real.Length} real and {imaginary.Length} imaginary samples; both must be the same, at least one.");
        }

        double energy = 0;
        for (int i = 0; i < real.Length; i++)
        {
            double power = ((double)real[i] * real[i]) + ((double)imaginary[i] * imaginary[i]);
            energy += power;
            PeakAmplitude = Math.Max(PeakAmplitude, Math.Sqrt(power));
        }

        if (!double.IsFinite(energy))
        {
            throw new ArgumentException($"Waveform {id} has samples that are not finite.");
        }

        Id = id;
        MeanPower = energy / real.Length;
        _real = real.ToArray();
        _imaginary = imaginary.ToArray();
    }

    /// <summary>Name of the waveform.</summary>
    public string Id { get; }

    /// <summary>Number of samples.</summary>
    public int Length => _real.Length;

    /// <summary>Mean of |x|^2 over the waveform, relative to full scale.</summary>
    public double MeanPower { get; }

    /// <summary>Largest |x|, relative to full scale.</summary>
    public double PeakAmplitude { get; }

    /// <summary>In-phase samples, <see cref="Length"/> of them.</summary>
    public ReadOnlySpan<float> Real => _real;

    /// <summary>Quadrature samples, <see cref="Length"/> of them.</summary>
    public ReadOnlySpan<float> Imaginary => _imaginary;

    /// <summary>One sample.</summary>
    public Complex this[int index] => new(_real[index], _imaginary[index]);
}
