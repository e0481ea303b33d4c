using System.Globalization;

namespace IsacTestbed.Core;

/// <summary>A linear ratio of two powers: an SNR, a gain, a loss.</summary>
/// <remarks>Not negative for physical quantities, but not checked: an unbiased SNR estimate may fall below zero. Default is zero.</remarks>
/// <param name="Value">The linear ratio.</param>
public readonly record struct PowerRatio(double Value) : IComparable<PowerRatio>
{
    /// <summary>10 log10 of the ratio; negative infinity at zero and below, where no logarithm exists.</summary>
    public Decibels ToDecibels() => new(Value > 0 ? 10 * Math.Log10(Value) : double.NegativeInfinity);

    /// <inheritdoc/>
    public int CompareTo(PowerRatio other) => Value.CompareTo(other.Value);

    /// <summary>The linear value, culture independent.</summary>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>Compares two ratios.</summary>
    public static bool operator <(PowerRatio left, PowerRatio right) => left.Value < right.Value;

    /// <summary>Compares two ratios.</summary>
    public static bool operator >(PowerRatio left, PowerRatio right) => left.Value > right.Value;

    /// <summary>Compares two ratios.</summary>
    public static bool operator <=(PowerRatio left, PowerRatio right) => left.Value <= right.Value;

    /// <summary>Compares two ratios.</summary>
    public static bool operator >=(PowerRatio left, PowerRatio right) => left.Value >= right.Value;
}
