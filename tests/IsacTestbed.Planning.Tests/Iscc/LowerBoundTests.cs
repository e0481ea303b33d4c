using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>The lower bound holds for points that no optimiser chose, and is near the least cost that exhaustive search finds.</summary>
public sealed class LowerBoundTests
{
    private static readonly IsccPlanner Planner = new(TimeProvider.System);

    [Fact]
    public void Bound_RandomFeasiblePoints_IsBelowThemAll()
    {
        int compared = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            IsccCase problem = RandomCases.Draw(seed);
            var network = Network.Shared(problem);
            var floor = SensingFloor.Of(network);
            if (floor.Reasons.Count > 0 || new CostBound(network, floor, thorough: true) is not { Reasons.Count: 0 } bound)
            {
                continue;
            }

            double lower = bound.Compute(0, 1e-3, CancellationToken.None);
            foreach (OperatingPoint point in RandomPoints(network, seed, 12))
            {
                Assert.All(point.Power[network.Count..].Zip(floor.PowerWatts), p => Assert.True(p.First >= p.Second * (1 - 1e-9)));
                if (point.Score.Stage == ScoreStage.Cost)
                {
                    compared++;
                    Assert.True(point.Score.Value >= lower, $"seed {seed}: cost {point.Score.Value} below the bound {lower}");
                }
            }
        }

