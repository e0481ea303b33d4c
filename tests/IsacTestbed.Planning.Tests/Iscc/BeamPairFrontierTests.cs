using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

public sealed class BeamPairFrontierTests
{
    [Fact]
    public void Least_RandomCombiners_CostNoLess()
    {
        // Any two combiners give directions v and t, gains g and h; the bound of the range that holds |v^H t| stays below p / g + q / h for all p, q.
        int compared = 0;
        double tightest = double.PositiveInfinity;
        for (ulong seed = 0; seed < 30; seed++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Test, 21);
            (int ap, int transmit, int receive) = (Antennas(0), Antennas(1), Antennas(2));
            ComplexMatrix uplink = Gaussian(ap, transmit, random, 100), echo = Gaussian(receive, transmit, random, 1000);
            var frontier = BeamPairFrontier.Of(uplink, 0.5, echo, 2);
            ulong index = 10_000;
            for (int trial = 0; trial < 300; trial++)
            {
                // Mostly near each other's best direction, where the bound is near: at random, directions in several dimensions hardly overlap.
                double bend = Math.Pow(10, -3 * random.UniformAt(index++));
                (double x, ComplexVector v) = Behind(uplink, Combiner(uplink, bend), 0.5);
                (double y, ComplexVector t) = Behind(echo, Combiner(echo, bend * random.UniformAt(index++)), 2);
                int cell = Math.Clamp((int)(Math.Asin(Math.Min(1, v.Inner(t).Magnitude)) / (0.5 * Math.PI) * BeamPairFrontier.Count), 0, BeamPairFrontier.Count - 1);
                foreach (double weight in (double[])[1e-3, 0.1, 1, 10, 1e3])
                {
                    double value = x + (weight * y), least = frontier.Least(cell, 1, weight);
                    compared++;
                    tightest = Math.Min(tightest, value / least);
                    Assert.True(value >= least * (1 - 1e-9), $"seed {seed}: {value} below {least} at overlap {v.Inner(t).Magnitude}");
                }
            }

            int Antennas(ulong which) => 1 + (int)(6 * random.UniformAt(which));

            ComplexVector Combiner(ComplexMatrix channel, double amount)
            {
                ComplexVector combiner = channel.Times(SpectralNorm.Of(channel).Right);
                combiner.Normalise();
                for (int i = 0; i < combiner.Length; i++)
                {
                    (double re, double im) = random.NormalPairAt(index++);
                    combiner[i] += amount * new Complex(re, im);
                }

                combiner.Normalise();
                return combiner;
            }
        }

        Assert.True(compared > 10_000 && tightest < 1.01, $"{compared} compared, nearest {tightest}");

        static (double Inverse, ComplexVector Direction) Behind(ComplexMatrix channel, ComplexVector combiner, double noise)
        {
            ComplexVector direction = channel.AdjointTimes(combiner);
            double gain = direction.SquaredNorm() / noise;
            direction.Normalise();
            return (1 / gain, direction);
        }
    }

    [Fact]
    public void Refined_OneUserOfRichChannels_IsWithinTwoPercent()
    {
        // Rayleigh channels to the access point and back from the target, up to six antennas each: with one user nothing but the trade between its
        // two beams separates plan and bound.
        int feasible = 0;
        var planner = new IsccPlanner(TimeProvider.System);
        for (ulong seed = 0; seed < 60; seed++)
        {
            IsccCase drawn = RandomCases.Draw(seed);
            var random = new CounterRandom(seed, RandomPurpose.Test, 22);
            int Antennas(ulong which) => 2 + (int)(5 * random.UniformAt(which));
            int transmit = Antennas(1);
            IsccCase problem = drawn with
            {
                Users = [drawn.Users[0]],
                Channels = [Gaussian(Antennas(0), transmit, random, drawn.Channels[0].SquaredFrobeniusNorm())],
                SensingChannels = [Gaussian(Antennas(2), transmit, random, drawn.SensingChannels[0].SquaredFrobeniusNorm())],
            };
            IsccAnswer answer = planner.Solve(problem, IsccMethods.Refined);
            Assert.True(answer.Feasible || answer.InfeasibilityProven, $"seed {seed}: neither plan nor proof");
            feasible += answer.Feasible ? 1 : 0;
            Assert.InRange(answer.RelativeGap ?? 0, -1e-9, 0.02);
        }

        Assert.True(feasible > 20, $"only {feasible} feasible");
    }

    private static ComplexMatrix Gaussian(int rows, int columns, CounterRandom random, double power)
    {
        double scale = Math.Sqrt(power / (2.0 * rows * columns));
        return ComplexMatrix.Create(rows, columns, (i, j) =>
        {
            (double re, double im) = random.NormalPairAt((ulong)(1000 + (rows * 100) + (i * columns) + j));
            return scale * new Complex(re, im);
        });
    }
}
