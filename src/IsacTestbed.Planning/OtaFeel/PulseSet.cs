using System.Numerics;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The pulses p_k[t] of all devices over one frame; every entry has modulus one.</summary>
/// <remarks>Immutable and thread safe.</remarks>
public sealed class PulseSet
{
    private readonly Complex[][] _pulses;

    private PulseSet(Complex[][] pulses)
    {
        _pulses = pulses;
    }

    /// <summary>Number of devices, K.</summary>
    public int Devices => _pulses.Length;

    /// <summary>Number of symbol intervals, T.</summary>
    public int Length => _pulses[0].Length;

    /// <summary>The pulse of one device, T entries.</summary>
    /// <param name="device">From 0.</param>
    public ReadOnlySpan<Complex> this[int device] => _pulses[device];

    /// <summary>Orthogonal pulses: the sum over t of p_k[t]^* p_l[t] is zero for two devices and T for one.</summary>
    /// <param name="family">Kind of pulses.</param>
    /// <param name="devices">Number of devices, at least 1.</param>
    /// <param name="length">Symbol intervals, at least <paramref name="devices"/>; for Walsh pulses a power of two.</param>
    /// <exception cref="ArgumentException">There are no such pulses.</exception>
    public static PulseSet Orthogonal(PulseFamily family, int devices, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        if (length < devices)
        {
            throw new ArgumentException($"{devices} orthogonal pulses need at least {devices} intervals; found {length}.", nameof(length));
        }

        return family switch
        {
            PulseFamily.Dft => Create(devices, length, (k, t) => UnitRoot((long)k * t, length)),
            PulseFamily.Walsh when int.IsPow2(length) => Create(devices, length, (k, t) => 1 - (2 * (int.PopCount(k & t) & 1))),
            PulseFamily.Walsh => throw new ArgumentException($"Walsh pulses have a power of two as their length; found {length}.", nameof(length)),
            _ => throw new ArgumentOutOfRangeException(nameof(family), family, "There is no such family of pulses."),
        };
    }

    /// <summary>The same constant pulse for every device, which leaves the signals to add up on the air.</summary>
    /// <param name="devices">Number of devices, at least 1.</param>
    /// <param name="length">Symbol intervals, at least 1.</param>
    public static PulseSet Common(int devices, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return Create(devices, length, (_, _) => Complex.One);
    }

    /// <summary>The sum over t of p_k[t]^* p_l[t].</summary>
    /// <param name="first">Device k.</param>
    /// <param name="second">Device l.</param>
    public Complex InnerProduct(int first, int second)
    {
        Complex sum = Complex.Zero;
        for (int t = 0; t < Length; t++)
        {
            sum += Complex.Conjugate(_pulses[first][t]) * _pulses[second][t];
        }

        return sum;
    }

    private static PulseSet Create(int devices, int length, Func<int, int, Complex> entry) =>
        new([.. Enumerable.Range(0, devices).Select(k => Enumerable.Range(0, length).Select(t => entry(k, t)).ToArray())]);

    // The angle is reduced in whole numbers first: the quarters of a circle come out exactly.
    private static Complex UnitRoot(long power, int order)
    {
        long reduced = 4 * (power % order);
        if (reduced % order == 0)
        {
            return (reduced / order) switch
            {
                0 => Complex.One,
                1 => Complex.ImaginaryOne,
                2 => -Complex.One,
                _ => -Complex.ImaginaryOne,
            };
        }

        (double sine, double cosine) = Math.SinCos(Math.PI * reduced / (2.0 * order));
        return new Complex(cosine, sine);
    }
}
