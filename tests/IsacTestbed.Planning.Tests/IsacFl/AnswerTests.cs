using System.Text.Json;
using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Planning.Tests.IsacFl;

public sealed class AnswerTests
{
    private static readonly IsacFlPlanner Planner = new(TimeProvider.System);
    private static readonly IsacFlCase Paper = IsacFlCase.Read(ScenarioFile.Read("isac-fl-paper.yaml"));

    [Theory]
    [InlineData(IsacFlMethods.Exact)]
    [InlineData(IsacFlMethods.GoldenSection)]
    [InlineData(IsacFlMethods.Uniform)]
    public void ToJson_FeasiblePlan_HasEveryKeyOfTheContract(string method)
    {
        IsacFlAnswer answer = Planner.Solve(Paper, method);

        using var document = JsonDocument.Parse(answer.ToJson());
        JsonElement root = document.RootElement;

        Assert.Equal("isac-fl", root.GetProperty("planner").GetString());
        Assert.Equal(method, root.GetProperty("method").GetString());
        Assert.True(root.GetProperty("feasible").GetBoolean());
        Assert.Equal(answer.Objective, root.GetProperty("objective").GetDouble());
        Assert.Equal(answer.MinSensingSnr, root.GetProperty("minSensingSnr").GetDouble());
        Assert.True(root.GetProperty("iterations").GetInt32() > 0);
        Assert.True(root.GetProperty("solveSeconds").GetDouble() > 0);
        Assert.Equal(5 / answer.Objective, root.GetProperty("convergenceBound").GetDouble(), 1e-15);
        Assert.Equal(method == IsacFlMethods.Exact, root.TryGetProperty("upperBound", out _));
        Assert.Equal(method == IsacFlMethods.Exact, root.TryGetProperty("relativeGap", out _));
        DevicePlan[] read =
        [
            .. root.GetProperty("devices").EnumerateArray().Select(
                d => new DevicePlan(
                    d.GetProperty("id").GetString()!,
                    d.GetProperty("snapshots").GetInt32(),
                    d.GetProperty("sensingPowerWatts").GetDouble(),
                    d.GetProperty("uplinkPowerWatts").GetDouble(),
                    d.GetProperty("samples").GetDouble(),
                    d.GetProperty("sensingSnr").GetDouble(),
                    d.GetProperty("uploadSuccess").GetDouble())),
        ];
        Assert.Equal(answer.ToPlan().Devices, read);
    }

    [Fact]
    public void Solve_BudgetBelowTheLeastPossible_NamesDeviceAndConstraintWhateverTheMethod()
    {
        // Sensing at 0.63 W for 20 s takes 12.6 J, the uplink at 0.01 W for 16 s 0.16 J, 400 samples 4 J: together 16.76 J.
        IsacFlCase c = Paper with { Devices = [.. Paper.Devices.Select((d, k) => k == 2 ? d with { EnergyBudgetJoules = 16.75 } : d)] };
        IsacFlCase enough = Paper with { Devices = [.. Paper.Devices.Select((d, k) => k == 2 ? d with { EnergyBudgetJoules = 16.77 } : d)] };

        Assert.True(Planner.Solve(enough, IsacFlMethods.Exact).Feasible);
        Assert.All(
            IsacFlMethods.All,
            method =>
            {
                IsacFlAnswer answer = Planner.Solve(c, method);
                Assert.False(answer.Feasible);
                string reason = Assert.Single(answer.Reasons);
                Assert.Contains("device-3", reason, StringComparison.Ordinal);
                Assert.Contains("energyBudgetJoules", reason, StringComparison.Ordinal);
                using var document = JsonDocument.Parse(answer.ToJson());
                Assert.False(document.RootElement.GetProperty("feasible").GetBoolean());
                Assert.Equal(reason, document.RootElement.GetProperty("reasons")[0].GetString());
                _ = Assert.Throws<InvalidOperationException>(answer.ToPlan);
            });
    }

