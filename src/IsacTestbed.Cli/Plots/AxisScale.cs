using System.Globalization;

namespace IsacTestbed.Cli.Plots;

/// <summary>A linear scale whose ticks are multiples of 1, 2 or 5 times a power of ten.</summary>
internal sealed class AxisScale
{
    private readonly int _decimals;

    private AxisScale(double minimum, double maximum, double step)
    {
        Minimum = minimum;
        Maximum = maximum;
        _decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        double first = Math.Ceiling((minimum / step) - 1e-9);
        double last = Math.Floor((maximum / step) + 1e-9);
        Ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }

    /// <summary>Start of the scale.</summary>
    public double Minimum { get; }

    /// <summary>End of the scale; above the start.</summary>
    public double Maximum { get; }

    /// <summary>Where ticks stand, ascending; at least two.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A scale over all values; ends that the axis fixes stay, the others move out to the next tick.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">What must fit; values that are not finite are ignored.</param>
    /// <param name="wantedTicks">About how many intervals there should be.</param>
    /// <exception cref="ArgumentException">The axis is fixed at both ends in the wrong order.</exception>
    public static AxisScale For(Axis axis, IEnumerable<double> values, int wantedTicks)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double low = axis.Minimum ?? (finite.Length > 0 ? finite.Min() : (axis.Maximum ?? 1) - 1);
        double high = axis.Maximum ?? (finite.Length > 0 ? finite.Max() : low + 1);
        if (!(high > low))
        {
            if (axis is { Minimum: not null, Maximum: not null })
            {
                throw new ArgumentException($"The axis {axis.Label} runs from {low} to {high}.", nameof(axis));
            }

            double extent = Math.Max(Math.Abs(low) * 0.1, 1e-9);
            (low, high) = axis.Minimum is null ? (high - extent, high) : (low, low + extent);
        }

        double step = NiceStep((high - low) / wantedTicks);
        double start = axis.Minimum ?? (Math.Floor((low / step) + 1e-9) * step);
        double end = axis.Maximum ?? (Math.Ceiling((high / step) - 1e-9) * step);
        return new AxisScale(start, end, step);
    }

    /// <summary>Position of a value: 0 at the start, 1 at the end.</summary>
    public double Fraction(double value) => (value - Minimum) / (Maximum - Minimum);

    /// <summary>A tick's label, with as many decimals as the step needs.</summary>
    public string Label(double tick) =>
        (tick == 0 ? 0 : tick).ToString("F" + _decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double NiceStep(double raw)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double digit = raw / power;
        return (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power;
    }
}
