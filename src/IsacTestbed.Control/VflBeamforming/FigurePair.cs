using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>A prediction beside its measurement; what is computed from pairs is computed on both sides.</summary>
/// <param name="Predicted">The prediction, with the errors of what was sounded.</param>
/// <param name="Measured">The measurement, with the errors of the symbols; null without one.</param>
internal readonly record struct FigurePair(UncertainFigure Predicted, UncertainFigure? Measured)
{
    /// <summary>Nothing on both sides: where sums begin.</summary>
    public static FigurePair Zero { get; } = new(UncertainFigure.Exact(0), UncertainFigure.Exact(0));

    /// <summary>Sums of both; no measurement where one is missing.</summary>
    public static FigurePair operator +(FigurePair a, FigurePair b) =>
        new(a.Predicted + b.Predicted, a.Measured is { } first && b.Measured is { } second ? first + second : null);

    /// <summary>Both weighted.</summary>
    public static FigurePair operator *(double weight, FigurePair a) =>
        new(weight * a.Predicted, a.Measured is { } measured ? weight * measured : null);

    /// <summary>log2(1 + SINR) of both.</summary>
    public FigurePair Rate() => new(Predicted.Rate(), Measured?.Rate());

    /// <summary>
    /// The measurement with the 95 % interval in which a right prediction lies: that of measured minus predicted, so that errors that both
    /// share count as far as they do not cancel. No SINR and no rate is below zero.
    /// </summary>
    public (double Value, double? Lower, double? Upper) Interval()
    {
        if (Measured is not { } measured)
        {
            return (0, null, null);
        }

        double half = HalfWidth((measured - Predicted).Variance);
        return (measured.Value, Math.Max(0, measured.Value - half), measured.Value + half);
    }

    /// <summary>Half the width of a 95 % interval.</summary>
    /// <param name="variance">Variance of what errs.</param>
    public static double HalfWidth(double variance) => Comparison.Deviations * Math.Sqrt(variance);
}
