using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Channels that differ from the estimated ones by an error of bounded spectral norm, |Delta H|_2 = phi, as in Fig. 9 of iscc; here phi is
/// given as a share of the estimated channel's own norm and applies to both channels of every user.
/// </summary>
public static class CsiError
{
    /// <summary>Errors with independent Gaussian entries, scaled to the norm.</summary>
    /// <param name="problem">The estimated channels.</param>
    /// <param name="share">phi over the norm of the channel; at least 0.</param>
    /// <param name="seed">Seed of the errors.</param>
    public static IsccCase Random(IsccCase problem, double share, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem with
        {
            Channels = [.. problem.Channels.Select((h, k) => Perturbed(h, Gaussian(h, seed, (uint)k, 0), share))],
            SensingChannels = [.. problem.SensingChannels.Select((h, k) => Perturbed(h, Gaussian(h, seed, (uint)k, 1), share))],
        };
    }

    /// <summary>Errors that weaken each user's own data and own echo the most through the planned beams and combiners.</summary>
    /// <param name="problem">The estimated channels.</param>
    /// <param name="plan">The plan made for them.</param>
    /// <param name="share">phi over the norm of the channel; at least 0.</param>
    public static IsccCase Adverse(IsccCase problem, IsccPlan plan, double share)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        return problem with
        {
            Channels = [.. problem.Channels.Select((h, k) => Perturbed(h, Against(h, plan.ApCombiners[k], plan.DataBeams[k]), share))],
            SensingChannels = [.. problem.SensingChannels.Select((h, k) => Perturbed(h, Against(h, plan.UeCombiners[k], plan.SensingBeams[k]), share))],
        };
    }

    private static ComplexMatrix Perturbed(ComplexMatrix channel, ComplexMatrix error, double share)
    {
        double scale = share * Math.Sqrt(Norm(channel)) / Math.Sqrt(Norm(error));
        return double.IsFinite(scale) ? ComplexMatrix.Create(channel.Rows, channel.Columns, (i, j) => channel[i, j] + (scale * error[i, j])) : channel;
    }

    private static double Norm(ComplexMatrix matrix) => SpectralNorm.Of(matrix).SquaredUpperBound;

    private static ComplexMatrix Gaussian(ComplexMatrix like, ulong seed, uint user, uint part)
    {
        var random = new CounterRandom(seed, RandomPurpose.LinkFading, user, 1 + part);
        return ComplexMatrix.Create(like.Rows, like.Columns, (i, j) =>
        {
            (double re, double im) = random.NormalPairAt((ulong)((i * like.Columns) + j));
            return new Complex(re, im);
        });
    }

    // Minus the phase of w^H H x, in the direction w x^H.
    private static ComplexMatrix Against(ComplexMatrix channel, Complex[] combiner, Complex[] beam)
    {
        Complex through = ComplexVector.From(combiner).Inner(channel.Times(ComplexVector.From(beam)));
        Complex phase = through == Complex.Zero ? 1 : through / through.Magnitude;
        return ComplexMatrix.Create(channel.Rows, channel.Columns, (i, j) => -phase * combiner[i] * Complex.Conjugate(beam[j]));
    }
}
