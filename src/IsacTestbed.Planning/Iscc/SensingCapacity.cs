using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>How many sensing streams the echo receivers can tell apart when every user spends its whole budget: a proof where there are too many.</summary>
/// <remarks>
/// With the best combiners the sum of x_k = gamma_k / (1 + gamma_k) is at most tr(S T^-1), T = I + S, with S the covariance of the sensing
/// echoes in units of the noise; data only lower it. That is M - tr(T^-1), concave in S, and tr(T^-1) is at least 2 tr(W) - tr(W T W) for any
/// Hermitian W, since (T^-1/2 - T^1/2 W)^H (T^-1/2 - T^1/2 W) is positive semidefinite. Each user adds at most P / sigma_2^2 times the largest
/// eigenvalue of H~_k^H W^2 H~_k to tr(W S W). So every W gives a bound; W = T^-1 at the best S gives the best, and that S is approached by
/// conditional gradients.
/// </remarks>
internal static class SensingCapacity
{
    private const int MaxSteps = 60;
    private const double Rounding = 1e-6;

    /// <summary>Why no sensing beams meet (17b); empty without a proof.</summary>
    /// <param name="network">The case; its users share the band.</param>
    public static IReadOnlyList<string> Reasons(Network network)
    {
        IsccCase problem = network.Problem;
        int count = problem.Users.Count;
        double threshold = problem.SensingSinrThreshold, wanted = count * threshold / (1 + threshold), most = Bound(network, wanted);
        return most < wanted
            ? [FormattableString.Invariant(
                $"all users: the sensing SINR (17b) of {count} users needs K gamma / (1 + gamma) = {wanted:G4}, and their echoes reach {most:G4} at most, each at maxPowerWatts {problem.MaxPowerWatts:G4}")]
            : [];
    }

    /// <summary>An upper bound of the sum of gamma / (1 + gamma) over the users' sensing.</summary>
    /// <param name="network">The case; its users share the band.</param>
    /// <param name="wanted">The search ends when the bound is below this, or when it cannot come below.</param>
    public static double Bound(Network network, double wanted)
    {
        IsccCase problem = network.Problem;
        double scale = problem.MaxPowerWatts / problem.SensingNoiseWatts, least = double.PositiveInfinity;
        ComplexMatrix total = WithNoise(problem.SensingChannels.Select((h, k) => h.Times(network.Echo[k].Right)), scale);
        int antennas = total.Rows;
        for (int step = 0; step < MaxSteps; step++)
        {
            if (CholeskyFactor.TryCreate(total)?.Inverse() is not { } inverse)
            {
                break;
            }

            double trace = Enumerable.Range(0, antennas).Sum(i => inverse[i, i].Real);
            SpectralNorm[] marginal = [.. problem.SensingChannels.Select(h => SpectralNorm.Of(inverse.Times(h)))];
            double bound = antennas - (2 * trace) + inverse.SquaredFrobeniusNorm() + (scale * marginal.Sum(m => m.SquaredUpperBound));
            least = Math.Min(least, bound + (Rounding * antennas));
            if (least < wanted || antennas - trace >= wanted)
            {
                break;
            }

            double share = 2.0 / (step + 3);
            ComplexMatrix towards = WithNoise(problem.SensingChannels.Select((h, k) => h.Times(marginal[k].Right)), scale);
            total = ComplexMatrix.Create(antennas, antennas, (i, j) => ((1 - share) * total[i, j]) + (share * towards[i, j]));
        }

        return least;
    }

    private static ComplexMatrix WithNoise(IEnumerable<ComplexVector> echoes, double scale)
    {
        ComplexVector[] all = [.. echoes];
        return ComplexMatrix.Create(all[0].Length, all[0].Length, (i, j) =>
        {
            Complex sum = i == j ? 1 : 0;
            foreach (ComplexVector echo in all)
            {
                sum += scale * echo[i] * Complex.Conjugate(echo[j]);
            }

            return sum;
        });
    }
}
