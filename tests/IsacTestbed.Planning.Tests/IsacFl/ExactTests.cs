using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Planning.Tests.IsacFl;

public sealed class ExactTests
{
    private const int Cases = 150;
    private static readonly IsacFlPlanner Planner = new(TimeProvider.System);

    [Fact]
    public void Subproblem_ClosedForm_EqualsEnumeration()
    {
        int feasible = 0;
        for (ulong seed = 0; seed < Cases; seed++)
        {
            IsacFlCase c = RandomCases.Draw(seed, 3, 400);
            var random = new CounterRandom(seed, RandomPurpose.Test, 1);
            var fleet = new Fleet(c);
            for (int k = 0; k < 3; k++)
            {
                DeviceModel device = fleet.Devices[k];
                double top = Math.Max(device.LargestSensingSnr(), 1e-3);
                for (ulong i = 0; i < 20; i++)
                {
                    double gamma = top * Math.Pow(10, 0.2 - (4 * random.UniformAt((20 * (ulong)k) + i)));
                    bool solved = device.TrySolve(gamma, out Allocation closed);
                    bool enumerated = device.TryEnumerate(gamma, out Allocation listed);
                    double reference = PaperModel.BestArriving(c, c.Devices[k], gamma);

                    Assert.Equal(enumerated, solved);
                    Assert.Equal(!double.IsNaN(reference), enumerated);
                    if (enumerated)
                    {
                        feasible++;
                        Assert.True(closed.Arriving >= listed.Arriving * (1 - 1e-13), $"seed {seed} device {k} gamma {gamma}: {closed} {listed}");
                        Assert.Equal(reference, listed.Arriving, 1e-9 * reference);
                    }
                }
            }
        }

        Assert.True(feasible > 500, $"{feasible} feasible subproblems");
    }

    [Fact]
    public void Exact_RandomCases_BruteForceFindsNothingBetterAndNothingAboveTheBound()
    {
        int solved = 0;
        for (ulong seed = 0; seed < Cases; seed++)
        {
            IsacFlCase c = RandomCases.Draw(seed, 1 + (int)(seed % 4), 60);
            IsacFlAnswer exact = Planner.Solve(c, IsacFlMethods.Exact);
            (double bruteForce, bool feasible) = BruteForce(c);

            Assert.Equal(feasible, exact.Feasible);
            if (!feasible)
            {
                continue;
            }

            solved++;
            Assert.Empty(PaperModel.Violations(c, exact));
            Assert.True(exact.RelativeGap is >= 0 and <= 1e-6, $"seed {seed}: gap {exact.RelativeGap}");
            Assert.True(exact.UpperBound >= bruteForce * (1 - 1e-12), $"seed {seed}: bound {exact.UpperBound} below {bruteForce}");
            Assert.True(exact.Objective >= bruteForce * (1 - 1e-6), $"seed {seed}: {exact.Objective} below {bruteForce}");
        }

        Assert.True(solved > Cases / 3 && solved < Cases, $"{solved} of {Cases} feasible: both outcomes must occur");
    }

    [Fact]
    public void Exact_RandomFeasiblePlans_NoneIsBetter()
    {
        int compared = 0;
        for (ulong seed = 1000; seed < 1100; seed++)
        {
            IsacFlCase c = RandomCases.Draw(seed, 4, 1000);
            IsacFlAnswer exact = Planner.Solve(c, IsacFlMethods.Exact);
            var random = new CounterRandom(seed, RandomPurpose.Test, 2);
            for (ulong trial = 0; trial < 200 && exact.Feasible; trial++)
            {
                if (RandomPlan(c, random, trial) is { } plan)
                {
                    compared++;
                    Assert.True(PaperModel.Objective(c, plan) <= exact.UpperBound, $"seed {seed} trial {trial}");
                }
            }
        }

        Assert.True(compared > 1000, $"{compared} random plans were feasible");
    }

