using System.Globalization;

namespace IsacTestbed.Lab.Instruments;

/// <summary>Reads the answers that instruments have in common.</summary>
internal static class Answers
{
    /// <summary>Any text of printable ASCII.</summary>
    public static bool Text(string answer, out string value)
    {
        value = answer;
        return answer.Length > 0 && !answer.AsSpan().ContainsAnyExceptInRange(' ', '~');
    }

    /// <summary>A finite number.</summary>
    public static bool Number(string answer, out double value) =>
        double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>A whole number that is not negative.</summary>
    public static bool Count(string answer, out int value) => int.TryParse(answer, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= 0;

    /// <summary>0 or 1.</summary>
    public static bool Flag(string answer, out bool value)
    {
        value = answer == "1";
        return answer is "0" or "1";
    }

    /// <summary>A hexadecimal number such as 0x54, alone or at the end of a text.</summary>
    public static bool Hexadecimal(string answer, out uint value)
    {
        int start = answer.LastIndexOf("0x", StringComparison.OrdinalIgnoreCase);
        value = 0;
        return start >= 0 && uint.TryParse(answer.AsSpan(start + 2).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
