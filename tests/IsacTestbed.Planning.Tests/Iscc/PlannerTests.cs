using System.Numerics;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

public sealed class PlannerTests
{
    private static readonly IsccPlanner Planner = new(TimeProvider.System);

    [Fact]
    public void EveryMethod_RandomCases_PlansPassTheCheckAndInfeasibleCasesSayWhy()
    {
        int feasible = 0;
        for (ulong seed = 100; seed < 120; seed++)
        {
            IsccCase problem = RandomCases.Draw(seed);
            foreach (string method in IsccMethods.All.Where(m => problem.Users.Count <= 5 || m is IsccMethods.Refined or IsccMethods.FullLocal))
            {
                IsccAnswer answer = Planner.Solve(problem, method);
                if (answer.Plan is not { } plan)
                {
                    Assert.NotEmpty(answer.Reasons);
                    Assert.All(answer.Reasons, r => Assert.Contains("user", r, StringComparison.Ordinal));
                    continue;
                }

                feasible++;
                var check = PlanCheck.Of(problem, plan);
                Assert.Empty(check.Violations);
                Assert.Equal(check.EnergyCost, answer.EnergyCost);
            }
        }

        Assert.True(feasible > 30, $"only {feasible} plans");
    }

    [Fact]
    public void Refined_EnoughAntennas_IsWithinTwoPerCentOfItsBound()
    {
        int solved = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            // With fewer antennas than streams, or echoes of several paths, the bound sees too little of the interference to be tight.
            IsccCase problem = RandomCases.Draw(seed);
            if (problem.Channels[0].Rows < 2 * problem.Users.Count || problem.Channels[0].Columns < 4 || problem.SensingChannels.Any(h => !SpectralNorm.Of(h).IsRankOne))
            {
                continue;
            }

            IsccAnswer answer = Planner.Solve(problem, IsccMethods.Refined);
            if (answer.Feasible)
            {
                solved++;
                Assert.InRange(answer.RelativeGap!.Value, -1e-9, 0.02);
            }
            else
            {
                Assert.True(answer.InfeasibilityProven, $"seed {seed}: {string.Join("; ", answer.Reasons)}");
            }
        }

