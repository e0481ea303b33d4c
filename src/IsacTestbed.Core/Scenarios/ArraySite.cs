namespace IsacTestbed.Core;

/// <summary>Where a radio with a uniform linear array stands, and what it hears by itself.</summary>
/// <param name="Id">Radio id.</param>
/// <param name="X">Metres along x.</param>
/// <param name="Y">Metres along y.</param>
/// <param name="Z">Metres of height.</param>
/// <param name="BroadsideDegrees">Azimuth that the array faces, from x towards y.</param>
/// <param name="Elements">Elements, half a wavelength apart.</param>
/// <param name="NoiseWatts">Noise power per element in the symbol bandwidth.</param>
public sealed record ArraySite(string Id, double X, double Y, double Z, double BroadsideDegrees, int Elements, double NoiseWatts)
{
    /// <summary>Reads the keys of a site; the object may have more keys, which its reader asks for.</summary>
    /// <exception cref="ConfigurationException">A key is missing or out of range.</exception>
    public static ArraySite Read(ConfigurationObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        double[] position = o.Numbers("positionMeters");
        return position.Length == 3
            ? new ArraySite(
                o.Text("id"),
                position[0],
                position[1],
                position[2],
                o.Number("broadsideDegrees", -360, 360),
                o.Integer("elements", 1, 64),
                o.PositiveNumber("noiseWatts"))
            : throw o.Error("positionMeters", $"found a list of {position.Length}; it must be three numbers, [x, y, z]");
    }
}
