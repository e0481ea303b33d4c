using System.Numerics;

namespace IsacTestbed.Control.Arrays;

/// <summary>A complex gain and how it errs: a linear combination of independent errors, kept by their sources. Immutable.</summary>
internal sealed class UncertainAmplitude
{
    private readonly IReadOnlyDictionary<ErrorSource, Complex[]> _errors;

    private UncertainAmplitude(Complex value, IReadOnlyDictionary<ErrorSource, Complex[]> errors) => (Value, _errors) = (value, errors);

    /// <summary>The gain.</summary>
    public Complex Value { get; }

    /// <summary>E|e|^2 of the gain around the true one.</summary>
    public double Variance => _errors.Values.Sum(errors => errors.Sum(Squared));

    /// <summary>A gain with errors from one source.</summary>
    /// <param name="value">The gain.</param>
    /// <param name="source">The source.</param>
    /// <param name="errors">
    /// Of a circular source what each of its errors of unit variance is multiplied with; of the symbols what each of them really added.
    /// </param>
    public static UncertainAmplitude Of(Complex value, ErrorSource source, Complex[] errors) =>
        new(value, new Dictionary<ErrorSource, Complex[]> { [source] = errors });

    /// <summary>A difference; what both err by alike cancels.</summary>
    public static UncertainAmplitude operator -(UncertainAmplitude a, UncertainAmplitude b)
    {
        var errors = new Dictionary<ErrorSource, Complex[]>(a._errors);
        foreach ((ErrorSource source, Complex[] other) in b._errors)
        {
            errors[source] = errors.TryGetValue(source, out Complex[]? shared)
                ? [.. shared.Zip(other, (e, f) => e - f)]
                : [.. other.Select(e => -e)];
        }

        return new UncertainAmplitude(a.Value - b.Value, errors);
    }

    /// <summary>A gain through something whose own gain is known.</summary>
    public static UncertainAmplitude operator *(Complex factor, UncertainAmplitude a) =>
        new(factor * a.Value, a._errors.ToDictionary(pair => pair.Key, pair => pair.Value.Select(e => factor * e).ToArray()));

    /// <summary>|g|^2, unbiased: what the errors add to the square of an estimate is taken away. Possibly negative.</summary>
    /// <remarks>
    /// For a Gaussian error of variance v the square of an estimate has the variance 2 |g|^2 v + v^2. To first order it errs by 2 Re(g^* e),
    /// which is 2 |g|^2 v; the second order, which matters for what is lost in noise, widens these errors and adds none of its own.
    /// </remarks>
    public UncertainFigure Power()
    {
        double square = Squared(Value), variance = Variance, power = square - variance;
        double widened = square > 0 ? Math.Sqrt(Math.Max(0, power / square) + (variance / (2 * square))) : 0;
        Complex towards = 2 * widened * Complex.Conjugate(Value);
        var errors = new Dictionary<ErrorSource, double[]>();
        foreach ((ErrorSource source, Complex[] own) in _errors)
        {
            errors.Add(source, source.IsCircular ? Circular(own, towards) : [.. own.Select(e => (towards * e).Real)]);
        }

        return UncertainFigure.Of(power, errors);
    }

    // A circular error of unit variance has half of it in each of its parts.
    private static double[] Circular(Complex[] errors, Complex towards)
    {
        double[] parts = new double[2 * errors.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            Complex both = towards * errors[i] / Math.Sqrt(2);
            (parts[2 * i], parts[(2 * i) + 1]) = (both.Real, -both.Imaginary);
        }

        return parts;
    }

    private static double Squared(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
