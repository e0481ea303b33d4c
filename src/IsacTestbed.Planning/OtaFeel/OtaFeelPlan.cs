using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>What devices and server need for one frame.</summary>
/// <param name="Mse">The time average (7) of the aggregation error of these receivers, by eq. (6).</param>
/// <param name="PowerWatts">The sum of all squared norms of the precoders, E of Theorem 2.</param>
/// <param name="CrbLowerBound">CRB_L of Theorem 2.</param>
/// <param name="Pulses">p_k[t].</param>
/// <param name="Precoders">C_k, K matrices of M rows and I columns.</param>
/// <param name="Receivers">M[t], T matrices of N rows and I columns.</param>
public sealed record OtaFeelPlan(
    double Mse,
    double PowerWatts,
    double CrbLowerBound,
    PulseSet Pulses,
    IReadOnlyList<ComplexMatrix> Precoders,
    IReadOnlyList<ComplexMatrix> Receivers)
{
    private const double Rounding = 1e-9;

    /// <summary>(error - bound) / error, which lies between 0 and 1; 0 where the error is 0.</summary>
    /// <param name="bound">A lower bound of the error.</param>
    public double GapTo(double bound) => Mse > 0 ? (Mse - bound) / Mse : 0;

    /// <summary>A lower bound of the error, which rounding may have left a hair above it.</summary>
    /// <param name="bound">The bound as computed.</param>
    /// <exception cref="ArithmeticException">It lies above the error by more than rounding: it is no bound.</exception>
    internal double AtMostMse(double bound) => bound <= Mse * (1 + Rounding)
        ? Math.Min(bound, Mse)
        : throw new ArithmeticException(FormattableString.Invariant($"The lower bound {bound:R} lies above the error {Mse:R} of a plan."));

    /// <summary>A plan of some precoders with their best receivers (32).</summary>
    /// <param name="problem">The case.</param>
    /// <param name="pulses">The pulses.</param>
    /// <param name="precoders">C_k, K matrices of M rows and I columns.</param>
    public static OtaFeelPlan Create(OtaFeelCase problem, PulseSet pulses, IReadOnlyList<ComplexMatrix> precoders)
    {
        ArgumentNullException.ThrowIfNull(problem);
        IReadOnlyList<ComplexMatrix> receivers = AggregationError.BestReceivers(problem, pulses, precoders);
        double power = precoders.Sum(precoder => precoder.SquaredFrobeniusNorm());
        return new OtaFeelPlan(
            AggregationError.TimeAverage(problem, pulses, precoders, receivers), power, problem.CrbLowerBound(power), pulses, precoders, receivers);
    }
}
