using System.Globalization;

namespace IsacTestbed.Lab.Nmea;

/// <summary>A sentence of NMEA 0183 whose checksum holds.</summary>
/// <param name="Talker">Who says it: GP for GPS, GN for several systems.</param>
/// <param name="Type">What it says, as in GGA.</param>
/// <param name="Fields">Its fields behind the address.</param>
public sealed record NmeaSentence(string Talker, string Type, IReadOnlyList<string> Fields)
{
    // The standard's 82 characters without the line end; some receivers go beyond, and a longer one is no sentence.
    private const int MaximumLength = 120;
    private const int ChecksumLength = 3;
    private const int AddressLength = 5;

    /// <summary>Reads a sentence.</summary>
    /// <param name="line">The line, without its end, as in <c>$GPRMC,...*6A</c>.</param>
    /// <returns>The sentence; null when it is none, is cut off, or its checksum does not hold.</returns>
    public static NmeaSentence? TryParse(ReadOnlySpan<char> line)
    {
        int body = line.Length - ChecksumLength;
        if (line.Length > MaximumLength || body < 1 + AddressLength || line[0] != '$' || line[body] != '*')
        {
            return null;
        }

        ReadOnlySpan<char> content = line[1..body];
        if (!byte.TryParse(line[(body + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte checksum)
            || content.ContainsAnyExceptInRange(' ', '~')
            || checksum != Checksum(content))
        {
            return null;
        }

        string[] fields = content.ToString().Split(',');
        return fields[0].Length == AddressLength && fields[0].All(char.IsAsciiLetterOrDigit)
            ? new NmeaSentence(fields[0][..2], fields[0][2..], fields[1..])
            : null;
    }

    /// <summary>Writes a sentence with its checksum, without a line end.</summary>
    /// <param name="content">What stands between <c>$</c> and <c>*</c>.</param>
    public static string Format(string content) =>
        string.Create(CultureInfo.InvariantCulture, $"${content}*{Checksum(content):X2}");

    /// <summary>The exclusive or of all characters between <c>$</c> and <c>*</c>.</summary>
    public static byte Checksum(ReadOnlySpan<char> content)
    {
        int sum = 0;
        foreach (char c in content)
        {
            sum ^= c;
        }

        return (byte)sum;
    }
}
