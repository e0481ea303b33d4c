namespace IsacTestbed.Control.Arrays;

/// <summary>
/// A figure and how it errs: to first order a linear combination of independent errors of unit variance, kept by their sources. Figures that
/// are computed from others err as these do, so that what they share is neither counted twice nor taken as independent. Immutable.
/// </summary>
internal sealed class UncertainFigure
{
    private readonly IReadOnlyDictionary<ErrorSource, double[]> _errors;

    private UncertainFigure(double value, IReadOnlyDictionary<ErrorSource, double[]> errors) => (Value, _errors) = (value, errors);

    /// <summary>The figure.</summary>
    public double Value { get; }

    /// <summary>Variance of the figure around the true one.</summary>
    public double Variance => _errors.Values.Sum(errors => errors.Sum(e => e * e));

    /// <summary>A figure that is known.</summary>
    public static UncertainFigure Exact(double value) => new(value, new Dictionary<ErrorSource, double[]>());

    /// <summary>A figure with errors from some sources.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="errors">Per source what each of its errors of unit variance adds.</param>
    public static UncertainFigure Of(double value, IReadOnlyDictionary<ErrorSource, double[]> errors) => new(value, errors);

    /// <summary>The sum of figures.</summary>
    public static UncertainFigure Sum(IEnumerable<UncertainFigure> figures) => figures.Aggregate(Exact(0), (sum, figure) => sum + figure);

    /// <summary>A sum; what both err by alike adds up.</summary>
    public static UncertainFigure operator +(UncertainFigure a, UncertainFigure b) => Combine(a.Value + b.Value, 1, a, 1, b);

    /// <summary>A difference; what both err by alike cancels.</summary>
    public static UncertainFigure operator -(UncertainFigure a, UncertainFigure b) => Combine(a.Value - b.Value, 1, a, -1, b);

    /// <summary>A weighted figure.</summary>
    public static UncertainFigure operator *(double weight, UncertainFigure a) => Combine(weight * a.Value, weight, a, 0, Exact(0));

    /// <summary>A ratio, by the delta method.</summary>
    public static UncertainFigure operator /(UncertainFigure a, UncertainFigure b) =>
        Combine(a.Value / b.Value, 1 / b.Value, a, -a.Value / (b.Value * b.Value), b);

    /// <summary>log2(1 + SINR); no rate is below zero.</summary>
    public UncertainFigure Rate()
    {
        double total = 1 + Math.Max(0, Value);
        return Combine(Math.Log2(total), 1 / (total * Math.Log(2)), this, 0, Exact(0));
    }

    /// <summary>The same errors around another figure.</summary>
    public UncertainFigure At(double value) => new(value, _errors);

    private static UncertainFigure Combine(double value, double weightA, UncertainFigure a, double weightB, UncertainFigure b)
    {
        var errors = new Dictionary<ErrorSource, double[]>();
        foreach ((ErrorSource source, double[] own) in a._errors)
        {
            errors.Add(source, [.. own.Select(e => weightA * e)]);
        }

        foreach ((ErrorSource source, double[] other) in b._errors)
        {
            errors[source] = errors.TryGetValue(source, out double[]? shared)
                ? [.. shared.Zip(other, (e, f) => e + (weightB * f))]
                : [.. other.Select(e => weightB * e)];
        }

        return new UncertainFigure(value, errors);
    }
}
