using System.Globalization;

namespace IsacTestbed.Lab.Nmea;

/// <summary>How a position was found, field 6 of GGA.</summary>
public enum FixQuality
{
    /// <summary>There is no fix.</summary>
    None = 0,

    /// <summary>From satellites.</summary>
    Gps = 1,

    /// <summary>From satellites with corrections.</summary>
    Differential = 2,

    /// <summary>Of some other kind: estimated, entered by hand, simulated.</summary>
    Other = 3,
}

/// <summary>The position fix of a GGA sentence.</summary>
/// <param name="Quality">How it was found.</param>
/// <param name="SatellitesUsed">Satellites used.</param>
/// <param name="LatitudeDegrees">North is positive; zero without a fix.</param>
/// <param name="LongitudeDegrees">East is positive; zero without a fix.</param>
/// <param name="AltitudeMeters">Above mean sea level; zero without a fix.</param>
public sealed record GpsFix(FixQuality Quality, int SatellitesUsed, double LatitudeDegrees, double LongitudeDegrees, double AltitudeMeters)
{
    private const int QualityField = 5;
    private const int SatellitesField = 6;
    private const int AltitudeField = 8;

    /// <summary>Whether there is a fix: field 6 of the sentence is not 0.</summary>
    public bool IsValid => Quality != FixQuality.None;

    /// <summary>Reads the fix of a sentence.</summary>
    /// <returns>The fix; null when the sentence is not GGA or a field makes no sense.</returns>
    public static GpsFix? TryRead(NmeaSentence sentence)
    {
        IReadOnlyList<string> f = sentence.Fields;
        if (sentence.Type != "GGA" || f.Count <= AltitudeField || !int.TryParse(f[QualityField], NumberStyles.None, CultureInfo.InvariantCulture, out int quality))
        {
            return null;
        }

        int satellites = int.TryParse(f[SatellitesField], NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;
        if (quality == 0)
        {
            return new GpsFix(FixQuality.None, satellites, 0, 0, 0);
        }

        return Angle(f[1], f[2], 2, "N", "S") is { } latitude
            && Angle(f[3], f[4], 3, "E", "W") is { } longitude
            && double.TryParse(f[AltitudeField], NumberStyles.Float, CultureInfo.InvariantCulture, out double altitude)
            ? new GpsFix(quality <= 2 ? (FixQuality)quality : FixQuality.Other, satellites, latitude, longitude, altitude)
            : null;
    }

    // Degrees in a fixed number of digits, then minutes with decimals: ddmm.mmmm or dddmm.mmmm.
    private static double? Angle(string value, string side, int degreeDigits, string positive, string negative)
    {
        if (value.Length < degreeDigits + 2
            || (side != positive && side != negative)
            || !int.TryParse(value.AsSpan(0, degreeDigits), NumberStyles.None, CultureInfo.InvariantCulture, out int degrees)
            || !double.TryParse(value.AsSpan(degreeDigits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double minutes)
            || minutes >= 60)
        {
            return null;
        }

        double angle = degrees + (minutes / 60);
        return angle <= (degreeDigits == 2 ? 90 : 180) ? (side == positive ? angle : -angle) : null;
    }
}
