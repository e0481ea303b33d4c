using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.Planning;

/// <summary>The ranges in which the numbers of every planner case must lie.</summary>
/// <remarks>
/// They are wide enough for SI units from effective capacitances (1e-28 F) to processor clocks, and for normalised cases, and narrow enough
/// that ratios and squares of what a case holds stay finite in double precision.
/// </remarks>
internal static class CaseNumbers
{
    /// <summary>The least of what must be above zero: powers, noise, times, sizes, capacitances.</summary>
    public const double Least = 1e-40;

    /// <summary>The largest of these.</summary>
    public const double Most = 1e30;

    /// <summary>The largest magnitude of what has a sign: real and imaginary parts of channels, and weights.</summary>
    public const double MostAmplitude = 1e15;

    /// <summary>Most iterations that a case may ask for; the trace holds a number for each.</summary>
    public const int MostIterations = 1_000_000;

    /// <summary>A quantity above zero.</summary>
    public static double Quantity(this ConfigurationObject document, string key) => document.Number(key, Least, Most);

    /// <summary>A quantity that may be zero.</summary>
    public static double QuantityOrZero(this ConfigurationObject document, string key) => document.Number(key, 0, Most);

    /// <summary>A list of quantities above zero.</summary>
    public static double[] Quantities(this ConfigurationObject document, string key) => document.Numbers(key, Least, Most);

    /// <summary>A number with a sign, below an element.</summary>
    public static double Amplitude(this ConfigurationObject document, JsonElement element, string path) =>
        document.Number(element, path, -MostAmplitude, MostAmplitude);
}