        // Random beams are often infeasible; enough must remain for the test to mean something.
        Assert.True(compared > 50, $"only {compared} feasible points");
    }

    [Fact]
    public void InfeasibilityProof_RandomPoints_NoneIsFeasible()
    {
        int proofs = 0;
        for (ulong seed = 0; seed < 120; seed++)
        {
            IsccCase problem = RandomCases.Draw(seed);
            var network = Network.Shared(problem);
            var floor = SensingFloor.Of(network);
            bool proven = floor.Reasons.Count > 0 || new CostBound(network, floor, thorough: seed % 4 == 0).Reasons.Count > 0;
            if (!proven)
            {
                continue;
            }

            proofs++;
            Assert.DoesNotContain(RandomPoints(network, seed, 8), p => p.Score.Stage == ScoreStage.Cost);
        }

        Assert.True(proofs > 20, $"only {proofs} infeasible cases");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(75)]
    [InlineData(199)]
    [InlineData(266)]
    [InlineData(295)]
    public void UplinkLimit_RandomBeamsOfOneUser_TakeAtLeastItsPower(ulong seed)
    {
        // The echoes of the first four have rank one, or both channels have larger ranks; those of the others have two paths and the uplink one.
        // Alone, with best combiners, a user's SINR and power at random beams are compared with the least power at that SINR.
        IsccCase drawn = RandomCases.Draw(seed);
        IsccCase problem = drawn with { Users = [drawn.Users[0]], Channels = [drawn.Channels[0]], SensingChannels = [drawn.SensingChannels[0]], MaxPowerWatts = 1e6 };
        var network = Network.Shared(problem);
        var limit = new UplinkLimit(network, SensingFloor.Of(network), 0, thorough: true);
        int compared = 0;
        foreach (OperatingPoint point in RandomPoints(network, seed, 400))
        {
            compared++;
            // Near the largest SINR that one antenna can have the power grows without bound, and the SINR's last digits decide.
            double least = limit.LeastPower((1 - 1e-6) * Math.Log2(1 + point.Ap.Sinr(0)));
            Assert.True(point.Power.Sum() >= least * (1 - 1e-9), $"{point.Power.Sum()} below {least}");
        }

        Assert.True(compared > 100);
    }

    [Fact]
    public void UplinkLimit_ItsBeams_AttainItsPower()
    {
        // The bound of a user alone is no mere bound: at its beams, with the best combiners and the least sensing power, the SINR takes hardly
        // more. Tables of pieces and the ends of searches leave some tenths of a per cent of what goes beyond the sensing floor.
        int compared = 0, sensingFirst = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            foreach (int antennas in (int[])[2, 3, 5, 8, 16])
            {
                IsccCase problem = new IsccScene { Users = 1, ApAntennas = antennas, TransmitAntennas = antennas, ReceiveAntennas = antennas }.Draw(seed);
                var network = Network.Shared(problem);
                if (SensingFloor.Of(network) is not { Reasons.Count: 0 } floor)
                {
                    continue;
                }

                var limit = new UplinkLimit(network, floor, 0, thorough: true);
                foreach (double share in (double[])[0.3, 0.9, 0.999])
                {
                    double efficiency = share * limit.Efficiency;
                    (ComplexVector data, ComplexVector sensing, _) = limit.Beams(efficiency)!.Value;
                    double attained = LeastPower(network, new BeamSet(network, [data, sensing]), floor, efficiency), least = limit.LeastPower(efficiency);
                    double excess = least - floor.PowerWatts[0];
                    Assert.InRange(attained - least, -1e-9 * least, 0.012 * excess);
                    compared++;
                    sensingFirst += excess < 0.3 * floor.PowerWatts[0] ? 1 : 0;
                }
            }
        }

        Assert.True(compared > 150 && sensingFirst > 20, $"{compared} compared, in {sensingFirst} most power is for sensing");
    }

    // The least power with which given beams of a single user reach a spectral efficiency, by bisection over the data power.
    private static double LeastPower(Network network, BeamSet beams, SensingFloor floor, double efficiency)
    {
        double low = 0, high = 2 * network.Problem.MaxPowerWatts, power = double.PositiveInfinity;
        for (int i = 0; i < 60; i++)
        {
            double middle = 0.5 * (low + high);
            OperatingPoint? point = OperatingPoint.TryCreate(beams, [middle], floor.PowerWatts);
            bool enough = point is null || point.Power[0] < middle || Math.Log2(1 + point.Ap.Sinr(0)) >= efficiency;
            (low, high) = enough ? (low, middle) : (middle, high);
            power = enough && point is not null ? point.Power.Sum() : power;
        }

        return power;
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Refined_OneUserOfFewAntennas_IsWithinTwoPercent(int antennas)
    {
        // Few antennas leave little power beside sensing, and the sensing beam arrives at the access point in the direction of the data.
        int feasible = 0;
        for (ulong seed = 200; seed < 280; seed++)
        {
            IsccCase problem = new IsccScene { Users = 1, ApAntennas = antennas, TransmitAntennas = antennas, ReceiveAntennas = antennas, LatencySeconds = 0.3 }.Draw(seed);
            IsccAnswer answer = Planner.Solve(problem, IsccMethods.Refined);
            if (!answer.Feasible)
            {
                Assert.True(answer.InfeasibilityProven, $"seed {seed}: neither plan nor proof");
                continue;
            }

            feasible++;
            Assert.InRange(answer.RelativeGap!.Value, -1e-9, 0.02);
        }

        Assert.True(feasible > 10, $"only {feasible} feasible");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Refined_SingleAntennas_AgreesWithExhaustiveSearch(ulong seed)
    {
        // One user and one antenna everywhere: (7), (8) and (13) to (15) are scalars, searched on a grid of data power, sensing power and share.
        var random = new CounterRandom(seed, RandomPurpose.Test, 9);
        double gain = 20 + (60 * random.UniformAt(0)), echo = 40 + (40 * random.UniformAt(1)), threshold = 0.1 + (0.3 * random.UniformAt(2));
        var user = new IsccUser(1e6, 0.5, 1000, 1.5e9, 1e-28, 1e-28, 0.1 + random.UniformAt(3));
        var problem = new IsccCase(5e6, 1, 1, 1, threshold, 5e9, [user], [Scalar(gain)], [Scalar(echo)]);
        IsccAnswer answer = Planner.Solve(problem, IsccMethods.Refined);
        Assert.True(answer.Feasible, string.Join("; ", answer.Reasons));

        double best = double.PositiveInfinity;
        const int Steps = 300;
        for (int i = 1; i <= Steps; i++)
        {
            double data = Math.Pow(10, -4 + (4.0 * i / Steps)), sensing = threshold * ((echo * data) + 1) / echo;
            if (data + sensing > 1)
            {
                break;
            }

            double rate = 5e6 * Math.Log2(1 + (gain * data / ((gain * sensing) + 1)));
            for (int j = 0; j <= Steps; j++)
            {
                double share = (double)j / Steps, upload = share * 1e6 / rate, local = 1e9 * (1 - share) / 0.5;
                double remote = share > 0 ? 1e9 * share / (0.5 - upload) : 0;
                if (upload < 0.5 && local <= 1.5e9 && remote <= 5e9)
                {
                    best = Math.Min(
                        best,
                        ((data + sensing) * upload) + (1e-28 * local * local * 1e9 * (1 - share)) + (user.EnergyCostRatio * 1e-28 * remote * remote * 1e9 * share));
                }
            }
        }

        // The grid's best lies above the optimum by what a step of each variable changes; the design ends at 2e-4 of its bound.
        Assert.InRange(answer.LowerBound!.Value, 0, best);
        Assert.InRange(answer.EnergyCost!.Value, answer.LowerBound.Value * (1 - 1e-9), best * (1 + 3e-4));
        Assert.InRange(best / answer.EnergyCost.Value, 1 - 3e-4, 1.02);
    }

    private static ComplexMatrix Scalar(double gain) => ComplexMatrix.Create(1, 1, (_, _) => Math.Sqrt(gain));

    internal static IEnumerable<OperatingPoint> RandomPoints(Network network, ulong seed, int count)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 11);
        ulong index = 0;
        for (int i = 0; i < count; i++)
        {
            // Beams partly random, partly along the dominant directions, so that a fair share is feasible.
            double mix = random.UniformAt(index++);
            var directions = new ComplexVector[2 * network.Count];
            for (int s = 0; s < directions.Length; s++)
            {
                int user = s % network.Count;
                directions[s] = new ComplexVector(network.Problem.Channels[0].Columns);
                for (int m = 0; m < directions[s].Length; m++)
                {
                    (directions[s].Re[m], directions[s].Im[m]) = random.NormalPairAt(index++);
                }

                directions[s].Normalise();
                directions[s].Scale(mix);
                directions[s].Add(1 - mix, s < network.Count ? network.Uplink[user].Right : network.Echo[user].Right);
                directions[s].Normalise();
            }

            double[] data = new double[network.Count], sensing = new double[network.Count];
            for (int k = 0; k < network.Count; k++)
            {
                data[k] = network.Problem.MaxPowerWatts * Math.Pow(10, -4 * random.UniformAt(index++));
                sensing[k] = network.Problem.SensingSinrThreshold / network.EchoGain(k);
            }

            if (OperatingPoint.TryCreate(new BeamSet(network, directions), data, sensing) is { } point)
            {
                yield return point;
            }
        }
    }
}
