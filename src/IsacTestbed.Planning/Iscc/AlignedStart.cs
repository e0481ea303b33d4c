using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Starts of the design in which some users have the directions of the access point to themselves in which they arrive strongest, and the
/// beams of all others arrive together in what is left.
/// </summary>
/// <remarks>
/// With W the protected directions, another user's data beam is the dominant generalised eigenvector of H^H H against
/// I + kappa H^H W W^H H / sigma_max(H)^2, and its sensing beam is the inverse of that matrix times a, which sees the target with the least
/// weighted power. No step downhill leads there from beams that arrive everywhere: half an alignment helps nobody.
/// </remarks>
internal static class AlignedStart
{
    private const double DataPenalty = 300;
    private const int PowerIterations = 20;

    // Of the power budget, what the others' data start with.
    private const double OthersPower = 0.01;
    private static readonly double[] SensingPenalties = [300, 30, 3];

    /// <summary>A start; null if its sensing beams cannot meet the thresholds.</summary>
    /// <param name="network">The case; its users share the band.</param>
    /// <param name="floor">Least sensing powers.</param>
    /// <param name="served">The protected users, fewer than the access point has antennas.</param>
    /// <returns>Beams, and K data powers in watts.</returns>
    public static (BeamSet Beams, double[] DataPower)? Of(Network network, SensingFloor floor, IReadOnlyCollection<int> served)
    {
        int count = network.Count;
        double budget = network.Problem.MaxPowerWatts;
        ComplexVector[] kept = OrthonormalBasis.Of(served.Select(k => network.Problem.Channels[k].Times(network.Uplink[k].Right)));
        double[] power = [.. Enumerable.Range(0, count).Select(k => (served.Contains(k) ? 1 : OthersPower) * budget)];
        ComplexVector[] data =
        [
            .. Enumerable.Range(0, count).Select(k => served.Contains(k) ? network.Uplink[k].Right : DataBeam(network, k, Weight(network, k, kept, DataPenalty))),
        ];
        foreach (double penalty in SensingPenalties)
        {
            var beams = new BeamSet(
                network, [.. data, .. Enumerable.Range(0, count).Select(k => Solved(Weight(network, k, kept, penalty), network.Echo[k].Right))]);
            if (OperatingPoint.TryCreate(beams, power, floor.PowerWatts) is not null)
            {
                return (beams, power);
            }
        }

        return null;
    }

    // The Cholesky factor of I + kappa H^H W W^H H / sigma_max(H)^2.
    private static CholeskyFactor Weight(Network network, int user, ComplexVector[] kept, double penalty)
    {
        ComplexMatrix channel = network.Problem.Channels[user];
        double scale = network.Uplink[user].SquaredUpperBound > 0 ? penalty / network.Uplink[user].SquaredUpperBound : 0;
        ComplexVector[] links = [.. kept.Select(channel.AdjointTimes)];
        var weight = ComplexMatrix.Create(channel.Columns, channel.Columns, (i, j) => links.Aggregate(
            new Complex(i == j ? 1 : 0, 0), (sum, link) => sum + (scale * link[i] * Complex.Conjugate(link[j]))));
        return CholeskyFactor.TryCreate(weight) ?? throw new ArithmeticException("A weight of interference is not finite.");
    }

    private static ComplexVector DataBeam(Network network, int user, CholeskyFactor weight)
    {
        ComplexMatrix channel = network.Problem.Channels[user];
        ComplexVector beam = Solved(weight, network.Uplink[user].Right);
        for (int i = 0; i < PowerIterations; i++)
        {
            beam = Solved(weight, channel.AdjointTimes(channel.Times(beam)));
        }

        return beam;
    }

    // The inverse of the weight times a vector, of unit norm.
    private static ComplexVector Solved(CholeskyFactor weight, ComplexVector vector)
    {
        ComplexVector solved = vector.Clone();
        weight.Solve(solved);
        return solved.Normalise() ? solved : vector;
    }
}
