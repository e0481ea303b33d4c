using System.Numerics;

namespace IsacTestbed.Ether;

/// <summary>exp(j 2 pi f k / rate) for k = 0 .. 255: the fine part of a rotation, whose coarse part is exact at every 256th sample.</summary>
internal sealed class Phasors
{
    public const int Length = 256;

    private readonly double _cyclesPerSample;

    public Phasors(double frequencyHz, double rateHz)
    {
        _cyclesPerSample = frequencyHz / rateHz;
        for (int k = 0; k < Length; k++)
        {
            Complex value = At(k);
            Real[k] = (float)value.Real;
            Imaginary[k] = (float)value.Imaginary;
        }
    }

    public float[] Real { get; } = new float[Length];

    public float[] Imaginary { get; } = new float[Length];

    /// <summary>The rotation at any sample, in double precision.</summary>
    public Complex At(double sample) => Complex.FromPolarCoordinates(1, 2 * Math.PI * Math.IEEERemainder(_cyclesPerSample * sample, 1));
}
