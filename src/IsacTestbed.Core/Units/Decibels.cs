using System.Globalization;

namespace IsacTestbed.Core;

/// <summary>A power ratio on the logarithmic scale, 10 log10(ratio).</summary>
/// <remarks>
/// Exists only at the edges: configuration, log and screen. Arithmetic inside the library is linear (<see cref="PowerRatio"/>).
/// Negative infinity stands for a ratio of zero. Default is 0 dB, a ratio of one. Immutable and thread safe.
/// </remarks>
/// <param name="Value">The value in decibels.</param>
public readonly record struct Decibels(double Value) : IComparable<Decibels>
{
    /// <summary>The linear ratio 10^(value / 10).</summary>
    public PowerRatio ToPowerRatio() => new(Math.Pow(10, Value / 10));

    /// <inheritdoc/>
    public int CompareTo(Decibels other) => Value.CompareTo(other.Value);

    /// <summary>The value with two decimals and its unit, culture independent.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:0.00} dB");

    /// <summary>Compares two values.</summary>
    public static bool operator <(Decibels left, Decibels right) => left.Value < right.Value;

    /// <summary>Compares two values.</summary>
    public static bool operator >(Decibels left, Decibels right) => left.Value > right.Value;

    /// <summary>Compares two values.</summary>
    public static bool operator <=(Decibels left, Decibels right) => left.Value <= right.Value;

    /// <summary>Compares two values.</summary>
    public static bool operator >=(Decibels left, Decibels right) => left.Value >= right.Value;
}
