using System.Numerics;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>The devices that look for a target, and the array response (9) of ota-feel.</summary>
/// <param name="Devices">Where the devices stand, v_k; at least one.</param>
/// <param name="Antennas">Antennas of a device, M; a vertical line.</param>
/// <remarks>
/// (9) uses d for the spacing of the antennas and for the distance to the target: here the spacing is a parameter, half a wavelength by
/// default, and the response a column. The angle is the elevation alone: one device knows height over distance, and the distance by its
/// amplitude, but no azimuth. The gain is 1/d^2 after (9) and 1/d in Appendix C: the exponent is a parameter. Immutable.
/// </remarks>
public sealed record SensingScene(IReadOnlyList<Location> Devices, int Antennas)
{
    /// <summary>alpha_0: amplitude of the response at a distance of one metre.</summary>
    public double ReferenceGain { get; init; } = 1;

    /// <summary>Exponent of the distance in alpha_k = alpha_0 / d^exponent.</summary>
    public double PathGainExponent { get; init; } = 2;

    /// <summary>Spacing of the antennas in wavelengths.</summary>
    public double SpacingWavelengths { get; init; } = 0.5;

    /// <summary>
    /// Whether the carrier phase of each device's own echo is unknown to it. (8) has none: there an echo arrives with the phase of the array
    /// response alone. On the air it turns by a cycle for every half wavelength of distance and by whatever the oscillators and cables add, so
    /// that nobody can use it; a device then keeps the shape and the strength of its echo.
    /// </summary>
    public bool UnknownEchoPhase { get; init; }

    /// <summary>The response a_k(v), M entries.</summary>
    /// <param name="device">From 0.</param>
    /// <param name="target">v; not where the device stands.</param>
    public Complex[] Response(int device, Location target)
    {
        var response = new Complex[Antennas];
        Evaluate(device, target, response, [], [], []);
        return response;
    }

    /// <summary>The response and its derivatives by the coordinates of the target; the derivatives may all be empty.</summary>
    internal void Evaluate(int device, Location target, Span<Complex> response, Span<Complex> byX, Span<Complex> byY, Span<Complex> byZ)
    {
        Location place = Devices[device];
        double x = target.X - place.X, y = target.Y - place.Y, z = target.Z - place.Z;
        double squared = (x * x) + (y * y) + (z * z), distance = Math.Sqrt(squared);
        double gain = ReferenceGain * Math.Pow(distance, -PathGainExponent), sine = z / distance;
        double phase = -2 * Math.PI * SpacingWavelengths, cubed = squared * distance;
        double decay = -PathGainExponent / squared;
        for (int m = 0; m < response.Length; m++)
        {
            (double im, double re) = Math.SinCos(phase * m * sine);
            Complex entry = new(gain * re, gain * im);
            response[m] = entry;
            if (byX.IsEmpty)
            {
                continue;
            }

            // d sin(theta) / d l_i = (i == z) / d - z l_i / d^3.
            double turn = phase * m;
            byX[m] = entry * new Complex(decay * x, -turn * z * x / cubed);
            byY[m] = entry * new Complex(decay * y, -turn * z * y / cubed);
            byZ[m] = entry * new Complex(decay * z, turn * ((1 / distance) - (z * z / cubed)));
        }
    }
}
