namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>A place in metres; Z is the height.</summary>
/// <param name="X">East.</param>
/// <param name="Y">North.</param>
/// <param name="Z">Height.</param>
public readonly record struct Location(double X, double Y, double Z)
{
    /// <summary>Squared distance to another place, in square metres.</summary>
    /// <param name="other">The other place.</param>
    public double SquaredDistanceTo(Location other) =>
        ((X - other.X) * (X - other.X)) + ((Y - other.Y) * (Y - other.Y)) + ((Z - other.Z) * (Z - other.Z));
}
