using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

public sealed class SensingCapacityTests
{
    /// <summary>No beams at any powers reach more than the bound: here many drawn ones, at full power and below, against the tightest bound.</summary>
    [Fact]
    public void Bound_DrawnBeams_NeverReachMore()
    {
        double closest = 1;
        for (ulong seed = 1000; seed < 1060; seed++)
        {
            IsccCase problem = RandomCases.Draw(seed);
            if (problem.SensingChannels[0].Rows > 16)
            {
                continue;
            }

            var network = Network.Shared(problem);
            double bound = double.PositiveInfinity, attained = 0;
            for (uint trial = 0; trial < 20; trial++)
            {
                double sum = Attained(problem, seed, trial);
                attained = Math.Max(attained, sum);

                // Asked for slightly more than was attained, the search goes on as far as it can.
                bound = Math.Min(bound, SensingCapacity.Bound(network, attained * 1.02));
            }

            Assert.True(attained <= bound, $"draw {seed}: {attained} above {bound}");
            closest = Math.Min(closest, (bound / attained) - 1);
        }

        // Where the beam has no choice, the bound is what is attained.
        Assert.InRange(closest, 0, 0.05);
    }

    /// <summary>Four users with two paths each before three antennas need 2.84 of three dimensions, and their powers give them 2.81.</summary>
    [Fact]
    public void Refined_MoreSensingThanTheEchoesCarry_IsProvenImpossible()
    {
        IsccAnswer answer = new IsccPlanner(TimeProvider.System).Solve(RandomCases.Draw(1284), IsccMethods.Refined);
        Assert.False(answer.Feasible);
        Assert.True(answer.InfeasibilityProven, string.Join("; ", answer.Reasons));
        Assert.Contains("maxPowerWatts", Assert.Single(answer.Reasons), StringComparison.Ordinal);
    }

    private static double Attained(IsccCase problem, ulong seed, uint trial)
    {
        int count = problem.Users.Count;
        ComplexVector[] echoes =
        [
            .. problem.SensingChannels.Select((h, k) =>
            {
                var random = new CounterRandom(seed, RandomPurpose.Test, trial, (uint)k);
                ComplexVector beam = DisturbedStart.Turned(SpectralNorm.Of(h).Right, trial < 2 ? 0 : 1, random);
                ComplexVector echo = h.Times(beam);
                echo.Scale(Math.Sqrt(problem.MaxPowerWatts / problem.SensingNoiseWatts));
                return echo;
            }),
        ];
        double[] power = [.. Enumerable.Range(0, count).Select(k => trial == 0 ? 1 : 1 - (0.5 * new CounterRandom(seed, RandomPurpose.Test, trial, (uint)k).UniformAt(99)))];
        double[] sinr = StreamLoad.Of(ComplexMatrix.Create(count, count, (i, j) => echoes[i].Inner(echoes[j])), power).Sinr();
        return sinr.Sum(s => s / (1 + s));
    }
}