    [Fact]
    public void Methods_RandomCases_AreFeasibleAndNotAboveTheExactBound()
    {
        var feasible = IsacFlMethods.All.ToDictionary(method => method, _ => 0);
        for (ulong seed = 2000; seed < 2200; seed++)
        {
            IsacFlCase c = RandomCases.Draw(seed, 5, 300);
            IsacFlAnswer exact = Planner.Solve(c, IsacFlMethods.Exact);
            foreach (string method in IsacFlMethods.All)
            {
                IsacFlAnswer answer = Planner.Solve(c, method);
                if (answer.Feasible)
                {
                    feasible[method]++;
                    Assert.Empty(PaperModel.Violations(c, answer));
                    Assert.True(answer.Objective <= exact.UpperBound, $"seed {seed} {method}");
                    Assert.True(exact.Objective >= answer.Objective * (1 - 1e-6), $"seed {seed} {method}");
                }
            }

            // Algorithm 1, repaired where needed, has a plan whenever there is one.
            Assert.Equal(exact.Feasible, Planner.Solve(c, IsacFlMethods.GoldenSection).Feasible);
        }

        Assert.All(feasible, count => Assert.True(count.Value > 20, $"{count.Key} was feasible {count.Value} times"));
    }

    [Fact]
    public void Exact_ManyDevices_SameBitsOnOneThreadAndOnMany()
    {
        IsacFlCase c = FeasibleCase(1500);

        (double SensingSnr, double UpperBound, int Iterations) one = ExactSearch.Run(new Fleet(c, threads: 1), CancellationToken.None);
        (double SensingSnr, double UpperBound, int Iterations) many = ExactSearch.Run(new Fleet(c, threads: 4), CancellationToken.None);

        Assert.True(c.Devices.Count > 600, $"{c.Devices.Count} devices: too few to be divided among threads");
        Assert.True(one.Iterations > 1);
        Assert.Equal(one, many);
    }

    [Fact]
    public void IntervalBound_RandomIntervals_IsAboveEveryValueInsideAndClosesQuadratically()
    {
        var shrinkage = new List<double>();
        for (ulong seed = 4000; seed < 4300; seed++)
        {
            var fleet = new Fleet(RandomCases.Draw(seed, 2, 500));
            if (fleet.LargestSensingSnr <= 0)
            {
                continue;
            }

            var random = new CounterRandom(seed, RandomPurpose.Test, 4);
            for (ulong i = 0; i < 20; i++)
            {
                double b = ExactSearch.Feasible(fleet) * Math.Pow(10, -2 * random.UniformAt(2 * i));
                double a = b * (1 - Math.Pow(10, -4 * random.UniformAt((2 * i) + 1)));
                double bound = ExactSearch.Evaluate(fleet, [a, b], CancellationToken.None).Bounds[0];
                double[] inside = [.. Enumerable.Range(0, 65).Select(j => a + ((b - a) * j / 64))];
                double[] values = ExactSearch.Evaluate(fleet, inside, CancellationToken.None).Values;

                Assert.True(values.Max() <= bound, $"seed {seed} [{a}, {b}]: {values.Max()} above {bound}");
                if (b - a < 1e-3 * b && bound > 0)
                {
                    shrinkage.Add(((bound / values.Max()) - 1) / ((b - a) / b));
                }
            }
        }

        // b W(a) would exceed the values inside by the interval's own relative width. Jumps of W apart, the chords do far better.
        shrinkage.Sort();
        Assert.True(shrinkage.Count > 200 && shrinkage[shrinkage.Count / 2] < 0.02, $"median excess {shrinkage[shrinkage.Count / 2]} widths");
    }

