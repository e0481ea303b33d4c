using IsacTestbed.Control.Arrays;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>A measured figure and its 95 % interval.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
internal readonly record struct MeasuredRatio(double Value, double Lower, double Upper)
{
    private const double TwoSided95 = 1.959964;

    /// <summary>An SINR as a meter reads it: that of a stream of unit power, as (6) has it, whatever power its symbols happened to have.</summary>
    public static MeasuredRatio Of(StreamReading reading) => new(reading.Sinr, reading.Lower, reading.Upper);

    /// <summary>A ratio of two independent estimates of powers, by the delta method. A signal that is lost in noise has an interval down to zero.</summary>
    public static MeasuredRatio Of(double signal, double signalVariance, double rest, double restVariance)
    {
        double ratio = signal / rest, half = TwoSided95 * Math.Sqrt(signalVariance + (ratio * ratio * restVariance)) / rest;
        return new MeasuredRatio(ratio, Math.Max(0, ratio - half), ratio + half);
    }

    /// <summary>The same figure beside a prediction that is uncertain itself: within this interval the two agree.</summary>
    /// <param name="variance">Variance of the prediction.</param>
    public MeasuredRatio BesidePrediction(double variance)
    {
        double below = Value - Lower, above = Upper - Value, prediction = TwoSided95 * TwoSided95 * variance;
        return new MeasuredRatio(Value, Math.Max(0, Value - Math.Sqrt((below * below) + prediction)), Value + Math.Sqrt((above * above) + prediction));
    }

    /// <summary>log2(1 + SINR); no rate is below zero.</summary>
    public MeasuredRatio Rate() => new(RateOf(Value), RateOf(Lower), RateOf(Upper));

    /// <summary>A weighted figure.</summary>
    public MeasuredRatio Times(double weight) => new(weight * Value, weight * Lower, weight * Upper);

    /// <summary>Sum of independent figures: half widths add as squares.</summary>
    public static MeasuredRatio SumOfIndependent(IEnumerable<MeasuredRatio> terms)
    {
        double value = 0, below = 0, above = 0;
        foreach (MeasuredRatio term in terms)
        {
            value += term.Value;
            below += (term.Value - term.Lower) * (term.Value - term.Lower);
            above += (term.Upper - term.Value) * (term.Upper - term.Value);
        }

        return new MeasuredRatio(value, value - Math.Sqrt(below), value + Math.Sqrt(above));
    }

    /// <summary>Sum of figures of which nobody knows how they hang together: half widths add, which no dependence exceeds.</summary>
    public static MeasuredRatio SumOfDependent(IEnumerable<MeasuredRatio> terms) =>
        terms.Aggregate((a, b) => new MeasuredRatio(a.Value + b.Value, a.Lower + b.Lower, a.Upper + b.Upper));

    private static double RateOf(double sinr) => Math.Log2(1 + Math.Max(0, sinr));
}
