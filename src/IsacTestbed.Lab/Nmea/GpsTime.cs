using System.Globalization;

namespace IsacTestbed.Lab.Nmea;

/// <summary>The time of an RMC sentence.</summary>
/// <param name="Utc">The time.</param>
/// <param name="IsValid">Whether the receiver stands by it: field 2 of the sentence is A.</param>
public sealed record GpsTime(DateTimeOffset Utc, bool IsValid)
{
    private const int DateField = 8;
    private const int Century = 2000;

    /// <summary>Reads the time of a sentence.</summary>
    /// <returns>The time; null when the sentence is not RMC or holds none.</returns>
    public static GpsTime? TryRead(NmeaSentence sentence)
    {
        IReadOnlyList<string> f = sentence.Fields;
        if (sentence.Type != "RMC" || f.Count <= DateField || f[1] is not ("A" or "V") || f[0].Length < 6 || f[DateField].Length != 6)
        {
            return null;
        }

        string date = f[DateField], stamp = $"{Century / 100}{date[4..]}{date[2..4]}{date[..2]}{f[0][..6]}";
        if (!DateTimeOffset.TryParseExact(
                stamp, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return null;
        }

        double fraction = 0;
        return f[0].Length == 6 || (f[0][6] == '.' && double.TryParse($"0{f[0][6..]}", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out fraction))
            ? new GpsTime(time.AddSeconds(fraction), f[1] == "A")
            : null;
    }
}
