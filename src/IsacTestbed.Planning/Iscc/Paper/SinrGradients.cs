using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc.Paper;

/// <summary>
/// A SINR chi / g of one receiver as a function of the covariances of the own beams and of the combiner, and its first derivatives: what
/// (20) to (30) expand around, derived from (7) and (8).
/// </summary>
/// <remarks>
/// For a Hermitian covariance X the derivative in the direction D is tr(G D); for a combiner it is 2 Re(grad^H d). The link vector is
/// l = H_k^H w, so that the own beams enter as l^H F l and l^H R l. Units: powers of the budget, noise of 1.
/// </remarks>
internal sealed class SinrGradients
{
    private SinrGradients(double signal, double disturbance, ComplexVector link, ComplexVector signalByCombiner, ComplexVector disturbanceByCombiner)
    {
        Signal = signal;
        Disturbance = disturbance;
        Link = link;
        SignalByCombiner = signalByCombiner;
        DisturbanceByCombiner = disturbanceByCombiner;
    }

    /// <summary>chi.</summary>
    public double Signal { get; }

    /// <summary>g.</summary>
    public double Disturbance { get; }

    /// <summary>l; the derivative of chi with respect to the covariance of the signal is l l^H, and so is that of g with respect to the other own covariance.</summary>
    public ComplexVector Link { get; }

    /// <summary>Derivative of chi with respect to the conjugated combiner, (29).</summary>
    public ComplexVector SignalByCombiner { get; }

    /// <summary>Derivative of g with respect to the conjugated combiner, (30).</summary>
    public ComplexVector DisturbanceByCombiner { get; }

    /// <summary>The SINR.</summary>
    public double Sinr => Signal / Disturbance;

    /// <summary>Expands around given beams.</summary>
    /// <param name="own">Channel of the own user.</param>
    /// <param name="combiner">w.</param>
    /// <param name="signal">What the array receives of the signal, per square root of its power: H_k f_k for (7), H~_k u_k for (8).</param>
    /// <param name="disturbances">What it receives of everything else.</param>
    /// <param name="noise">Noise power per antenna.</param>
    public static SinrGradients Of(ComplexMatrix own, ComplexVector combiner, ComplexVector signal, IEnumerable<ComplexVector> disturbances, double noise)
    {
        var bySignal = new ComplexVector(combiner.Length);
        Complex received = signal.Inner(combiner);
        bySignal.Add(received, signal);
        var byDisturbance = new ComplexVector(combiner.Length);
        byDisturbance.Add(noise, combiner);
        double disturbance = noise * combiner.SquaredNorm();
        foreach (ComplexVector other in disturbances)
        {
            Complex through = other.Inner(combiner);
            byDisturbance.Add(through, other);
            disturbance += (through.Real * through.Real) + (through.Imaginary * through.Imaginary);
        }

        return new SinrGradients(
            (received.Real * received.Real) + (received.Imaginary * received.Imaginary), disturbance, own.AdjointTimes(combiner), bySignal, byDisturbance);
    }

    /// <summary>Derivative of log2(1 + SINR) with respect to the covariance of the signal, as a factor of l l^H; (25) with (26).</summary>
    public double RateBySignal => 1 / (Math.Log(2) * (1 + Sinr) * Disturbance);

    /// <summary>The same with respect to the other own covariance; (25) with (28).</summary>
    public double RateByOther => -Sinr / (Math.Log(2) * (1 + Sinr) * Disturbance);

    /// <summary>Derivative of log2(1 + SINR) with respect to the conjugated combiner; (25) with (27).</summary>
    public ComplexVector RateByCombiner()
    {
        var gradient = new ComplexVector(SignalByCombiner.Length);
        double scale = 1 / (Math.Log(2) * (1 + Sinr) * Disturbance);
        gradient.Add(scale, SignalByCombiner);
        gradient.Add(-scale * Sinr, DisturbanceByCombiner);
        return gradient;
    }

    /// <summary>Derivative of chi - threshold g with respect to the conjugated combiner, (23).</summary>
    public ComplexVector MarginByCombiner(double threshold)
    {
        var gradient = new ComplexVector(SignalByCombiner.Length);
        gradient.Add(1, SignalByCombiner);
        gradient.Add(-threshold, DisturbanceByCombiner);
        return gradient;
    }
}