        Assert.True(solved > 10, $"only {solved} cases");
    }

    [Fact]
    public void Refined_CasesOfEveryKind_MostAreWithinTwoPerCentOfTheirBound()
    {
        // Draws that no constant was chosen by. Over 800 of them 95 % of the feasible ones are within 2 %, and 99 % of all cases are either
        // planned or proven infeasible (bench iscc-gaps); with 30 draws a loss of three standard deviations below that is none by chance.
        int tight = 0, wide = 0, settled = 0;
        const int Draws = 30;
        for (ulong seed = 1200; seed < 1200 + Draws; seed++)
        {
            IsccAnswer answer = Planner.Solve(RandomCases.Draw(seed), IsccMethods.Refined);
            settled += answer.Feasible || answer.InfeasibilityProven ? 1 : 0;
            if (answer.RelativeGap is { } gap)
            {
                Assert.InRange(gap, -1e-9, double.PositiveInfinity);
                (tight, wide) = gap <= 0.02 ? (tight + 1, wide) : (tight, wide + 1);
            }
        }

        double expected = 0.95 * (tight + wide), deviation = Math.Sqrt(0.95 * 0.05 * (tight + wide));
        Assert.True(tight >= expected - (3 * deviation), $"{tight} of {tight + wide} within 2 %");
        Assert.InRange(settled, Draws - 3, Draws);
    }

    /// <summary>
    /// The strongest echoes of some users arrive from so near each other that no powers along them meet all thresholds. In the second and
    /// third draw the user that has to take its second path has power to spare along the first.
    /// </summary>
    [Theory]
    [InlineData(1156)]
    [InlineData(1005)]
    [InlineData(1129)]
    public void Refined_EchoesOfTwoPathsThatCollide_FindsSensingBeamsThatGiveWay(ulong seed)
    {
        IsccCase problem = RandomCases.Draw(seed);
        var network = Network.Shared(problem);
        var floor = SensingFloor.Of(network);
        ComplexVector[] strongest = [.. network.Echo.Select(e => e.Right)];
        double[] faint = [.. strongest.Select(_ => 1e-9 * problem.MaxPowerWatts)];
        Assert.Null(OperatingPoint.TryCreate(new BeamSet(network, [.. network.Uplink.Select(h => h.Right), .. strongest]), faint, floor.PowerWatts));

        IsccAnswer answer = Planner.Solve(problem, IsccMethods.Refined);
        Assert.True(answer.Feasible, string.Join("; ", answer.Reasons));
        Assert.Empty(answer.Check!.Violations);
    }

    [Theory]
    [InlineData(2, 0.2)]
    [InlineData(2, 0.5)]
    [InlineData(2, 1.0)]
    [InlineData(4, 0.4)]
    public void Methods_PaperScenes_RefinedIsBestThenThePapersThenTheBaselines(int users, double latency)
    {
        IsccCase problem = Scene(users, latency).Draw(5);
        double refined = Planner.Solve(problem, IsccMethods.Refined).EnergyCost!.Value;
        double paper = Planner.Solve(problem, IsccMethods.ScaAdmm).EnergyCost!.Value;
        Assert.InRange(refined, 0, paper * (1 + 1e-6));
        foreach (string method in IsccMethods.All.Skip(2))
        {
            if (Planner.Solve(problem, method) is { Feasible: true } baseline)
            {
                Assert.True(paper <= baseline.EnergyCost * (1 + 2e-3), $"{method} costs {baseline.EnergyCost}, sca-admm {paper}");
            }
        }
    }

    // The same cycles with ten thousand times the bits. Where no share has to be offloaded the paper's steps shrink it and its power on and
    // on; at an SINR of 1e-9 a plan is left that misses its latency by what the rate is rounded.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ScaAdmm_UploadsThatDoNotPay_OffloadsAMillionthOrNothing(int users)
    {
        int planned = 0;
        for (ulong seed = 1; seed <= 40; seed++)
        {
            IsccCase drawn = new LineOfSightCases(users).Draw(seed);
            IsccUser[] heavier = [.. drawn.Users.Select(u => u with
            {
                TaskBits = 1e4 * u.TaskBits, CyclesPerBit = 1e-4 * u.CyclesPerBit, CyclesPerSecond = 10 * u.CyclesPerSecond,
            })];
            if (Planner.Solve(drawn with { Users = heavier }, IsccMethods.ScaAdmm) is { Plan: { } plan })
            {
                planned++;
                Assert.DoesNotContain(plan.Offloading, share => share is > 0 and < 1e-6);
            }
        }

        Assert.InRange(planned, 20, 40);
    }

    [Fact]
    public void TwoUsers_ShortLatency_CostsLessThanThePaperReports()
    {
        // The paper reports 0.369 at 0.2 s and 0.019 at 1.0 s; about 0.307 and 0.0117 are possible (upload times depend on the scene).
        Assert.InRange(Planner.Solve(Scene(2, 0.2, 64).Draw(1), IsccMethods.Refined).EnergyCost!.Value, 0.295, 0.32);
        Assert.InRange(Planner.Solve(Scene(2, 1, 64).Draw(1), IsccMethods.Refined).EnergyCost!.Value, 0.0113, 0.0121);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0)]
    [InlineData(10.0)]
    public void Refined_FastUploads_OffloadsTheClosedFormShare(double ratio)
    {
        IsccScene scene = Scene(2, 1) with { EnergyCostRatio = _ => ratio, UeCyclesPerSecond = _ => 5e9, BandwidthHz = 2e9 };
        IsccPlan plan = Planner.Solve(scene.Draw(2), IsccMethods.Refined).Plan!;
        Assert.All(plan.Offloading, share => Assert.Equal(1 / (1 + Math.Sqrt(ratio)), share, 2e-3));
    }

    [Fact]
    public void FullLocal_ClockAtItsLimit_IsFeasibleWithEquality()
    {
        IsccAnswer answer = Planner.Solve(Scene(2, 1).Draw(1), IsccMethods.FullLocal);
        Assert.Equal(0.2, answer.EnergyCost!.Value, 1e-9);
        Assert.All(answer.Plan!.DataBeams, f => Assert.All(f, x => Assert.Equal(Complex.Zero, x)));
        Assert.False(Planner.Solve(Scene(2, 0.999).Draw(1), IsccMethods.FullLocal).Feasible);
    }

    [Fact]
    public void FullOffload_TooLittleClock_SaysHowMuchIsMissing()
    {
        IsccAnswer answer = Planner.Solve(Scene(2, 0.2).Draw(1), IsccMethods.FullOffload);
        Assert.True(!answer.Feasible && answer.InfeasibilityProven);
        Assert.Contains("(17e)", answer.Reasons[0], StringComparison.Ordinal);
        Assert.Contains("apCyclesPerSecond 1E+10", answer.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Served_TenUsersAtTwentyGigahertz_NineOfThemCanOffloadEverything()
    {
        IsccCase problem = (Scene(10, 0.5) with { ApCyclesPerSecond = 20e9 }).Draw(1);
        Assert.Equal(9, IsccPlanner.Served(problem, IsccMethods.FullOffload).Count(s => s));
        Assert.DoesNotContain(true, IsccPlanner.Served(problem, IsccMethods.FullLocal));
        Assert.DoesNotContain(false, IsccPlanner.Served(problem, IsccMethods.HalfOffload));
    }

    [Theory]
    [InlineData(IsccMethods.Refined)]
    [InlineData(IsccMethods.ScaAdmm)]
    public void SameCase_SolvedTwice_GivesTheSameBits(string method)
    {
        IsccCase problem = Scene(3, 0.3).Draw(9);
        IsccPlan first = Planner.Solve(problem, method).Plan!, second = Planner.Solve(problem, method).Plan!;
        Assert.Equal(first.Offloading, second.Offloading);
        Assert.Equal(first.DataBeams.SelectMany(b => b), second.DataBeams.SelectMany(b => b));
    }

    [Fact]
    public void Refined_ChannelsAndNoiseScaledTogether_CostsTheSame()
    {
        IsccCase problem = Scene(3, 0.3).Draw(4);
        const double Factor = 1e5;
        IsccCase scaled = problem with
        {
            ApNoiseWatts = problem.ApNoiseWatts * Factor * Factor,
            SensingNoiseWatts = problem.SensingNoiseWatts * Factor * Factor,
            Channels = [.. problem.Channels.Select(Scaled)],
            SensingChannels = [.. problem.SensingChannels.Select(Scaled)],
        };
        double expected = Planner.Solve(problem, IsccMethods.Refined).EnergyCost!.Value;
        Assert.Equal(expected, Planner.Solve(scaled, IsccMethods.Refined).EnergyCost!.Value, 1e-5 * expected);

        static ComplexMatrix Scaled(ComplexMatrix h) => ComplexMatrix.Create(h.Rows, h.Columns, (i, j) => Factor * h[i, j]);
    }

    [Fact]
    public void Refined_UsersInAnotherOrder_CostsTheSame()
    {
        IsccCase problem = Scene(4, 0.3).Draw(4);
        IsccCase reversed = problem with
        {
            Users = [.. problem.Users.Reverse()],
            Channels = [.. problem.Channels.Reverse()],
            SensingChannels = [.. problem.SensingChannels.Reverse()],
        };
        double expected = Planner.Solve(problem, IsccMethods.Refined).EnergyCost!.Value;
        Assert.Equal(expected, Planner.Solve(reversed, IsccMethods.Refined).EnergyCost!.Value, 1e-3 * expected);
    }

    [Fact]
    public void Check_SpoiltPlans_NamesWhatIsViolated()
    {
        IsccCase problem = Scene(2, 0.3).Draw(1);
        IsccPlan plan = Planner.Solve(problem, IsccMethods.Refined).Plan!;
        (IsccPlan Plan, string Named)[] spoilt =
        [
            (plan with { SensingBeams = [Times(plan.SensingBeams[0], 0.99), plan.SensingBeams[1]] }, "user 0: (17b)"),
            (plan with { ApCyclesPerSecond = [plan.ApCyclesPerSecond[0], plan.ApCyclesPerSecond[1] * 0.999] }, "user 1: (18c)"),
            (plan with { UeCyclesPerSecond = [plan.UeCyclesPerSecond[0] * 0.999, plan.UeCyclesPerSecond[1]] }, "user 0: (18b)"),
            (plan with { UeCyclesPerSecond = [plan.UeCyclesPerSecond[0], 1.001e9] }, "user 1: (17d)"),
            (plan with { ApCyclesPerSecond = [8e9, 8e9] }, "all users: (17e)"),
            (plan with { Offloading = [1.01, plan.Offloading[1]] }, "user 0: (17f)"),
            (plan with { DataBeams = [Times(plan.DataBeams[0], 3), plan.DataBeams[1]] }, "user 0: (17g)"),
        ];
        Assert.All(spoilt, s => Assert.Contains(PlanCheck.Of(problem, s.Plan).Violations, v => v.StartsWith(s.Named, StringComparison.Ordinal)));

        static Complex[] Times(Complex[] beam, double factor) => [.. beam.Select(x => factor * x)];
    }

    [Fact]
    public void Check_ScalarsByHand_FollowsTheEquations()
    {
        // Two users, one antenna everywhere; every figure below is (7) to (16) with the numbers put in.
        var user = new IsccUser(1e6, 1, 100, 1e9, 1e-27, 2e-27, 0.5);
        var problem = new IsccCase(1e6, 10, 0.5, 0.25, 0.1, 1e10, [user, user], [One(2), One(1)], [One(3), One(1)]);
        var plan = new IsccPlan([0.5, 0.25], [[1], [2]], [[0.5], [1]], [[1], [1]], [[1], [1]], [1e8, 2e8], [3e8, 4e8], [1e6, 1e6], false);
        var check = PlanCheck.Of(problem, plan);
        double communication = 4 / (1.0 + 4 + 1 + 0.5), sensing = 2.25 / (9 + 4 + 1 + 0.25), rate = 1e6 * Math.Log2(1 + communication);
        IsccUserFigures first = check.Users[0];
        Assert.Equal(communication, first.CommunicationSinr, 1e-12);
        Assert.Equal(sensing, first.SensingSinr, 1e-12);
        Assert.Equal(5e5 / rate, first.UploadSeconds, 1e-12);
        Assert.Equal(0.5, first.LocalLatencySeconds, 1e-12);
        Assert.Equal((5e5 / rate) + (5e7 / 3e8), first.OffloadLatencySeconds, 1e-12);
        Assert.Equal((1.25 * 5e5 / rate) + (1e-27 * 1e16 * 5e7), first.UeEnergyJoules, 1e-12);
        Assert.Equal(2e-27 * 9e16 * 5e7, first.ApEnergyJoules, 1e-12);
        Assert.Equal(check.Users.Sum(u => u.UeEnergyJoules + (0.5 * u.ApEnergyJoules)), check.EnergyCost, 1e-12);

        static ComplexMatrix One(double value) => ComplexMatrix.Create(1, 1, (_, _) => value);
    }

    [Fact]
    public void AdverseCsiError_LargerBound_LosesMoreSensing()
    {
        IsccCase problem = Scene(2, 0.3).Draw(1);
        IsccPlan plan = Planner.Solve(problem, IsccMethods.Refined).Plan!;
        double[] sinr = [.. new[] { 0, 0.1, 0.2, 0.4 }.Select(e => PlanCheck.Of(CsiError.Adverse(problem, plan, e), plan).Users[0].SensingSinr)];
        Assert.All(sinr.Zip(sinr.Skip(1)), p => Assert.True(p.Second < p.First));

        // Random errors of the same norm point elsewhere and cost less.
        Assert.True(PlanCheck.Of(CsiError.Random(problem, 0.4, 1), plan).Users[0].SensingSinr > sinr[3]);
    }

    // Sixteen antennas and users near the target solve fast; the paper has 64.
    private static IsccScene Scene(int users, double latency, int antennas = 16) => new()
    {
        Users = users,
        LatencySeconds = latency,
        ApAntennas = antennas,
        TransmitAntennas = antennas,
        ReceiveAntennas = antennas,
        MaxSensingMeters = antennas == 64 ? 50 : 20,
        ApCyclesPerSecond = users <= 2 ? 10e9 : 50e9,
    };
}