    [Theory]
    [InlineData(0.01, 5)]
    [InlineData(1, 1)]
    [InlineData(3, 40)]
    public void Bound_RandomChords_IsAtLeastTheMaximumOnADenseGrid(double a, double width)
    {
        for (ulong trial = 0; trial < 200; trial++)
        {
            var random = new CounterRandom(trial, RandomPurpose.Test, 3);
            double atA = 1 + random.UniformAt(0), atB = atA * random.UniformAt(1);
            double fromA = atB + ((atA - atB) * random.UniformAt(2)), fromB = atA * (1 + random.UniformAt(3));
            double bound = ExactSearch.Bound(a, a + width, atA, fromA, fromB, atB);
            double largest = Enumerable.Range(0, 2001).Select(i => i / 2000.0).Max(
                t => (a + (t * width)) * Math.Min(atA + (t * (fromA - atA)), fromB + (t * (atB - fromB))));

            // The grid misses the maximum of a parabola or a corner by at most one step's change.
            Assert.InRange(bound, largest * (1 - 1e-12), largest * (1 + (4 * width / a / 2000)));
        }
    }

    private static IsacFlCase FeasibleCase(int devices)
    {
        IsacFlCase c = RandomCases.Draw(7, devices, 500);
        return c with
        {
            Devices = [.. c.Devices.Where(d => Planner.Solve(c with { Devices = [d] }, IsacFlMethods.Exact).Feasible)],
        };
    }

    private static (double Objective, bool Feasible) BruteForce(IsacFlCase c)
    {
        // A dense grid plus every gamma at which some L runs into the sensing power's maximum: the objective falls there, right after.
        double top = c.Devices.Min(d => PaperModel.SensingSnr(c, d, c.MaxSnapshots, c.SensingPowerWatts.Maximum));
        double bottom = c.Devices.Min(d => PaperModel.SensingSnr(c, d, 1, c.SensingPowerWatts.Minimum));
        IEnumerable<double> grid = Enumerable.Range(0, 400).Select(i => top * Math.Pow(10, -5.0 * i / 400))
            .Concat(Enumerable.Range(1, 200).Select(i => top * i / 200))
            .Concat(
                c.Devices.SelectMany(
                    d => Enumerable.Range(1, c.MaxSnapshots)
                        .Select(n => PaperModel.SensingSnr(c, d, n, c.SensingPowerWatts.Maximum) * (1 - 1e-13))))
            .Append(bottom);
        double best = 0;
        bool feasible = false;
        foreach (double gamma in grid)
        {
            double sum = 0;
            foreach (IsacFlDevice d in c.Devices)
            {
                sum += PaperModel.BestArriving(c, d, gamma);
                if (double.IsNaN(sum))
                {
                    break;
                }
            }

            feasible |= !double.IsNaN(sum);
            best = gamma * sum > best ? gamma * sum : best;
        }

        return (best, feasible);
    }

    private static List<DevicePlan>? RandomPlan(IsacFlCase c, CounterRandom random, ulong trial)
    {
        var plan = new List<DevicePlan>();
        ulong index = trial * 1000;
        foreach (IsacFlDevice d in c.Devices)
        {
            bool found = false;
            for (int attempt = 0; attempt < 30 && !found; attempt++)
            {
                int snapshots = (int)Math.Pow(c.MaxSnapshots + 0.5, random.UniformAt(index++));
                double sensing = Draw(c.SensingPowerWatts, random.UniformAt(index++));
                double uplink = Draw(c.UplinkPowerWatts, random.UniformAt(index++));
                double samples = PaperModel.Samples(c, d, snapshots);
                found = samples >= 1 && PaperModel.Energy(c, d, snapshots, sensing, uplink) <= d.EnergyBudgetJoules;
                if (found)
                {
                    plan.Add(new DevicePlan(d.Id, snapshots, sensing, uplink, samples, 0, 0));
                }
            }

            if (!found)
            {
                return null;
            }
        }

        return plan;
    }

    private static double Draw(PowerRange range, double u) => range.Minimum + ((range.Maximum - range.Minimum) * u);
}
