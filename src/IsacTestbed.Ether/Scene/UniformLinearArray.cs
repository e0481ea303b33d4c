using System.Numerics;

namespace IsacTestbed.Ether;

/// <summary>A uniform linear antenna array of isotropic elements.</summary>
/// <remarks>
/// Steering convention: a_m(theta) = exp(-j 2 pi spacing m sin(theta)), m = 0 .. elements - 1, for transmission and reception alike, where
/// theta is the bearing from broadside, positive towards the array's axis. The axis is horizontal, a quarter turn left of the broadside,
/// so that theta is azimuth minus broadside azimuth; or it points up, so that theta is the elevation. In three dimensions sin(theta) is the
/// projection of the unit direction on the axis. A transmitter that wants its beam at theta sends the weights conj(a(theta)).
/// </remarks>
/// <param name="Elements">Number of elements, 1 to 1024.</param>
/// <param name="SpacingWavelengths">Distance of adjacent elements in wavelengths, not negative.</param>
/// <param name="BroadsideAzimuthRadians">Azimuth to which the array faces.</param>
/// <param name="IsVertical">Whether the elements are stacked upwards instead of side by side.</param>
public sealed record UniformLinearArray(
    int Elements, double SpacingWavelengths = 0.5, double BroadsideAzimuthRadians = 0, bool IsVertical = false)
{
    /// <summary>The response of one element to a plane wave, exp(-j 2 pi spacing m sine).</summary>
    /// <param name="element">The element, from zero.</param>
    /// <param name="sine">Sine of the bearing.</param>
    public Complex Steering(int element, double sine) => Complex.FromPolarCoordinates(1, -2 * Math.PI * SpacingWavelengths * element * sine);

    /// <summary>Sine of the bearing of a displacement from the array; zero for no displacement.</summary>
    public double SineOf(Position displacement)
    {
        double length = displacement.Length;
        return length == 0 ? 0 : Math.Clamp(displacement.Dot(Axis) / length, -1, 1);
    }

    /// <summary>The displacement at a distance and bearing, in the plane of broadside and axis.</summary>
    /// <param name="rangeMeters">Distance in metres.</param>
    /// <param name="sine">Sine of the bearing.</param>
    public Position Displacement(double rangeMeters, double sine) =>
        rangeMeters * ((Math.Sqrt(1 - (sine * sine)) * Broadside) + (sine * Axis));

    private Position Broadside => new(Math.Cos(BroadsideAzimuthRadians), Math.Sin(BroadsideAzimuthRadians));

    private Position Axis => IsVertical
        ? new Position(0, 0, 1)
        : new Position(-Math.Sin(BroadsideAzimuthRadians), Math.Cos(BroadsideAzimuthRadians));
}