    [Fact]
    public void Solve_MaxCommWithoutTrainingTime_IsInfeasibleWhileTheCaseIsNot()
    {
        // 100 rounds x 0.3 s x 2 W = 60 J exceed the budget of 50 J.
        IsacFlCase c = Paper with { Devices = [.. Paper.Devices.Select(d => d with { TrainingSeconds = 0 })] };

        IsacFlAnswer maxComm = Planner.Solve(c, IsacFlMethods.MaxComm);

        Assert.True(Planner.Solve(c, IsacFlMethods.Exact).Feasible);
        Assert.Equal(5, maxComm.Reasons.Count);
        Assert.All(maxComm.Reasons, reason => Assert.Contains("sensingPowerWatts", reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Solve_SnapshotLongerThanSensing_IsInfeasibleByEquation3()
    {
        IsacFlCase c = Paper with { Devices = [.. Paper.Devices.Select((d, k) => k == 0 ? d with { SnapshotSeconds = 20.5 } : d)] };

        string reason = Assert.Single(Planner.Solve(c, IsacFlMethods.Exact).Reasons);

        Assert.Contains("device-1", reason, StringComparison.Ordinal);
        Assert.Contains("eq. (3)", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_UploadThatCannotSucceed_IsFeasibleWithObjectiveZeroAndNoNaN()
    {
        IsacFlCase c = Paper with { ModelBits = 1e12 };

        IsacFlAnswer answer = Planner.Solve(c, IsacFlMethods.Exact);

        Assert.True(answer.Feasible);
        Assert.Equal(0, answer.Objective);
        Assert.Equal(0, answer.RelativeGap);
        using var document = JsonDocument.Parse(answer.ToJson());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("convergenceBound").ValueKind);
    }

    [Fact]
    public void Solve_MeasuredGap_RaisesOutageAsAWorseUplinkWould()
    {
        IsacFlCase gap = Paper with { Devices = [.. Paper.Devices.Select(d => d with { OutageGap = 3 })] };
        IsacFlCase noise = Paper with { UplinkNoiseWatts = 3 * Paper.UplinkNoiseWatts };

        IsacFlAnswer a = Planner.Solve(gap, IsacFlMethods.Exact), b = Planner.Solve(noise, IsacFlMethods.Exact);

        // The two cases differ by rounding alone; each optimum is within the certified gap.
        Assert.Equal(1, a.Objective / b.Objective, 1e-6);
        Assert.True(a.Objective < Planner.Solve(Paper, IsacFlMethods.Exact).Objective);
        Assert.Empty(PaperModel.Violations(gap, a));
    }

    [Fact]
    public void Solve_MeasuredSensingGain_ScalesTheObjective()
    {
        IsacFlCase scaled = Paper with { Devices = [.. Paper.Devices.Select(d => d with { SensingGainFactor = 0.5 })] };

        double ratio = Planner.Solve(scaled, IsacFlMethods.Exact).Objective / Planner.Solve(Paper, IsacFlMethods.Exact).Objective;

        // Every A_k halves, so every plan stays feasible at half its gamma.
        Assert.Equal(0.5, ratio, 1e-6);
    }

    [Fact]
    public void Solve_Cancelled_SurfacesTheToken()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        var exception = Assert.Throws<OperationCanceledException>(() => Planner.Solve(Paper, IsacFlMethods.Exact, source.Token));

        Assert.Equal(source.Token, exception.CancellationToken);
    }

    [Fact]
    public void Solve_UnknownMethod_ListsTheMethods()
    {
        var exception = Assert.Throws<ArgumentException>(() => Planner.Solve(Paper, "golden"));

        Assert.Contains("golden-section", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GoldenSection_BoundsThatIgnoreTheBudget_AreRepairedAndSaidSo()
    {
        // Full power and all snapshots put gamma_ub of (29) far above what 20 J can sense, and W is 0 up there: the printed search follows
        // whichever side is larger and must not end without a plan.
        int repaired = 0;
        for (ulong seed = 3000; seed < 3100; seed++)
        {
            IsacFlCase c = RandomCases.Draw(seed, 5, 200);
            IsacFlAnswer golden = Planner.Solve(c, IsacFlMethods.GoldenSection);
            if (golden.BoundsRepaired == true)
            {
                repaired++;
                Assert.Empty(PaperModel.Violations(c, golden));
            }
        }

        Assert.True(repaired > 0, "no case needed the repair: the test says nothing");
    }

    [Fact]
    public void OptimalityGap_ManyIterations_FollowsTheRecursionOfTheProof()
    {
        IsacFlAnswer answer = Planner.Solve(Paper, IsacFlMethods.Exact);
        var bound = new ConvergenceBound(0.1, 2, 0.2, 50, 0.3, 4);

        // (63), applied step by step.
        double arriving = answer.Devices.Sum(d => d.Samples * d.UploadSuccess);
        double weights = answer.Devices.Sum(d => Math.Pow(d.Samples * d.UploadSuccess / arriving, 2));
        double noise = (50 * 5 / (answer.MinSensingSnr * arriving)) + (0.3 * weights);
        double gap = 4;
        for (int t = 0; t < 25; t++)
        {
            gap = ((1 - (2 * 0.1 * 0.2) + (2 * 2 * 0.1 * 0.2 * 0.2)) * gap) + (2 * 2 * 0.2 * 0.2 * noise);
        }

        Assert.Equal(4, bound.OptimalityGap(answer, 0), 1e-12);
        Assert.Equal(gap, bound.OptimalityGap(answer, 25), 1e-9);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => (bound with { LearningRate = 0.26 }).OptimalityGap(answer, 1));
    }
}
