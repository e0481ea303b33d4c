using System.Text.Json;
using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

public sealed class PlannerTests
{
    private static readonly string[] Plain = [.. VflBeamformingMethods.All.Except(VflBeamformingMethods.Learned)];
    private readonly VflBeamformingPlanner _planner = new(TimeProvider.System);

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 8).Select(i => (ulong)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void EveryMethod_AnyCase_KeepsThePowerLimitAndReportsWhatItsBeamsAchieve(ulong seed)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed);
        foreach (string method in Plain)
        {
            JsonElement answer = JsonDocument.Parse(_planner.Solve(problem, method).ToJson()).RootElement;
            var rates = new PlainRates(problem, AnswerJson.Beams(answer));
            for (int m = 0; m < problem.Cells; m++)
            {
                // The entries are written to the last bit, so only this sum rounds.
                Assert.InRange(rates.Power(m), 0, problem.PowerWatts * (1 + 1e-14));
            }

            // SINRs reach 1e6 in these cases, so interference is found to some 1e-10 of itself.
            Assert.Equal(rates.Communication, answer.GetProperty("communicationRate").GetDouble(), 1e-8 * (1 + rates.Communication));
            Assert.Equal(rates.Sensing, answer.GetProperty("sensingRate").GetDouble(), 1e-8 * (1 + rates.Sensing));
            Assert.Equal(rates.Objective, answer.GetProperty("objective").GetDouble(), 1e-8 * (1 + rates.Objective));
            foreach (JsonElement user in answer.GetProperty("users").EnumerateArray())
            {
                double sinr = rates.UserSinr(user.GetProperty("cell").GetInt32(), user.GetProperty("user").GetInt32());
                Assert.Equal(sinr, user.GetProperty("sinr").GetDouble(), 1e-8 * (1 + sinr));
            }

            foreach (JsonElement target in answer.GetProperty("targets").EnumerateArray())
            {
                double sinr = rates.TargetSinr(target.GetProperty("cell").GetInt32(), target.GetProperty("target").GetInt32());
                Assert.Equal(sinr, target.GetProperty("sinr").GetDouble(), 1e-8 * (1 + sinr));

                // The combiner can only take echoes of other targets away.
                Assert.True(target.GetProperty("discriminatedSinr").GetDouble() >= sinr * (1 - 1e-9));
            }
        }
    }

    /// <summary>Two antennas for three users and three targets in each of three cells: the best plans drop most of them, and there are many tops.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(14)]
    [InlineData(17)]
    [InlineData(24)]
    public void Gradient_FewAntennasForMany_IsNotBelowAHundredOtherStarts(ulong seed)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed, 3, 3, 3, 2, 0.5);
        StationLinks[] links = StationLinks.Of(problem);
        var ascent = new SphereAscent(links);
        double best = 0;
        for (ulong start = 0; start < 100; start++)
        {
            var random = new CounterRandom(start, RandomPurpose.Test, 31);
            var beams = new BeamSet(links[0].Shape);
            for (int i = 0; i < beams.Re.Length; i++)
            {
                (beams.Re[i], beams.Im[i]) = random.NormalPairAt((ulong)i);
            }

            beams.ScaleToFullPower();
            best = Math.Max(best, ascent.Climb(RateUtility.Paper(problem.Rho), beams, 1e-8, 1000, CancellationToken.None).Value);
        }

        double gradient = _planner.Solve(problem, VflBeamformingMethods.Gradient).Plan.Objective;

        Assert.True(gradient >= 0.999 * best, $"{gradient} below {best}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Gradient_AnyCase_LiesBetweenEveryBaselineAndTheUpperBound(ulong seed)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed + 1000);
        VflBeamformingAnswer gradient = _planner.Solve(problem, VflBeamformingMethods.Gradient);
        foreach (string method in Plain.Except([VflBeamformingMethods.Gradient]))
        {
            double baseline = _planner.Solve(problem, method).Plan.Objective;
            Assert.True(gradient.Plan.Objective >= baseline * (1 - 1e-9), $"{method}: {baseline} above {gradient.Plan.Objective}");
        }

        Assert.InRange(gradient.Plan.Objective, 0, gradient.UpperBound!.Value * (1 + 1e-9));
        Assert.InRange(gradient.RelativeGap!.Value, -1e-9, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void UpperBound_AnyBeams_AreBelowIt(ulong seed)
    {
        // Beams that nobody optimised for this: the bound must hold for all of them, whatever the weight.
        foreach (double rho in (double[])[0, 0.3, 1])
        {
            VflBeamformingCase problem = RandomCases.Draw(seed, 1 + (int)(seed % 3), 2, 2, 6, rho);
            double bound = RateBound.Compute(StationLinks.Of(problem), rho);
            for (ulong draw = 0; draw < 20; draw++)
            {
                var plan = VflBeamformingPlan.Create(problem, RandomCases.AnyBeams(problem, draw));
                Assert.True(plan.Objective <= bound);
            }

            foreach (string method in Plain)
            {
                Assert.True(_planner.Solve(problem, method).Plan.Objective <= bound * (1 + 1e-12), method);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 12)]
    public void MaximumRatio_OneUser_IsTheOptimumAndMeetsTheBound(ulong seed, int antennas)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed, 1, 1, 1, antennas, 1);
        double norm = problem.Channels[0][0].SquaredFrobeniusNorm();
        double optimum = Math.Log2(1 + (problem.PowerWatts * norm / problem.UserNoiseWatts));
        foreach (string method in (string[])[VflBeamformingMethods.Mrt, VflBeamformingMethods.Imt, VflBeamformingMethods.Wmmse, VflBeamformingMethods.Gradient])
        {
            Assert.Equal(optimum, _planner.Solve(problem, method).Plan.CommunicationRate, 1e-6 * optimum);
        }

        Assert.Equal(optimum, RateBound.Compute(StationLinks.Of(problem), 1), 1e-4 * optimum);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Conjugate_OneTarget_IsTheOptimumOfSensingAndMeetsTheBound(ulong seed)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed, 1, 2, 1, 5, 0);
        double optimum = Math.Log2(1 + (problem.PowerWatts * problem.SensingChannels[0][0].SquaredFrobeniusNorm() / problem.SensingNoiseWatts));
        Assert.Equal(optimum, _planner.Solve(problem, VflBeamformingMethods.Cbf).Plan.SensingRate, 1e-12 * optimum);
        Assert.Equal(optimum, _planner.Solve(problem, VflBeamformingMethods.Gradient).Plan.SensingRate, 1e-6 * optimum);
        Assert.Equal(optimum, RateBound.Compute(StationLinks.Of(problem), 0), 1e-6 * optimum);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void InterferenceMinimising_MoreAntennasThanUsers_LeaksNothing(ulong seed)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed, 3, 2, 2, 8, 1);
        VflBeamformingPlan plan = _planner.Solve(problem, VflBeamformingMethods.Imt).Plan;
        for (int m = 0; m < 3; m++)
        {
            for (int k = 0; k < 2; k++)
            {
                // Nothing but noise beside the signal: the SNR of the user's own beam.
                double amplitude = Enumerable.Range(0, 8)
                    .Aggregate(System.Numerics.Complex.Zero, (sum, i) => sum + (System.Numerics.Complex.Conjugate(problem.Channels[m][m][k, i]) * plan.Beamformers[m][i, k])).Magnitude;
                Assert.Equal(amplitude * amplitude / problem.UserNoiseWatts, plan.UserSinr[m][k], 1e-9 * plan.UserSinr[m][k]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Wmmse_AnyCase_NeverFallsAndEndsWhereAscentFindsNothing(ulong seed)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed + 50) with { Rho = 1 };
        StationLinks[] links = StationLinks.Of(problem);
        (BeamSet beams, IReadOnlyList<double> trace, int iterations) = ConvergedWmmse.Run(links, CancellationToken.None);
        Assert.True(iterations >= trace.Count - 1);
        Assert.All(trace.Zip(trace.Skip(1)), pair => Assert.True(pair.Second >= pair.First - (1e-9 * (1 + pair.First)), $"{pair.First} fell to {pair.Second}"));

        // The trace is the true rate of the beams, and an ascent from them gains next to nothing: WMMSE stops at 1e-6 in ten iterations.
        double rate = new RateKernel(problem.Shape).Evaluate(links, RateUtility.Paper(1), beams);
        Assert.Equal(rate, trace[^1], 1e-8 * (1 + rate));
        (double climbed, _) = new SphereAscent(links).Climb(RateUtility.Paper(1), beams.Clone(), 1e-10, 2000, CancellationToken.None);
        Assert.InRange(climbed, rate * (1 - 1e-3), rate * 1.01);
    }

    // From beams of the best signal to leakage alone WMMSE ends up to a fifth below: whom to serve is a choice that it does not revise.
    [Theory]
    [InlineData(1, 3, 3)]
    [InlineData(2, 2, 3)]
    [InlineData(2, 4, 3)]
    [InlineData(3, 2, 2)]
    public void Wmmse_FewAntennasForItsUsers_IsNotBelowAscentsFromDrawnBeams(int cells, int users, int antennas)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            VflBeamformingCase problem = RandomCases.Draw(seed, cells, users, 1, antennas, 1) with { UserNoiseWatts = 1e-3 };
            StationLinks[] links = StationLinks.Of(problem);
            (_, IReadOnlyList<double> trace, int iterations) = ConvergedWmmse.Run(links, CancellationToken.None);

            // Of 27 starts all but the best stop early, or go on; none takes less than one.
            Assert.True(iterations >= trace.Count - 1 + 26);
            double best = 0;
            for (ulong start = 1; start <= 10; start++)
            {
                var random = new CounterRandom(start, RandomPurpose.Test, 11);
                var beams = new BeamSet(problem.Shape);
                for (int i = 0; i < beams.Re.Length; i++)
                {
                    (beams.Re[i], beams.Im[i]) = random.NormalPairAt((ulong)i);
                }

                beams.ScaleToFullPower();
                best = Math.Max(best, new SphereAscent(links).Climb(RateUtility.Paper(1), beams, 1e-8, 1000, CancellationToken.None).Value);
            }

            Assert.True(trace[^1] >= 0.97 * best, $"seed {seed}: {trace[^1]}, an ascent {best}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fair_SensingCase_LightsTheWorstTargetBetterThanTheSumDoes(ulong seed)
    {
        VflBeamformingCase problem = new MultiCellScene { Rho = 0.1 }.Draw(seed);
        VflBeamformingPlan fair = _planner.Solve(problem, VflBeamformingMethods.Fair).Plan, sum = _planner.Solve(problem, VflBeamformingMethods.Gradient).Plan;
        Assert.True(fair.LeastDiscriminatedTargetRate > 2 * sum.LeastDiscriminatedTargetRate, $"{fair.LeastDiscriminatedTargetRate} and {sum.LeastDiscriminatedTargetRate}");

        // (8) lets at most sum gamma / (1 + gamma) = 1 through in a cell: two targets cannot both have a SINR above one.
        foreach (VflBeamformingPlan plan in (VflBeamformingPlan[])[fair, sum])
        {
            Assert.All(plan.TargetSinr, cell => Assert.InRange(cell.Sum(gamma => gamma / (1 + gamma)), 0, 1));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Discriminating_SensingCase_SeesMoreWithTheCombinerThanAnyOther(ulong seed)
    {
        VflBeamformingCase problem = new MultiCellScene { Rho = 0 }.Draw(seed);
        double best = _planner.Solve(problem, VflBeamformingMethods.Discriminating).Plan.DiscriminatedSensingRate;
        foreach (string method in Plain)
        {
            Assert.True(_planner.Solve(problem, method).Plan.DiscriminatedSensingRate <= best * (1 + 1e-6), method);
        }
    }

    [Fact]
    public void Solve_Twice_GivesTheSameBits()
    {
        VflBeamformingCase problem = RandomCases.Draw(77, 3, 2, 2, 6, 0.4);
        string[] answers = [.. Enumerable.Range(0, 2).Select(_ => (_planner.Solve(problem, VflBeamformingMethods.Gradient) with { SolveTime = TimeSpan.Zero }).ToJson())];
        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public void EveryMethod_ChannelsOfZero_AnswersWithRatesOfZero()
    {
        VflBeamformingCase drawn = RandomCases.Draw(5, 2, 2, 2, 4, 0.5);
        IReadOnlyList<IReadOnlyList<LinearAlgebra.ComplexMatrix>> Zeros(IReadOnlyList<IReadOnlyList<LinearAlgebra.ComplexMatrix>> like) =>
            [.. like.Select(row => row.Select(m => LinearAlgebra.ComplexMatrix.Create(m.Rows, m.Columns, (_, _) => 0)).ToArray())];
        VflBeamformingCase problem = drawn with { Channels = Zeros(drawn.Channels), SensingChannels = Zeros(drawn.SensingChannels) };
        foreach (string method in Plain)
        {
            VflBeamformingAnswer answer = _planner.Solve(problem, method);
            Assert.Equal((0.0, 0.0), (answer.Plan.CommunicationRate, answer.Plan.SensingRate));
            Assert.All(answer.Plan.PowerWatts, power => Assert.InRange(power, 0, problem.PowerWatts));
            Assert.DoesNotContain("NaN", answer.ToJson(), StringComparison.Ordinal);
        }
    }
}
